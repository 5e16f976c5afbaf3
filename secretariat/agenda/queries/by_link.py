"""What the page behind a patient's link shows: days, hours, places, and true free times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from secretariat.agenda import loading, telling
from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import Appointment, VisitReason
from secretariat.agenda.proposals import Suits
from secretariat.agenda.queries.documents import behind_link
from secretariat.agenda.queries.find import Found, Search, free_times
from secretariat.agenda.refused_words import day_words
from secretariat.core import clock
from secretariat.notices.models import Notice
from secretariat.patients.reaching import shown_phone
from secretariat.practice.models import Staff

HORIZON = timedelta(days=60)
"""How far patients see, unless the reason says otherwise."""


@dataclass(frozen=True)
class LinkedVisit:
    """A visit as its patient sees it: nothing that says why, with whom, or who."""

    visit: Appointment
    notice: Notice
    day: str
    hour: str
    place: str
    address: str
    phone: str
    may_cancel: bool
    may_take: bool
    limit_hours: int
    documents: list[int]
    """Keys of those that its patient may read here."""

    @property
    def state(self) -> str:
        """« cancelled », « past », « confirmed » or « standing »."""
        if self.visit.cancelled_at is not None:
            return "cancelled"
        return "confirmed" if self.visit.confirmed_at else "standing"


def visits(notices: Sequence[Notice], at: datetime) -> list[LinkedVisit]:
    """The visits that some notices told, as they stand now; past ones are left out, and those
    that were given to the wrong person and are another's now."""
    told = {notice.about_id: notice for notice in notices if notice.about_id}
    found = Appointment.objects.filter(pk__in=told).select_related("agenda__site", "reason")
    standing = [
        visit
        for visit in found.order_by("starts_at", "pk")
        if visit.starts_at > at and visit.patient_id == told[visit.pk].patient_id
    ]
    documents = behind_link([visit.pk for visit in standing])
    return [_shown(one, told[one.pk], at, documents.get(one.pk, [])) for one in standing]


def _shown(visit: Appointment, notice: Notice, at: datetime, documents: list[int]) -> LinkedVisit:
    site, rules = visit.agenda.site, telling.rules_of(visit.practice_id)
    local = clock.local(visit.starts_at, site.time_zone)
    early = visit.starts_at - at >= timedelta(hours=rules.cancel_hours)
    return LinkedVisit(
        visit, notice, day_words(local.date()), f"{local.hour} h {local:%M}", site.name_said,
        ", ".join(part for part in (site.address, f"{site.postcode} {site.town}".strip()) if part),
        shown_phone(site.phone) if site.phone else "",
        may_cancel=early, may_take=early and may_take(visit), limit_hours=rules.cancel_hours,
        documents=documents,
    )  # fmt: skip


def may_take(visit: Appointment) -> bool:
    """Whether its patient may move this visit alone: the practice and the reason allow it.

    A visit of a chain, a household or a series is moved by the desk, with the others.
    """
    reason = visit.reason
    return (
        reason is not None
        and reason.bookable_by_patient
        and visit.group_id is None
        and telling.rules_of(visit.practice_id).patients_move
    )


def other_times(visit: Appointment, *, by: Staff, at: datetime, days_from: int = 0) -> Found:
    """Free times for the same visit, those that the reason lets patients take.

    Args:
        days_from: how many days after today to begin.
    """
    reason, agenda = visit.reason, visit.agenda
    if reason is None:
        return Found()
    first, last = bounds(visit.reason, at)
    minutes = round((visit.ends_at - visit.starts_at).total_seconds() / 60)
    ask = loading.ask(
        reason, minutes, at=at, wheelchair=bool(visit.patient and visit.patient.needs_wheelchair)
    )
    ask = replace(ask, not_before=minute_of(first), not_after=minute_of(last))
    zone = agenda.site.time_zone
    day = clock.local_date(first, zone) + timedelta(days=days_from)
    search = Search([agenda], {agenda.pk: ask}, day, Suits(until=clock.local_date(last, zone)))
    return free_times(search, loading.Whose(at, by.pk, reason.pk))


def can_be_taken(visit: Appointment, starts_at: datetime, *, by: Staff, at: datetime) -> bool:
    """Whether that very time is among those offered for this visit now."""
    zone = visit.agenda.site.time_zone
    first, last = bounds(visit.reason, at)
    if not first <= starts_at <= last or not may_take(visit):
        return False
    ahead = (clock.local_date(starts_at, zone) - clock.local_date(first, zone)).days
    found = other_times(visit, by=by, at=at, days_from=ahead)
    return starts_at in _moments(found)


def _moments(found: Found) -> Iterable[datetime]:
    return {
        datetime.fromisoformat(line.value.partition("@")[2])
        for day in found.days
        for line in day.times
    }


def bounds(reason: VisitReason | None, at: datetime) -> tuple[datetime, datetime]:
    """The first and the last moment at which a patient may take a visit for that reason."""
    notice_hours = reason.patient_notice_hours if reason else 0
    horizon = reason.patient_horizon_days if reason else None
    return at + timedelta(hours=notice_hours), at + (
        timedelta(days=horizon) if horizon else HORIZON
    )
