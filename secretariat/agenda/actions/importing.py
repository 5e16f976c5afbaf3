"""Take another program's calendar into an agenda, many entries at once."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeGuard

from django.db import transaction
from django.db.models import F

from secretariat.agenda.actions import placing
from secretariat.agenda.models import Agenda, Appointment
from secretariat.core.refusal import NotAllowed
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

_LONGEST = timedelta(days=1)
_WHY = "Annulé dans l’agenda importé"


@dataclass(frozen=True, slots=True)
class Entry:
    """A time that another calendar gives, at most a day long.

    `key` is the same at every import; `appointment_id` is what the entry became at an earlier
    one. A patient or a reason found since is added, never taken away.
    """

    key: str
    starts_at: datetime
    ends_at: datetime
    title: str
    note: str = ""
    patient_id: int | None = None
    reason_id: int | None = None
    appointment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an entry stands now. `gone`: the desk cancelled it here since, so it was left alone."""

    appointment_id: int
    squeezed: bool = False
    patient_id: int | None = None
    gone: bool = False


@transaction.atomic
def take_in(
    *,
    agenda: Agenda,
    entries: Sequence[Entry],
    cancelled: Collection[int],
    source: str,
    by: Staff,
    at: datetime,
) -> dict[str, Placed]:
    """Give the times of a calendar as it says, outside the rules if need be.

    What would stand over another visit is squeezed in, under `by`'s name: nothing is lost.

    Args:
        cancelled: visits of an earlier import that the calendar cancels now.
        source: name of the file, for the day book.

    Returns:
        Key of each entry → where it stands.

    Raises:
        NotAllowed.
    """
    if by.practice_id != agenda.practice_id or not by.may("patients.import"):
        raise NotAllowed("Votre rôle ne permet pas d’importer un agenda.")
    placing.lock([agenda.pk])
    off = _cancel(agenda, cancelled, by, at)
    known = _known(agenda, [one.appointment_id for one in entries if one.appointment_id])
    kept = [known.get(one.appointment_id or 0) for one in entries]
    pairs = sorted(zip(entries, kept, strict=True), key=lambda pair: pair[0].starts_at)
    standing = [(one, visit) for one, visit in pairs if visit is None or not _given_up(visit)]
    taken = _Taken(agenda, [one for one, _ in standing], without=known)
    fresh: list[Appointment] = []
    moved: list[Appointment] = []
    for one, visit in standing:
        squeezed = taken.take(one.starts_at, one.ends_at)
        target = visit or _new(agenda, one, by, at)
        _set(target, one, squeezed, by)
        (moved if visit else fresh).append(target)
    _write(agenda, fresh, moved)
    daybook.note(
        practice_id=agenda.practice_id, by=by, at=at, verb="agenda.import", subject=agenda,
        source=source[:120], given=len(fresh), moved=len(moved), cancelled=off,
    )  # fmt: skip
    gone = {one.key: Placed(visit.pk, gone=True) for one, visit in pairs if _given_up(visit)}
    return gone | {
        target.import_key: Placed(target.pk, target.squeezed, target.patient_id)
        for target in [*fresh, *moved]
    }


def _given_up(visit: Appointment | None) -> TypeGuard[Appointment]:
    """The desk cancelled it here: a calendar does not bring it back, unless it took it away."""
    return visit is not None and bool(visit.cancelled_at) and visit.cancelled_why != _WHY


class _Taken:
    """The times of an agenda that no other visit may share, kept sorted."""

    def __init__(self, agenda: Agenda, entries: Sequence[Entry], without: Collection[int]) -> None:
        self._times: list[tuple[datetime, datetime]] = []
        if entries:
            since = entries[0].starts_at - _LONGEST
            until = max(one.ends_at for one in entries)
            self._times = sorted(_times(agenda, since, until, without))

    def take(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Take a time; answers whether another visit had a part of it."""
        at = bisect_left(self._times, (ends_at,))
        if at and self._times[at - 1][1] > starts_at:
            return True
        insort(self._times, (starts_at, ends_at))
        return False


def _times(
    agenda: Agenda, since: datetime, until: datetime, without: Collection[int]
) -> Iterable[tuple[datetime, datetime]]:
    return (
        Appointment.objects.filter(
            practice_id=agenda.practice_id, agenda=agenda, squeezed=False,
            cancelled_at__isnull=True, starts_at__gte=since, starts_at__lt=until,
        )
        .exclude(pk__in=without)
        .values_list("starts_at", "ends_at")
    )  # fmt: skip


def _known(agenda: Agenda, pks: Sequence[int]) -> dict[int, Appointment]:
    """What earlier imports made, held until commit."""
    visits = Appointment.objects.select_for_update().filter(
        practice_id=agenda.practice_id, agenda=agenda, pk__in=pks
    )
    return {visit.pk: visit for visit in visits.order_by("pk")}


def _cancel(agenda: Agenda, pks: Collection[int], by: Staff, at: datetime) -> int:
    standing = Appointment.objects.filter(
        practice_id=agenda.practice_id, agenda=agenda, pk__in=pks, cancelled_at__isnull=True
    )
    placing.give_rooms_back(*standing)
    return standing.update(
        cancelled_at=at, cancelled_by=by, cancelled_for=Appointment.CancelledFor.PRACTICE,
        cancelled_why=_WHY, version=F("version") + 1,
    )  # fmt: skip


def _new(agenda: Agenda, one: Entry, by: Staff, at: datetime) -> Appointment:
    return Appointment(
        practice_id=agenda.practice_id, agenda=agenda, import_key=one.key, created_at=at,
        created_by=by, version=0,
    )  # fmt: skip


def _set(visit: Appointment, one: Entry, squeezed: bool, by: Staff) -> None:
    visit.starts_at, visit.ends_at = one.starts_at, one.ends_at
    visit.title, visit.note = one.title[:200], one.note[:500]
    visit.patient_id = visit.patient_id or one.patient_id
    visit.reason_id = visit.reason_id or one.reason_id
    visit.squeezed, visit.squeezed_by = squeezed, by if squeezed else None
    visit.cancelled_at, visit.cancelled_by = None, None
    visit.cancelled_for = visit.cancelled_why = ""
    visit.import_key = one.key
    visit.version += 1


def _write(agenda: Agenda, fresh: list[Appointment], moved: list[Appointment]) -> None:
    """Aside first, then each to its place: two visits may exchange their times."""
    if moved:
        # A calendar knows no rooms: what one was taken for here is not there any more.
        placing.give_rooms_back(*moved)
        mine = Appointment.objects.filter(
            practice_id=agenda.practice_id, pk__in=[visit.pk for visit in moved]
        )
        mine.update(squeezed=True, squeezed_by=F("created_by"))
        columns = [
            "starts_at", "ends_at", "title", "note", "patient", "reason", "squeezed",
            "squeezed_by", "import_key", "version", "cancelled_at", "cancelled_by",
            "cancelled_for", "cancelled_why",
        ]  # fmt: skip
        Appointment.objects.bulk_update(moved, columns, batch_size=500)
    Appointment.objects.bulk_create(fresh, batch_size=500)
