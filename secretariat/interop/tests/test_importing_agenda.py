"""A calendar comes in: each time in its place, each visit to its patient only when certain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from secretariat.agenda.actions import cancel, move
from secretariat.agenda.models import Absence, Appointment
from secretariat.core.refusal import NotAllowed
from secretariat.interop.models import ImportFile, ImportLine
from secretariat.interop.tests.bringing import at_time, brought, calendar, calendar_in, event
from secretariat.patients.actions import NewContactPoint, register
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

Bring = Callable[..., ImportFile]
Moment = Callable[..., datetime]
TOMORROW = date(2026, 11, 24)


@pytest.fixture
def bring(tilleuls: House, alice: Staff) -> Bring:
    """Alice takes entries into Dr Lefèvre's agenda."""
    return lambda *events, **how: calendar_in(tilleuls, alice, *events, **how)


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    """Jeanne KELLER, 12 March 1985, with a mobile."""
    return register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller",
        given_names="Jeanne", birth_date=date(1985, 3, 12), sex="F",
        contact_points=[NewContactPoint("06 39 98 12 34")],
    )  # fmt: skip


def test_a_name_with_a_birth_date_is_a_certain_patient(bring: Bring, jeanne: Patient) -> None:
    file = bring(at_time("a", "0900", "0915", "KELLER Jeanne né(e) le 12/03/1985"))
    assert Appointment.objects.get().patient == jeanne
    assert (file.created, file.held) == (1, 0)


def test_a_name_with_a_telephone_is_a_certain_patient(bring: Bring, jeanne: Patient) -> None:
    bring(at_time("a", "0900", "0915", "Mme KELLER Jeanne 06 39 98 12 34"))
    assert Appointment.objects.get().patient == jeanne


def test_a_name_alone_is_never_enough(bring: Bring, jeanne: Patient) -> None:
    file = bring(at_time("a", "0900", "0915", "KELLER Jeanne"))
    visit, line = Appointment.objects.get(), file.lines.get()
    assert (visit.patient, visit.title) == (None, "KELLER Jeanne")
    assert (line.kind, line.appointment_id) == (ImportLine.Kind.UNMATCHED, visit.pk)
    assert (file.created, file.held) == (1, 1)


@pytest.mark.parametrize(
    "title",
    [
        "KELLER Jeanne né(e) le 13/03/1985",  # another birth date
        "KELLER Anne né(e) le 12/03/1985",  # another given name
        "Mme KELLER Jeanne 13/03/1985 06 39 98 12 34",  # the telephone agrees, the date does not
        "Mme JEANNE Jeanne 06 39 98 12 34",  # one word cannot be both names
    ],
)
def test_what_disagrees_leaves_the_choice_to_a_person(
    bring: Bring, jeanne: Patient, title: str
) -> None:
    bring(at_time("a", "0900", "0915", title))
    assert Appointment.objects.get().patient is None


def test_two_patients_who_fit_leave_the_choice_to_a_person(
    bring: Bring, jeanne: Patient, tilleuls: House, alice: Staff
) -> None:
    register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F", despite_duplicates=True,
    )  # fmt: skip
    file = bring(at_time("a", "0900", "0915", "KELLER Jeanne né(e) le 12/03/1985"))
    assert file.held == 1


def test_the_same_calendar_twice_doubles_nothing(bring: Bring) -> None:
    events = [at_time("a", "0900", "0915", "KELLER Jeanne"), at_time("b", "1000", "1100", "Staff")]
    bring(*events)
    again = bring(*events)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)
    assert Appointment.objects.count() == 2
    assert ImportLine.objects.filter(kind="unmatched").count() == 1


def test_a_newer_calendar_moves_and_cancels_but_removes_nothing(
    bring: Bring, paris: Moment
) -> None:
    bring(
        at_time("a", "0900", "0915", "KELLER Jeanne"),
        at_time("b", "1000", "1015", "OBERTIN Paul"),
        at_time("c", "1100", "1115", "ZWILLER Ève"),
    )
    newer = bring(
        at_time("a", "1500", "1515", "KELLER Jeanne"),
        at_time("b", "1000", "1015", "OBERTIN Paul", "STATUS:CANCELLED"),
    )
    assert (newer.created, newer.changed) == (0, 2)
    standing = Appointment.objects.filter(cancelled_at__isnull=True).order_by("starts_at")
    assert [visit.title for visit in standing] == ["ZWILLER Ève", "KELLER Jeanne"]
    assert standing[1].starts_at == paris(15, day=TOMORROW)
    assert Appointment.objects.get(title="OBERTIN Paul").cancelled_for == "practice"


def test_two_visits_may_exchange_their_times(bring: Bring) -> None:
    bring(
        at_time("a", "0900", "0915", "KELLER Jeanne"), at_time("b", "1000", "1015", "OBERTIN Paul")
    )
    bring(
        at_time("a", "1000", "1015", "KELLER Jeanne"), at_time("b", "0900", "0915", "OBERTIN Paul")
    )
    titles = Appointment.objects.order_by("starts_at").values_list("title", "squeezed")
    assert list(titles) == [("OBERTIN Paul", False), ("KELLER Jeanne", False)]


def test_a_visit_cancelled_then_confirmed_comes_back(bring: Bring) -> None:
    confirmed = at_time("a", "0900", "0915", "KELLER Jeanne")
    bring(confirmed)
    bring(at_time("a", "0900", "0915", "KELLER Jeanne", "STATUS:CANCELLED"))
    bring(confirmed)
    assert Appointment.objects.get().cancelled_at is None


