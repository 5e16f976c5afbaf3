"""What is asked, or told, of an entry of a calendar: lines for a person to read."""

from __future__ import annotations

from secretariat.agenda.models import Agenda
from secretariat.core import clock
from secretariat.interop.ical.expanding import Occurrence
from secretariat.interop.meaning import Meaning
from secretariat.interop.models import ImportLine

_SQUEEZED = "Chevauche un autre rendez-vous : placé entre deux."
_WHO = "De qui est ce rendez-vous ? Deux traits d’identité sont nécessaires pour en être sûr."


def key(agenda: Agenda, entry: Occurrence) -> str:
    """Under which a question about an entry is known at every import."""
    return f"e:{agenda.pk}:{entry.key}"


def fault(agenda: Agenda, entry: Occurrence, sentence: str) -> ImportLine:
    """An entry that could not be taken."""
    starts = clock.local(entry.starts_at, agenda.site.time_zone)
    return ImportLine(
        number=entry.line, kind=ImportLine.Kind.ERROR, sentence=sentence,
        content={"cells": [entry.summary, f"{starts:%d/%m/%Y %H:%M}"]},
    )  # fmt: skip


def overlap(agenda: Agenda, entry: Occurrence, sort: Meaning, appointment_id: int) -> ImportLine:
    """An entry squeezed over another visit, to be looked at."""
    return ImportLine(
        number=entry.line, kind=ImportLine.Kind.OVERLAP, sentence=_SQUEEZED,
        appointment_id=appointment_id, content=_told(agenda, entry, sort),
    )  # fmt: skip


def who(agenda: Agenda, entry: Occurrence, sort: Meaning, appointment_id: int) -> ImportLine:
    """A visit without a sure patient."""
    guess = sort.guess
    told = {
        "words": list(guess.words),
        "name": guess.name,
        "given_name": guess.given_name,
        "birth_date": guess.birth_date.isoformat() if guess.birth_date else "",
        "phones": list(guess.phones),
        "description": entry.description[:500],
    }
    return ImportLine(
        number=entry.line, kind=ImportLine.Kind.UNMATCHED, sentence=_WHO,
        appointment_id=appointment_id, key=key(agenda, entry),
        content=_told(agenda, entry, sort) | told,
    )  # fmt: skip


def _told(agenda: Agenda, entry: Occurrence, sort: Meaning) -> dict[str, object]:
    return {
        "title": entry.summary,
        "agenda": agenda.name,
        "starts_at": sort.starts_at.isoformat(),
        "ends_at": sort.ends_at.isoformat(),
    }
