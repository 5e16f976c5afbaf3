"""People who wait, for the tests of the waiting list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from secretariat.agenda.actions import book
from secretariat.agenda.actions.waiting import Terms, enter
from secretariat.agenda.models import Appointment, FreedTime, Waiting
from secretariat.patients.actions import NewContactPoint, register
from secretariat.patients.models import Patient
from tests.cast import NOW, House


def person(house: House, name: str, *, mobile: str = "") -> Patient:
    """A patient of the practice; with a mobile, they accept messages."""
    points = [NewContactPoint(mobile, accepts_messages=True)] if mobile else []
    return register(
        practice=house.practice, by=house.staff["Alice"], at=NOW, birth_name=name,
        given_names="Anne", birth_date=date(1980, 5, 4), sex="F", contact_points=points,
    )  # fmt: skip


def waits(
    house: House, patient: Patient, at: datetime = NOW, *, reason: str = "Consultation",
    visit: Appointment | None = None, **terms: Any,
) -> Waiting:  # fmt: skip
    """That patient waits since `at`."""
    return enter(
        patient=patient, reason=house.reasons[reason], visit=visit, by=house.staff["Alice"], at=at,
        terms=Terms(**terms),
    )  # fmt: skip


def given(
    house: House, patient: Patient, starts_at: datetime, *, doctor: str = "Lefèvre",
    reason: str = "Consultation",
) -> Appointment:  # fmt: skip
    """A visit of that patient."""
    return book(
        agenda=house.agenda(doctor), patient=patient, reason=house.reasons[reason],
        starts_at=starts_at, by=house.staff["Alice"], at=NOW,
    )  # fmt: skip


def the_freed_time() -> FreedTime:
    """The only one that is still to give."""
    return FreedTime.objects.select_related("agenda__site").get(closed_at=None)
