"""What the settings of « Envois » say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from secretariat.outbox import opening, queries
from secretariat.outbox.models import MailSender, Message, SendingRules, SmsSender
from secretariat.outbox.quiet_hours import day_of
from secretariat.practice.models import Site
from secretariat.practice.queries import sites

PARIS = "Europe/Paris"
TRIAL = "outbox.trial"
"""The kind of a trial: its text is ready, and it carries nothing for a patient."""
TRIALS = 3
"""How many trials of each channel are shown."""


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


def trials(practice_id: int, channel: str) -> list[Message]:
    """The last trials by a channel, and what became of each."""
    found = Message.objects.filter(practice_id=practice_id, kind=TRIAL, channel=channel)
    return list(found.order_by("-pk")[:TRIALS])


@dataclass(frozen=True, slots=True)
class Spent:
    """Text messages of a local day, trials included."""

    sms: int
    cents: int

    @property
    def euros(self) -> str:
        """« 1,20 »."""
        return f"{self.cents / 100:.2f}".replace(".", ",")


def spent_today(practice_id: int, at: datetime) -> Spent:
    """What the limits of the day are compared with."""
    day = day_of(at, opening.limits_of(practice_id))
    sms = queries.sent_between(practice_id, Message.Channel.SMS, *day)
    return Spent(sms, queries.cents_between(practice_id, *day))


def zone(practice_id: int) -> str:
    """The clock that the practice's hours are told by."""
    known: list[Site] = sites(practice_id)
    return known[0].time_zone if known else PARIS


def with_a_bounce_mailbox() -> list[MailSender]:
    """The mail senders, of the practices in view, whose returned mail is read."""
    return list(
        MailSender.objects.filter(active=True).exclude(bounce_host="").order_by("practice_id")
    )
