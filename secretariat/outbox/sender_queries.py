"""What the settings of « Envois » say."""

from __future__ import annotations

from secretariat.outbox.models import MailSender, SendingRules, SmsSender
from secretariat.practice.models import Site
from secretariat.practice.queries import sites

PARIS = "Europe/Paris"


def mail_sender(practice_id: int) -> MailSender | None:
    """The practice's mail server, if it has told one."""
    return MailSender.objects.filter(practice_id=practice_id).first()


def sms_sender(practice_id: int) -> SmsSender | None:
    """The practice's gateway, if it has told one."""
    return SmsSender.objects.filter(practice_id=practice_id).first()


def sending_rules(practice_id: int) -> SendingRules:
    """The practice's rules, those of a new practice when none was kept."""
    kept = SendingRules.objects.filter(practice_id=practice_id).first()
    return kept or SendingRules(practice_id=practice_id)


def zone(practice_id: int) -> str:
    """The clock that the practice's hours are told by."""
    known: list[Site] = sites(practice_id)
    return known[0].time_zone if known else PARIS


def with_a_bounce_mailbox() -> list[MailSender]:
    """The mail senders, of the practices in view, whose returned mail is read."""
    return list(
        MailSender.objects.filter(active=True).exclude(bounce_host="").order_by("practice_id")
    )
