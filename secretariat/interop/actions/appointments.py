"""Appointments given, moved and cancelled by other programs: the agenda's own actions do it.

What this room adds: what the other program calls the appointment, claimed so that the same
request sent twice, even at once, gives one appointment; and a line that names the program.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from secretariat.agenda.actions.noting import write_note
from secretariat.agenda.models import Agenda, Appointment, VisitReason
from secretariat.core.refusal import Refusal
from secretariat.interop.fhir import engine
from secretariat.interop.models import ApiToken, ForeignIdentifier
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

Name = tuple[str, str]
"""System and value of an identifier."""
_CLAIM = (
    "INSERT INTO interop_foreignidentifier (practice_id, system, value) VALUES (%s, %s, %s) "
    "ON CONFLICT (practice_id, system, value) DO NOTHING RETURNING id"
)


class KnownAlready(Refusal):
    """Another appointment bears this identifier. Facts: appointment_id."""


@dataclass(frozen=True)
class Booking:
    """An appointment to give."""

    agenda: Agenda
    patient: Patient
    reason: VisitReason | None
    starts_at: datetime
    minutes: int | None = None
    note: str = ""
    names: tuple[Name, ...] = ()


@dataclass(frozen=True)
class Change:
    """What becomes of an appointment; None: stays as it was."""

    to: Agenda
    starts_at: datetime
    minutes: int
    note: str | None = None
    names: tuple[Name, ...] = field(default=())


@transaction.atomic
def book(
    *, booking: Booking, unless: Name | None, token: ApiToken, by: Staff, at: datetime
) -> Appointment | int:
    """Give a time for another program.

    Args:
        unless: an identifier under which the appointment may exist already (If-None-Exist): its
            key is then the answer and nothing is written. Sent twice at once, the second
            request waits for the first.

    Raises:
        KnownAlready: another appointment bears one of the names.
        What `agenda.actions.book` raises.
    """
    wanted = dict.fromkeys([*([unless] if unless else []), *booking.names])
    claimed: list[int] = []
    for name in sorted(wanted):  # sorted: two programs never wait for each other in a ring
        key = _claim(by.practice_id, name)
        if key is None:
            there = _bearer_of(by.practice_id, name)
            if name == unless and there is not None:
                _unclaim(claimed)
                return there
            raise _known(name, there)
        claimed.append(key)
    appointment = engine.give(
        agenda=booking.agenda, patient=booking.patient, reason=booking.reason,
        starts_at=booking.starts_at, minutes=booking.minutes, note=booking.note, by=by, at=at,
    )  # fmt: skip
    if claimed:
        ForeignIdentifier.objects.filter(pk__in=claimed).update(appointment=appointment)
    _note("interop.book", appointment, token, by, at)
    return appointment


@transaction.atomic
def change(
    *,
    appointment: Appointment,
    version: int,
    change: Change,
    token: ApiToken,
    by: Staff,
    at: datetime,
) -> Appointment:
    """Move a visit, change what is noted on it, add names; one change of version each.

    Raises:
        KnownAlready; what `agenda.actions.move` raises.
    """
    current = appointment
    before = (current.agenda_id, current.starts_at, current.ends_at - current.starts_at)
    lasting = round(before[2].total_seconds() / 60)
    if (change.to.pk, change.starts_at, change.minutes) != (before[0], before[1], lasting):
        current = engine.move(
            appointment=current, version=version, to=change.to, starts_at=change.starts_at,
            minutes=change.minutes if change.minutes != lasting else None, by=by, at=at,
        )  # fmt: skip
    if change.note is not None and change.note != appointment.note:
        since = version if current is appointment else current.version
        current = write_note(appointment=current, version=since, note=change.note, by=by, at=at)
    _add_names(current, change.names)
    _note("interop.change", current, token, by, at)
    return current


@transaction.atomic
def cancel(
    *,
    appointment: Appointment,
    version: int,
    wanted_by: str,
    why: str,
    token: ApiToken,
    by: Staff,
    at: datetime,
) -> Appointment:
    """Cancel a visit for another program. Raises what `agenda.actions.cancel` raises."""
    current = engine.cancel(
        appointment=appointment, version=version, wanted_by=wanted_by, why=why, by=by, at=at
    )
    _note("interop.cancel", current, token, by, at)
    return current


def _claim(practice_id: int, name: Name) -> int | None:
    """Take a name for an appointment to come; None when it is taken. Waits for who is at it."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [practice_id, *name])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _unclaim(keys: Iterable[int]) -> None:
    ForeignIdentifier.objects.filter(pk__in=list(keys)).delete()


def _bearer_of(practice_id: int, name: Name) -> int | None:
    found = ForeignIdentifier.objects.filter(practice_id=practice_id, system=name[0], value=name[1])
    return found.values_list("appointment_id", flat=True).first()


def _add_names(appointment: Appointment, names: Iterable[Name]) -> None:
    for name in sorted(set(names)):
        key = _claim(appointment.practice_id, name)
        if key is not None:
            ForeignIdentifier.objects.filter(pk=key).update(appointment=appointment)
        elif (there := _bearer_of(appointment.practice_id, name)) != appointment.pk:
            raise _known(name, there)


def _known(name: Name, appointment_id: int | None) -> KnownAlready:
    return KnownAlready(
        f"L’identifiant « {name[1]} » désigne déjà un autre rendez-vous : rien n’a été écrit.",
        appointment_id=appointment_id,
        issue="duplicate",
    )


def _note(verb: str, appointment: Appointment, token: ApiToken, by: Staff, at: datetime) -> None:
    detail: dict[str, Any] = {"token": token.pk, "program": token.name}
    daybook.note(
        practice_id=appointment.practice_id, by=by, at=at, verb=verb, subject=appointment,
        patient_id=appointment.patient_id, **detail,
    )  # fmt: skip
