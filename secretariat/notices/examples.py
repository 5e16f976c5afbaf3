"""What a text would say: to whom it would leave next, else of an invented visit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from secretariat.core import panels
from secretariat.notices import links
from secretariat.notices.actions.texts import NEUTRAL
from secretariat.notices.kinds import Facts, Kind, Wording
from secretariat.notices.queries import texts
from secretariat.notices.wording import filled
from secretariat.outbox import sender_queries
from secretariat.outbox.channels import segments
from secretariat.outbox.models import Message
from secretariat.patients.reaching import shown_phone
from secretariat.practice.queries import sites

EXAMPLE = "notices.example"
"""Place where rooms hang the facts of a patient's next visit, or of the practice's next one:
called with practice_id, patient_id (or None) and at; `Facts`, or nothing."""
FORBIDDEN = "notices.forbidden_words"
"""Place where rooms hang the words that no message may say: called with practice_id."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as it would leave.

    Args:
        subject, body: filled.
        invented: no visit was found to speak of.
        letters, messages: of a text message, as the operator counts; 0 for other channels.
    """

    subject: str
    body: str
    invented: bool
    letters: int = 0
    messages: int = 0


def forbidden_words(practice_id: int) -> list[str]:
    """The practice's reasons and specialities, as they read on screen."""
    hung = [word for words in panels.collect(FORBIDDEN, practice_id=practice_id) for word in words]
    known = {*hung, *texts.specialities(practice_id)}
    return sorted(word for word in known if word.casefold() not in NEUTRAL)


def preview(
    practice_id: int, kind: Kind, channel: str, language: str, said: Wording, *,
    patient_id: int | None, at: datetime,
) -> Preview:  # fmt: skip
    """What `said` becomes for that patient's next visit, or for the practice's."""
    hung = panels.collect(EXAMPLE, practice_id=practice_id, patient_id=patient_id, at=at)
    facts = hung[0] if hung else _invented(practice_id, at)
    # Message 0 does not exist: the link has its length and opens nothing.
    link = links.address(practice_id, 0, kind.purpose) if kind.purpose else ""
    text = filled(said, [facts], link, language)
    if channel != Message.Channel.SMS:
        return Preview(text.subject, text.body, not hung)
    sender = sender_queries.sms_sender(practice_id)
    light = sender is None or sender.light
    body = segments.lightened(text.body) if light else text.body
    return Preview("", body, not hung, len(body), segments.count(body))


def _invented(practice_id: int, at: datetime) -> Facts:
    site = next(iter(sites(practice_id)), None)
    zone = ZoneInfo(site.time_zone if site else "Europe/Paris")
    day = at.astimezone(zone).date() + timedelta(days=2)
    when = datetime.combine(day, time(9), zone)
    facts = Facts(
        when=when, before=when - timedelta(hours=2), minutes=30, until=when - timedelta(days=1)
    )
    if site is None:
        return facts
    address = " ".join(part for part in (site.address, site.postcode, site.town) if part)
    phone = shown_phone(site.phone) if site.phone else ""
    return replace(facts, place=site.name_said, address=address, phone=phone)
