"""Keep how a practice's messages leave. Secrets are sealed, and stay when nothing is typed."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, TypedDict, Unpack

from django.db import transaction

from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.outbox.channels import hosts, web
from secretariat.outbox.channels.mail import is_address
from secretariat.outbox.models import MailSender, SendingRules, SmsSender
from secretariat.outbox.sealing import seal
from secretariat.outbox.signals import acted
from secretariat.practice.models import Staff

EVERY_DAY = 127
MOST_SMS, MOST_CENTS = 100_000, 1_000_000


class HostRefused(BadInput):
    """The server may not be talked to; the words tell nothing of the network."""


class MailDetails(TypedDict, total=False):
    """What is told of a mail server; see `MailSender`. A secret left out stays as it was."""

    active: bool
    host: str
    port: int
    security: str
    login: str
    password: str
    name: str
    address: str
    reply_to: str
    bounce_host: str
    bounce_port: int
    bounce_login: str
    bounce_password: str
    bounce_folder: str


class SmsDetails(TypedDict, total=False):
    """What is told of a gateway; see `SmsSender`. A secret left out stays as it was."""

    active: bool
    provider: str
    sender: str
    account: str
    application: str
    key: str
    second_key: str
    url: str
    options: dict[str, Any]
    cents_each: int
    confirms: bool
    light: bool


@transaction.atomic
def keep_mail_sender(
    *, practice_id: int, by: Staff | None, at: datetime, **told: Unpack[MailDetails]
) -> MailSender:
    """Keep the practice's mail server.

    A password typed for one server is not sent to another: a new host, port or login without a
    password forgets the old one.

    Raises:
        NotAllowed, HostRefused, BadInput.
    """
    _must_manage(by, practice_id)
    sender = MailSender.objects.select_for_update().filter(practice_id=practice_id).first()
    sender = sender or MailSender(practice_id=practice_id)
    password, bounce = told.pop("password", ""), told.pop("bounce_password", "")
    before = _places(sender)
    _fill(sender, told)
    after = _places(sender)
    if password or before[0] != after[0]:
        sender.password_sealed = seal(password)
    if bounce or before[1] != after[1]:
        sender.bounce_password_sealed = seal(bounce)
    _refuse_odd_mail(sender)
    _keep(sender, by, at, host=sender.host, port=sender.port, address=sender.address)
    return sender


@transaction.atomic
def keep_sms_sender(
    *, practice_id: int, by: Staff | None, at: datetime, **told: Unpack[SmsDetails]
) -> SmsSender:
    """Keep the practice's gateway. Another provider, account or address forgets the old secrets.

    Raises:
        NotAllowed, HostRefused, BadInput.
    """
    _must_manage(by, practice_id)
    sender = SmsSender.objects.select_for_update().filter(practice_id=practice_id).first()
    sender = sender or SmsSender(practice_id=practice_id)
    key, second = told.pop("key", ""), told.pop("second_key", "")
    before = (sender.provider, sender.account, sender.url)
    _fill(sender, told)
    moved = before != (sender.provider, sender.account, sender.url)
    if key or moved:
        sender.key_sealed = seal(key)
    if second or moved:
        sender.second_key_sealed = seal(second)
    _refuse_odd_sms(sender)
    _keep(sender, by, at, provider=sender.provider, url=sender.url, cents_each=sender.cents_each)
    return sender


@transaction.atomic
def keep_sending_rules(
    *,
    practice_id: int,
    from_hour: time,
    until_hour: time,
    days_off: int,
    sms_a_day: int,
    cents_a_day: int,
    delay_minutes: int,
    by: Staff | None,
    at: datetime,
) -> SendingRules:
    """Keep when messages may arrive and what a day of SMS may cost.

    Args:
        days_off: a bit a weekday, Monday first.

    Raises:
        NotAllowed, BadInput.
    """
    _must_manage(by, practice_id)
    if from_hour >= until_hour:
        raise BadInput("Les envois se font d’une heure à une heure plus tardive du même jour.")
    if not 0 <= days_off < EVERY_DAY:
        raise BadInput("Laissez au moins un jour de la semaine où les messages peuvent partir.")
    if not (0 <= sms_a_day <= MOST_SMS and 0 <= cents_a_day <= MOST_CENTS):
        raise BadInput("Vérifiez les limites du jour : elles sont trop grandes.")
    if not 0 <= delay_minutes <= 60:
        raise BadInput("Le délai avant l’envoi va de 0 à 60 minutes.")
    rules = SendingRules.objects.select_for_update().filter(practice_id=practice_id).first()
    rules = rules or SendingRules(practice_id=practice_id)
    told = {
        "from_hour": from_hour, "until_hour": until_hour, "days_off": days_off,
        "sms_a_day": sms_a_day, "cents_a_day": cents_a_day, "delay_minutes": delay_minutes,
    }  # fmt: skip
    _fill(rules, told)
    _keep(rules, by, at, **told)
    return rules


def _places(sender: MailSender) -> tuple[tuple[str, int, str], tuple[str, int, str]]:
    """Where each password is used."""
    out = (sender.host, sender.port, sender.login)
    return out, (sender.bounce_host, sender.bounce_port, sender.bounce_login)


def _must_manage(by: Staff | None, practice_id: int) -> None:
    if by is not None and not (by.practice_id == practice_id and by.may("practice.manage")):
        raise NotAllowed("Seul le responsable du cabinet règle les envois.")


def _fill(row: MailSender | SmsSender | SendingRules, told: Any) -> None:
    for name, value in told.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def _keep(
    row: MailSender | SmsSender | SendingRules, by: Staff | None, at: datetime, **detail: Any
) -> None:
    row.changed_by, row.changed_at = by, at
    row.save()
    verb = f"outbox.keep_{row._meta.model_name}"
    acted.send(type(row), verb=verb, row=row, by=by, at=at, detail=detail)


def _refuse_odd_mail(sender: MailSender) -> None:
    addresses = [sender.address, *filter(None, [sender.reply_to])]
    if not all(is_address(said) for said in addresses):
        raise BadInput("L’adresse du cabinet n’est pas une adresse de courriel : corrigez-la.")
    if sender.security not in MailSender.Security.values:
        raise BadInput("Choisissez comment la liaison est protégée.")
    let_through = hosts.is_let_through(sender.host, sender.port)
    if sender.security == MailSender.Security.NONE and not let_through:
        raise BadInput("Une liaison sans protection n’est possible que sur la machine elle-même.")
    _refuse_host(sender.host, sender.port)
    if sender.bounce_host:
        _refuse_host(sender.bounce_host, sender.bounce_port)


def _refuse_odd_sms(sender: SmsSender) -> None:
    if sender.provider not in SmsSender.Provider.values:
        raise BadInput("Choisissez la passerelle SMS.")
    if sender.provider != SmsSender.Provider.GENERIC:
        if not sender.account:
            raise BadInput("Indiquez le compte ou le service ouvert chez ce fournisseur.")
        return
    try:
        web.check(sender.url)
    except OSError as error:
        raise HostRefused(hosts.GENERIC) from error


def _refuse_host(host: str, port: int) -> None:
    try:
        hosts.check(host, port)
    except OSError as error:
        raise HostRefused(hosts.GENERIC) from error
