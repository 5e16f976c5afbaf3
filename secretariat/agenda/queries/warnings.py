"""What is known of a patient, a reason and a place, to warn before a time is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from secretariat.agenda.local_time import day_bounds, minute_of, moment_of
from secretariat.agenda.models import Agenda, Appointment, OfferedReason, ReasonNeed, VisitReason
from secretariat.agenda.queries.times import MARKS
from secretariat.agenda.warnings import Motive, Other, Person, Place, Warned, warnings
from secretariat.core import clock, panels
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff

PANEL = "agenda.patient.warnings"
"""Place where higher rooms hang what they know of a patient who asks for a time: lines
{icon, words} or nothing."""
SHORTEST = 5
"""Minutes of a visit whose length is not known yet."""


@dataclass(frozen=True)
class Choice:
    """What is chosen so far in a sheet; anything may be missing."""

    patient: Patient | None = None
    reason: VisitReason | None = None
    agenda: Agenda | None = None
    day: date | None = None
    starts_at: datetime | None = None
    minutes: int | None = None
    days: Sequence[date] = ()
    """Those of the times proposed, while none is chosen."""
    moving: int | None = None
    """The visit being moved, which is no other visit."""
    zone: str = field(default="Europe/Paris")

    @property
    def length(self) -> int:
        """Minutes typed, else the reason's in that agenda."""
        own = getattr(self.reason, "own_minutes", None)
        return self.minutes or own or (self.reason.minutes if self.reason else SHORTEST)


def patient(practice_id: int, pk: int | None) -> Patient | None:
    """A patient of the practice with the usual practitioner."""
    if pk is None:
        return None
    found = Patient.objects.filter(practice_id=practice_id, pk=pk)
    return found.select_related("usual_practitioner").first()


def reason(practice_id: int, pk: int | None, agenda: Agenda | None) -> VisitReason | None:
    """A reason of the practice, with `own_minutes`: its length in that agenda where it differs."""
    if pk is None:
        return None
    offers = OfferedReason.objects.filter(agenda=agenda, reason=OuterRef("pk"))
    found = VisitReason.objects.filter(practice_id=practice_id, pk=pk)
    return found.annotate(own_minutes=Subquery(offers.values("minutes")[:1])).first()


def known_warnings(choice: Choice, staff: Staff, at: datetime) -> list[Warned]:
    """The lines to show, the most serious first: at most four statements."""
    today = clock.local_date(at, choice.zone)
    known = warnings(
        _person(choice.patient), _motive(choice.reason), _place(choice),
        _others(choice, today, at), today, days=choice.days,
    )  # fmt: skip
    if choice.patient is None:
        return known
    hung = panels.collect(PANEL, patient=choice.patient, staff=staff, at=at)
    return known + [Warned(one["icon"], one["words"]) for lines in hung for one in lines]


def _person(who: Patient | None) -> Person | None:
    if who is None:
        return None
    usual = who.usual_practitioner
    return Person(
        birth_date=who.birth_date,
        usual=usual.pk if usual else None,
        usual_name=str(usual or ""),
        usual_speciality=usual.speciality if usual else "",
        wheelchair=who.needs_wheelchair,
        deceased_on=who.deceased_on,
    )


def _motive(why: VisitReason | None) -> Motive | None:
    if why is None:
        return None
    return Motive(
        why.pk, why.name, why.age_from, why.age_to, why.referral_only,
        why.again_after_days, why.within_days,
    )  # fmt: skip


def _place(choice: Choice) -> Place | None:
    if choice.agenda is None:
        return None
    start = minute_of(choice.starts_at) if choice.starts_at else None
    return Place(
        practitioner=choice.agenda.practitioner_id,
        practitioner_name=str(choice.agenda.practitioner),
        speciality=choice.agenda.practitioner.speciality,
        accessible=choice.agenda.site.accessible,
        rooms=_rooms(choice),
        day=choice.day,
        start=start,
        end=None if start is None else start + choice.length,
    )


def _rooms(choice: Choice) -> list[list[bool]]:
    """Who cannot walk wants to know, before the search says that nothing is free."""
    wheelchair = choice.patient and choice.patient.needs_wheelchair
    if not (wheelchair and choice.reason and choice.agenda):
        return []
    needs: dict[int, list[bool]] = {}
    would_do = ReasonNeed.objects.filter(
        reason=choice.reason, resource__site_id=choice.agenda.site_id, resource__active=True
    )
    for need, accessible in would_do.values_list("need", "resource__accessible"):
        needs.setdefault(need, []).append(accessible)
    return list(needs.values())


def _others(choice: Choice, today: date, at: datetime) -> list[Other]:
    """The patient's visits of that day, and those of that reason not far from it."""
    wanted = _near(choice, today)
    if choice.patient is None or not wanted:
        return []
    visits = (
        Appointment.objects.filter(
            wanted, practice_id=choice.patient.practice_id, patient=choice.patient,
            cancelled_at__isnull=True,
        )
        .exclude(pk=choice.moving or 0)
        .values_list(
            "pk", "starts_at", "ends_at", "reason_id", "agenda__name", "agenda__site__time_zone",
            "agenda__site_id", "agenda__site__name",
        )
    )  # fmt: skip
    rows = list(visits)
    seen = panels.marks(
        MARKS, practice_id=choice.patient.practice_id, appointment_ids=[row[0] for row in rows],
        at=at,
    )  # fmt: skip
    # A visit to which the patient did not come was no visit.
    return [_other(row, choice) for row in rows if seen.get(row[0], {}).get("state") != "missed"]


def _near(choice: Choice, today: date) -> Q:
    near = Q()
    if choice.day:
        near |= _between(choice.day, choice.day, choice.zone)
    elif choice.days:
        near |= _between(min(choice.days), max(choice.days), choice.zone)
    if choice.reason and (days := choice.reason.again_after_days):
        on, apart = choice.day or today, timedelta(days=days)
        near |= Q(reason=choice.reason) & _between(on - apart, on + apart, choice.zone)
    return near


def _between(first: date, last: date, zone: str) -> Q:
    since, until = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    return Q(starts_at__gte=moment_of(since), starts_at__lt=moment_of(until))


def _other(row: tuple[Any, ...], choice: Choice) -> Other:
    _pk, starts_at, ends_at, reason_id, name, zone, site_id, site = row
    local = clock.local(starts_at, zone)
    elsewhere = choice.agenda is not None and choice.agenda.site_id != site_id
    where = f"{name} ({site})" if elsewhere else name
    start, end = minute_of(starts_at), minute_of(ends_at, up=True)
    return Other(start, end, local.date(), f"{local:%H:%M}", where, reason_id)
