"""Warnings, not walls: each said in one line, none said without its cause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from secretariat.agenda import actions
from secretariat.agenda.models import Appointment, ReasonNeed, Resource, VisitReason
from secretariat.agenda.tests.desk_forms import book
from secretariat.agenda.warnings import Motive, Person, Place, warnings
from secretariat.patients import actions as patients
from secretariat.patients.models import Patient
from secretariat.practice.models import Site, Staff
from secretariat.reception import actions as reception
from tests.cast import NOW, TODAY, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    """A patient of the Tilleuls, 41 years old, used to Dr Lefèvre."""
    return patients.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F",
        usual_practitioner=tilleuls.practitioners["Lefèvre"],
    )  # fmt: skip


def told(client: Client, house: House, **query: Any) -> str:
    asked: dict[str, Any] = {
        "agenda": house.agendas["Lefèvre"].pk, "reason": house.reasons["Consultation"].pk,
        "day": "2026-11-23", "clock": "15:00", "minutes": "",
    } | query  # fmt: skip
    answer = client.get("/agenda/warnings/", asked)
    assert answer.status_code == 200
    return unescape(answer.content.decode()).replace("\xa0", " ")


def rule(house: House, name: str = "Consultation", **changes: Any) -> None:
    VisitReason.objects.filter(pk=house.reasons[name].pk).update(**changes)


def test_a_day_gone_by_is_said(tilleuls: House, at_desk: Desk, alice: Staff) -> None:
    assert "Jour passé : vendredi 20 novembre." in told(at_desk(alice), tilleuls, day="2026-11-20")
    assert "Jour passé" not in told(at_desk(alice), tilleuls, clock="08:00")


def test_nothing_to_know_is_nothing_said(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: Desk
) -> None:
    said = told(at_desk(alice), tilleuls, patient=jeanne.pk)
    assert "<li" not in said
    assert "info-box" not in said


def test_a_patient_seen_already_that_day_is_told_with_the_hour_and_the_doctor(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(10), patient=jeanne, title="", agenda=tilleuls.agenda("Moreau"))
    said = told(at_desk(alice), tilleuls, patient=jeanne.pk)
    assert "Déjà un rendez-vous ce jour-là : 10:00, Dr Moreau." in said
    assert "Déjà un" not in told(at_desk(alice), tilleuls, patient=jeanne.pk, day="2026-11-24")


def test_a_patient_expected_elsewhere_at_that_very_time_is_told(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(15, 10), patient=jeanne, title="", agenda=tilleuls.agenda("Moreau"))
    client = at_desk(alice)
    at_once = "Déjà attendu à cette heure-là : 15:10, Dr Moreau."
    assert at_once in told(client, tilleuls, patient=jeanne.pk)  # 15:00, a quarter of an hour
    said = told(client, tilleuls, patient=jeanne.pk, minutes="10")
    assert at_once not in said
    assert "ce jour-là" in said


def test_a_search_tells_the_days_proposed_on_which_the_patient_comes_already(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(10), patient=jeanne, title="", agenda=tilleuls.agenda("Moreau"))
    client, where = at_desk(alice), {"patient": jeanne.pk, "day": "", "clock": "", "agenda": ""}
    days = ["2026-11-23", "2026-11-25", "2026-02-30", "x"]
    said = told(client, tilleuls, **where, shown=days)
    assert "Déjà un rendez-vous le lundi 23 novembre : 10:00, Dr Moreau." in said
    assert "Déjà un" not in told(client, tilleuls, **where, shown=days[1:])
    reason = tilleuls.reasons["Consultation"].pk
    page = client.get(f"/agenda/find/?reason={reason}&patient={jeanne.pk}").content.decode()
    assert "&amp;shown=2026-11-23&amp;shown=2026-11-24" in page


def test_what_to_know_of_visits_given_together_is_told_once_and_of_whom(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    zoe = patients.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Zoé",
        birth_date=date(2020, 3, 12), sex="F",
    )  # fmt: skip
    book(tilleuls, alice, paris(10), patient=jeanne, title="")
    known = "Déjà un rendez-vous le lundi 23 novembre : 10:00, Dr Lefèvre."
    one, other = (tilleuls.reasons[name].pk for name in ("Consultation", "Urgence"))
    client, day = at_desk(alice), "2026-11-23"
    alone = told(client, tilleuls, of=[f"{jeanne.pk}.{one}", f"{jeanne.pk}.{other}"], shown=day)
    assert alone.count(known) == 1
    family = [f"{jeanne.pk}.{one}", f"{zoe.pk}.{other}", "x", "9.9"]
    assert f"JEANNE : {known}" in told(client, tilleuls, of=family, shown=day)
    chain = f"tab=chain&patient={jeanne.pk}&reason_1={one}&reason_2={other}"
    page = client.get(f"/agenda/together/?{chain}").content.decode()
    assert f"of={jeanne.pk}.{one}&amp;of={jeanne.pk}.{other}&amp;shown=2026-11-23" in page
    series = f"tab=series&patient={jeanne.pk}&reason_1={one}"
    page = client.get(f"/agenda/together/?{series}").content.decode()
    assert f"of={jeanne.pk}.{one}&amp;shown=2026-11-24" in page


def test_a_visit_that_was_cancelled_missed_or_is_being_moved_is_no_other_visit(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    gone, missed, moving = (
        book(tilleuls, alice, paris(9, 15 * n), patient=jeanne, title="") for n in range(3)
    )
    actions.cancel(appointment=gone, version=1, wanted_by="patient", why="", by=alice, at=NOW)
    reception.step(appointment=missed, key="miss", by=alice, at=NOW)
    assert "<li" not in told(at_desk(alice), tilleuls, visit=moving.pk)


def test_another_doctor_of_the_same_speciality_is_told(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: Desk
) -> None:
    moreau, client = tilleuls.agendas["Moreau"], at_desk(alice)
    ask = {"patient": jeanne.pk, "agenda": moreau.pk}
    assert "Médecin habituel" not in told(client, tilleuls, **ask)  # a dermatologist is no rival
    doctor = tilleuls.practitioners["Moreau"]
    doctor.speciality = "Médecine générale"
    doctor.save()
    assert "Médecin habituel : Dr Lefèvre. Ce temps est avec Dr Moreau." in told(
        client, tilleuls, **ask
    )


def test_repeated_absences_are_told_over_a_year(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: Desk
) -> None:
    client = at_desk(alice)
    for number, days in enumerate((400, 200, 100, 50)):
        past = _past(tilleuls, alice, jeanne, days)
        reception.step(appointment=past, key="miss", by=alice, at=NOW)
        said = told(client, tilleuls, patient=jeanne.pk)
        assert ("N’est pas venue" in said) == (number > 1)
    assert "N’est pas venue 3 fois en 12 mois." in said


def _past(house: House, by: Staff, patient: Patient, days: int) -> Appointment:
    """A visit given long ago."""
    starts_at = NOW - timedelta(days=days)
    return Appointment.objects.create(
        practice=house.practice, agenda=house.agendas["Lefèvre"], patient=patient,
        reason=house.reasons["Consultation"], starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=15), created_at=starts_at, created_by=by,
    )  # fmt: skip


def test_too_early_after_the_last_visit_of_that_reason(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: Desk
) -> None:
    client = at_desk(alice)
    rule(tilleuls, again_after_days=30)
    _past(tilleuls, alice, jeanne, 14)
    said = told(client, tilleuls, patient=jeanne.pk)
    last = "Dernier « Consultation » le lundi 9 novembre : pas avant le mercredi 9 décembre."
    assert last in said
    assert "Dernier" not in told(client, tilleuls, patient=jeanne.pk, day="2026-12-09")
    urgent = tilleuls.reasons["Urgence"].pk
    assert "Dernier" not in told(client, tilleuls, patient=jeanne.pk, reason=urgent)


def test_too_near_before_a_visit_of_that_reason_given_already(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    rule(tilleuls, again_after_days=30)
    later = paris(10, day=date(2026, 12, 7))
    book(tilleuls, alice, later, patient=jeanne, title="")
    said = told(at_desk(alice), tilleuls, patient=jeanne.pk)
    assert "« Consultation » déjà donné le lundi 7 décembre, à moins de 30 jours." in said


def test_ages_letters_and_delays_are_told_and_close_nothing(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: Desk
) -> None:
    client = at_desk(alice)
    rule(tilleuls, age_to=15, referral_only=True, within_days=14)
    said = told(client, tilleuls, patient=jeanne.pk, day="2026-12-08")
    assert "« Consultation » est prévu jusqu’à 15 ans : ce patient a 41 ans." in said
    assert "Sur courrier : demander la lettre" in said
    assert "se donne dans les 14 jours : le lundi 7 décembre au plus tard." in said
    assert "au plus tard" not in told(client, tilleuls, patient=jeanne.pk, day="2026-12-07")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [(42, None, "à partir de 42 ans"), (1, 2, "de 1 à 2 ans"), (None, 1, "jusqu’à 1 an"),
     (41, 41, "")],
)  # fmt: skip
def test_ages_are_bounds_both_included(first: int | None, last: int | None, said: str) -> None:
    motive = Motive(1, "Vaccin", age_from=first, age_to=last)
    found = warnings(Person(date(1985, 3, 12)), motive, None, [], TODAY)
    assert [said in one.words for one in found] == ([True] if said else [])


def test_the_age_is_that_of_the_day_of_the_visit() -> None:
    child, motive = Person(date(2010, 12, 1)), Motive(1, "Adulte", age_from=16)
    place = Place(1, "Dr A", "MG", day=date(2026, 12, 1))
    assert warnings(child, motive, place, [], TODAY) == []
    assert warnings(child, motive, None, [], TODAY) != []


def test_a_wheelchair_is_told_of_a_site_or_a_room_it_cannot_enter(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: Desk
) -> None:
    client = at_desk(alice)
    Patient.objects.filter(pk=jeanne.pk).update(needs_wheelchair=True)
    assert "fauteuil" not in told(client, tilleuls, patient=jeanne.pk)
    room = Resource.objects.create(
        practice=tilleuls.practice, site=tilleuls.site, name="Laser", accessible=False
    )
    reason = tilleuls.reasons["Consultation"]
    ReasonNeed.objects.create(practice=tilleuls.practice, reason=reason, resource=room)
    said = told(client, tilleuls, patient=jeanne.pk)
    assert "En fauteuil roulant : la salle de ce motif n’est pas accessible." in said
    Site.objects.update(accessible=False)
    said = told(client, tilleuls, patient=jeanne.pk)
    assert "En fauteuil roulant : ce site n’est pas accessible." in said


def test_what_to_tell_the_caller_comes_with_the_reason(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    rule(tilleuls, instructions="À jeun", papers="Carte Vitale", afterwards="Ne pas conduire")
    said = told(at_desk(alice), tilleuls, agenda="", day="", clock="")
    for words in ("À jeun", "À apporter", "Carte Vitale", "Après la visite", "Ne pas conduire"):
        assert words in said
    assert "À jeun" not in told(at_desk(alice), tilleuls, bare=1)


def test_nonsense_is_simply_not_chosen(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: Desk
) -> None:
    client = at_desk(alice)
    rule(tilleuls, again_after_days=30, within_days=3)
    for odd in (
        {"patient": "x"}, {"patient": "9" * 30}, {"agenda": "-1"}, {"reason": "é"},
        {"day": "9999-12-31"}, {"day": "hier"}, {"clock": "25:99"}, {"minutes": "-5"},
        {"day": "2027-03-28", "clock": "02:30"},
    ):  # fmt: skip
        told(client, tilleuls, **{"patient": jeanne.pk} | odd)


def test_it_costs_the_same_with_ten_visits(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    rule(tilleuls, again_after_days=30)
    client = at_desk(alice)
    book(tilleuls, alice, paris(9), patient=jeanne, title="")
    told(client, tilleuls, patient=jeanne.pk)
    with CaptureQueriesContext(connection) as one:
        told(client, tilleuls, patient=jeanne.pk)
    for n in range(1, 10):
        book(tilleuls, alice, paris(9, 15 * n % 60, day=date(2026, 11, 24 + n // 4)),
             patient=jeanne, title="")  # fmt: skip
    with CaptureQueriesContext(connection) as ten:
        told(client, tilleuls, patient=jeanne.pk)
    assert len(ten) == len(one)


def test_the_booking_sheet_and_the_move_load_it(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    visit = book(tilleuls, alice, paris(9), patient=jeanne, title="")
    reason = tilleuls.reasons["Consultation"].pk
    for page in (
        "/agenda/book/", f"/agenda/appointments/{visit.pk}/move/",
        f"/agenda/find/?reason={reason}&patient={jeanne.pk}",
    ):  # fmt: skip
        assert 'hx-get="/agenda/warnings/' in client.get(page).content.decode(), page
