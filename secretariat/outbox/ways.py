"""From settings to a way out: what `opening` asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

from django.conf import settings
from django.urls import reverse

from secretariat.outbox import sealing, sender_queries
from secretariat.outbox.channels import Channel
from secretariat.outbox.channels.generic import USUAL_FIELDS, GenericGateway
from secretariat.outbox.channels.mail import MailChannel, MailSettings, Security
from secretariat.outbox.channels.ovh import OvhGateway
from secretariat.outbox.channels.sms import Gateway, SmsChannel
from secretariat.outbox.channels.twilio import TwilioGateway
from secretariat.outbox.channels.web import Line
from secretariat.outbox.gateway_options import read
from secretariat.outbox.models import MailSender, SmsSender
from secretariat.outbox.quiet_hours import Limits

SECURITY: dict[str, Security] = {one: one for one in get_args(Security)}
TRIAL_SECONDS = 5.0
"""Someone is waiting before the screen."""


def mail(practice_id: int) -> Channel | None:
    """The practice's way out for mail; None when it has none, or its password is unreadable."""
    sender = sender_queries.mail_sender(practice_id)
    try:
        return mail_of(sender) if sender and sender.active else None
    except sealing.Unreadable:
        return None


def sms(practice_id: int) -> Channel | None:
    """The practice's way out for text messages; None as for mail."""
    sender = sender_queries.sms_sender(practice_id)
    try:
        return sms_of(sender) if sender and sender.active else None
    except sealing.Unreadable:
        return None


def limits(practice_id: int) -> Limits:
    """What the practice allows to leave, and when."""
    rules = sender_queries.sending_rules(practice_id)
    return Limits(
        zone=sender_queries.zone(practice_id),
        from_hour=rules.from_hour,
        until_hour=rules.until_hour,
        days_off=frozenset(day for day in range(7) if rules.days_off >> day & 1),
        sms_a_day=rules.sms_a_day,
        cents_a_day=rules.cents_a_day,
        delay=timedelta(minutes=rules.delay_minutes),
    )


def mail_of(sender: MailSender, *, seconds: float | None = None) -> MailChannel:
    """The channel that a mail sender describes.

    Raises:
        Unreadable: its password was sealed with another key.
    """
    told = MailSettings(
        host=sender.host,
        port=sender.port,
        security=SECURITY.get(sender.security, "tls"),
        login=sender.login,
        password=sealing.unseal(sender.password_sealed),
        name=sender.name,
        address=sender.address,
        reply_to=sender.reply_to,
    )
    return MailChannel(told, seconds=seconds) if seconds else MailChannel(told)


def sms_of(sender: SmsSender, *, seconds: float | None = None) -> SmsChannel:
    """The channel that an SMS sender describes.

    Raises:
        Unreadable: its secrets were sealed with another key.
    """
    line = Line(seconds) if seconds else Line()
    return SmsChannel(
        gateway_of(sender),
        cents_each=sender.cents_each,
        light=sender.light,
        confirms=sender.confirms,
        line=line,
    )


def gateway_of(sender: SmsSender) -> Gateway:
    """How the practice's provider is spoken to.

    Raises:
        Unreadable: its secrets were sealed with another key.
    """
    key = sealing.unseal(sender.key_sealed)
    second = sealing.unseal(sender.second_key_sealed)
    match sender.provider:
        case SmsSender.Provider.TWILIO:
            return TwilioGateway(
                sender.account, key, sender.sender, callback_url(sender.practice_id)
            )
        case SmsSender.Provider.OVH:
            return OvhGateway(sender.account, sender.application, key, second, sender.sender)
    options = read(sender.options)
    return GenericGateway(
        url=sender.url,
        key=key,
        sender=sender.sender,
        secret=second,
        callback=callback_url(sender.practice_id),
        fields=options.pop("fields", None) or dict(USUAL_FIELDS),
        **options,
    )


def is_readable(sender: MailSender | SmsSender | None) -> bool:
    """Whether the secrets of a sender can still be read with the site's key."""
    if sender is None:
        return True
    if isinstance(sender, MailSender):
        kept = (sender.password_sealed, sender.bounce_password_sealed)
    else:
        kept = (sender.key_sealed, sender.second_key_sealed)
    try:
        for secret in kept:
            sealing.unseal(secret)
    except sealing.Unreadable:
        return False
    return True


def callback_url(practice_id: int) -> str:
    """Where the practice's gateway tells what became of its messages: our public address."""
    path = reverse("outbox:sms_callback", args=[practice_id, callback_key(practice_id)])
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def callback_key(practice_id: int) -> str:
    """The secret part of that address; it changes with the site's secret key."""
    return sealing.mark("callback", str(practice_id))