def test_what_the_desk_changed_stands_as_long_as_the_calendar_says_the_same(
    bring: Bring, alice: Staff, paris: Moment
) -> None:
    events = [
        at_time("a", "0900", "0915", "KELLER Jeanne"),
        at_time("b", "1000", "1015", "Paul O."),
    ]
    bring(*events)
    first, second = Appointment.objects.order_by("starts_at")
    move(appointment=first, version=first.version, by=alice, at=NOW,
         starts_at=paris(16, day=TOMORROW))  # fmt: skip
    cancel(
        appointment=second, version=second.version, wanted_by="patient", why="", by=alice, at=NOW
    )
    bring(*events)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.starts_at == paris(16, day=TOMORROW)
    assert second.cancelled_for == "patient"


def test_a_visit_over_another_is_squeezed_and_listed(bring: Bring) -> None:
    file = bring(
        at_time("a", "0900", "0930", "KELLER Jeanne"), at_time("b", "0915", "0945", "OBERTIN Paul")
    )
    first, second = Appointment.objects.order_by("starts_at")
    assert (first.squeezed, second.squeezed) == (False, True)
    assert second.squeezed_by_id == file.by_id
    assert file.lines.filter(kind="overlap").get().appointment_id == second.pk


def test_taken_time_is_not_a_patient_to_recognise(bring: Bring) -> None:
    file = bring(at_time("a", "0900", "0930", "Réunion d'équipe"))
    assert (file.created, file.held) == (1, 0)
    assert Appointment.objects.get().title == "Réunion d'équipe"


def test_whole_days_away_are_an_absence(bring: Bring, paris: Moment) -> None:
    days = event(
        "a", ";VALUE=DATE:20261224", ";VALUE=DATE:20261227", "Congés", "TRANSP:TRANSPARENT"
    )
    file = bring(days)
    away = Absence.objects.get()
    assert (away.starts_at, away.ends_at) == (
        paris(0, day=date(2026, 12, 24)), paris(0, day=date(2026, 12, 27)),
    )  # fmt: skip
    assert (file.created, bring(days).unchanged, Absence.objects.count()) == (1, 1, 1)
    bring(event("a", ";VALUE=DATE:20261228", ";VALUE=DATE:20261229", "Congés"))
    assert Absence.objects.filter(cancelled_at__isnull=True).get().starts_at == paris(
        0, day=date(2026, 12, 28)
    )


def test_a_birthday_marked_free_closes_nothing(bring: Bring) -> None:
    bring(event("a", ";VALUE=DATE:20261224", ";VALUE=DATE:20261225", "Léa 8 ans",
                "TRANSP:TRANSPARENT"))  # fmt: skip
    assert not Absence.objects.exists()


def test_a_series_keeps_its_hour_through_the_clock_change(bring: Bring, paris: Moment) -> None:
    zone = ";TZID=Europe/Paris:"
    bring(event("a", f"{zone}20261120T090000", f"{zone}20261120T091500", "KELLER Jeanne",
                "RRULE:FREQ=WEEKLY;COUNT=20"))  # fmt: skip
    starts = set(Appointment.objects.values_list("starts_at", flat=True))
    assert paris(9, day=date(2027, 3, 26)) in starts
    assert paris(9, day=date(2027, 4, 2)) in starts
    assert len(starts) == 20


def test_the_night_of_the_clock_change_has_both_its_hours(bring: Bring) -> None:
    bring(event("a", ":20261025T003000Z", ":20261025T004500Z", "Première"),
          event("b", ":20261025T013000Z", ":20261025T014500Z", "Seconde"),
          meant="blocks")  # fmt: skip
    first, second = Appointment.objects.order_by("starts_at")
    assert (second.starts_at - first.starts_at).total_seconds() == 3600
    assert not second.squeezed


def test_a_trial_counts_the_same_and_gives_no_time(bring: Bring) -> None:
    events = [at_time("a", "0900", "0915", "KELLER Jeanne"),
              event("b", ";VALUE=DATE:20261224", ";VALUE=DATE:20261225", "Congés")]  # fmt: skip
    file = bring(*events, trial=True)
    assert (file.created, file.held, file.state) == (2, 1, "ready")
    assert not Appointment.objects.exists()
    assert not Absence.objects.exists()
    assert not Entry.objects.filter(verb__startswith="agenda.").exists()


def test_the_day_book_says_an_import_once(bring: Bring) -> None:
    bring(*(at_time(f"e{n}", f"{8 + n:02}00", f"{8 + n:02}15", "Staff") for n in range(5)))
    assert Entry.objects.filter(verb="agenda.import").count() == 1


def test_someone_registered_since_is_recognised_at_the_next_import(
    bring: Bring, tilleuls: House, alice: Staff
) -> None:
    events = [at_time("a", "0900", "0915", "OBERTIN Paul né le 01/02/1990")]
    bring(*events)
    paul = register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Obertin", given_names="Paul",
        birth_date=date(1990, 2, 1), sex="M",
    )  # fmt: skip
    assert bring(*events).changed == 1
    assert Appointment.objects.get().patient == paul
    assert not ImportLine.objects.filter(kind="unmatched", decided_at__isnull=True).exists()


def test_a_calendar_cut_in_the_middle_is_set_aside(tilleuls: House, alice: Staff) -> None:
    whole = calendar(at_time("a", "0900", "0915", "KELLER Jeanne"))
    file = brought(tilleuls, alice, whole[:-40], kind="agenda", name="a.ics")
    assert (file.state, "coupé" in file.refusal) == (ImportFile.State.REFUSED, True)


def test_a_remote_secretary_brings_no_calendar(tilleuls: House, zoe: Staff) -> None:
    with pytest.raises(NotAllowed):
        brought(tilleuls, zoe, calendar(), kind="agenda")
