"""What another program reads: people, places, times; all of it valid FHIR R4."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from secretariat.agenda import actions as agenda
from secretariat.agenda.models import ReasonNeed, Resource
from secretariat.interop.tests.programs import Program, sentence, valid
from secretariat.patients.actions import NewContactPoint, register
from secretariat.patients.models import Patient
from secretariat.practice.models import Practitioner, Staff
from secretariat.privacy.models import Access
from tests.cast import NOW, House

pytestmark = pytest.mark.django_db
Make = Callable[..., Program]


@pytest.fixture(autouse=True)
def this_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    return person(tilleuls, alice, "Keller", "Jeanne", date(1985, 3, 12), phone="06 39 98 01 02")


def person(
    house: House, by: Staff, name: str, given: str, born: date, *, phone: str = ""
) -> Patient:
    points = [NewContactPoint(system="phone", value=phone)] if phone else []
    return register(
        practice=house.practice, by=by, at=NOW, birth_name=name, given_names=given,
        birth_date=born, sex="F", contact_points=points,
    )  # fmt: skip


def test_the_statement_is_open_and_says_what_is_done(client: object, tilleuls: House) -> None:
    told = Program("").get("metadata")
    kinds = {one["type"] for one in told["rest"][0]["resource"]}
    assert kinds == {
        "Patient", "Practitioner", "PractitionerRole", "HealthcareService", "Location",
        "Schedule", "Slot", "Appointment",
    }  # fmt: skip
    assert told["fhirVersion"] == "4.0.1"


def test_a_file_that_is_opened_leaves_a_line(alice: Staff, jeanne: Patient, program: Make) -> None:
    found = program(alice).get(f"Patient/{jeanne.pk}")
    assert found["name"][0]["family"] == "KELLER"
    assert found["telecom"][0]["value"] == "+33639980102"
    line = Access.objects.get(patient_id=jeanne.pk)
    assert (line.staff_id, line.screen) == (alice.pk, "Autre logiciel : Agenda en ligne")


@pytest.mark.parametrize(
    "criteria",
    [
        "name=keller", "name=Kel%20jea", "family=KELLER&given=Jeanne", "birthdate=1985-03-12",
        "birthdate=1985-03", "birthdate=eq1985", "phone=0639980102", "phone=%2B33639980102",
        "phone=+33639980102", "name=keller&birthdate=1985-03-12", "identifier=1", "",
    ],
)  # fmt: skip
def test_a_patient_is_found(
    *, alice: Staff, tilleuls: House, jeanne: Patient, program: Make, criteria: str
) -> None:
    found = program(alice).entries(f"Patient?{criteria}")
    assert [one["id"] for one in found] == [str(jeanne.pk)]
    assert Access.objects.filter(patient_id=jeanne.pk, denied=False).count() == 1


@pytest.mark.parametrize(
    "criteria",
    ["name=durand", "birthdate=1985-03-13", "phone=0639980103", "identifier=2",
     "name=keller&birthdate=1986", "identifier=http://ailleurs|1"],
)  # fmt: skip
def test_nobody_else_is(alice: Staff, jeanne: Patient, program: Make, criteria: str) -> None:
    assert program(alice).entries(f"Patient?{criteria}") == []
    assert not Access.objects.filter(patient_id=jeanne.pk).exists()


@pytest.mark.parametrize(
    "path",
    ["Patient?nom=keller", "Patient?birthdate=hier", "Patient?birthdate=ge1985",
     "Patient?phone=12", "Patient?_cursor=xx", "Patient?_count=many", "Appointment?date=2026-02-30",
     "Slot?start=ge2026-11-23&start=le2029-01-01", "Appointment?actor=Patient/1,Location/2",
     "Patient?name__regex=x", "Slot?schedule.actor:Device=1", "Patient?name=%00",
     "Patient?name=12"],
)  # fmt: skip
def test_what_cannot_be_understood_is_said(alice: Staff, program: Make, path: str) -> None:
    answer = program(alice)("GET", path)
    assert answer.status_code == 400
    assert len(sentence(answer)) > 15


def test_pages_follow_each_other_without_a_hole(
    alice: Staff, tilleuls: House, program: Make
) -> None:
    for n in range(5):
        person(tilleuls, alice, f"Durand{'abcde'[n]}", "Luc", date(1980, 1, n + 1))
    asks = program(alice)
    for start in ("Patient?_count=2", "Patient?_count=2&name=durand"):
        seen, path = [], start
        while path:
            bundle = asks.get(path.removeprefix("http://testserver"))
            seen += [one["resource"]["id"] for one in bundle["entry"]]
            path = next((li["url"] for li in bundle["link"] if li["relation"] == "next"), "")
        assert len(seen) == len(set(seen)) == 5


def test_the_practice_is_described(alice: Staff, tilleuls: House, program: Make) -> None:
    doctor = tilleuls.practitioners["Lefèvre"]
    Practitioner.objects.filter(pk=doctor.pk).update(rpps="99700218896")
    asks = program(alice)
    [found] = asks.entries("Practitioner?identifier=urn:oid:1.2.250.1.71.4.2.1|899700218896")
    assert found["id"] == str(doctor.pk)
    [role] = asks.entries(f"PractitionerRole?practitioner=Practitioner/{doctor.pk}")
    assert len(role["healthcareService"]) == 3
    [site] = asks.entries("Location")
    assert site["name"] == "Cabinet des Tilleuls"
    assert {one["name"] for one in asks.entries("HealthcareService")} == set(tilleuls.reasons)
    [book] = asks.entries(f"Schedule?actor=Practitioner/{doctor.pk}")
    for kind, one in (("PractitionerRole", role), ("Location", site), ("Schedule", book)):
        assert asks.get(f"{kind}/{one['id']}") == one


def test_what_stands_next_door_does_not_exist(
    alice: Staff, charlie: Staff, port: House, program: Make
) -> None:
    asks = program(alice)
    there = port.agendas["Le Goff"]
    for path in (
        f"Schedule/{there.pk}", f"PractitionerRole/{there.pk}", f"Location/{there.site_id}",
        f"Practitioner/{there.practitioner_id}", f"Slot/{there.pk}-1-29943900",
        f"HealthcareService/{port.reasons['Urgence'].pk}", "Patient/999999", "Patient/x",
    ):  # fmt: skip
        answer = asks("GET", path)
        assert answer.status_code == 404, path
        assert "Goff" not in answer.content.decode()
    assert asks.entries(f"Slot?schedule=Schedule/{there.pk}") == []


def test_free_times_are_those_of_the_desk(alice: Staff, tilleuls: House, program: Make) -> None:
    doctor, reason = tilleuls.agenda("Lefèvre"), tilleuls.reasons["Consultation"]
    asks = program(alice)
    path = (
        f"Slot?status=free&start=ge2026-11-23&start=lt2026-11-24"
        f"&schedule.actor:Practitioner={doctor.practitioner_id}&service-type={reason.pk}"
    )
    free = asks.entries(path)
    assert free[0]["start"] == "2026-11-23T09:00:00+01:00"
    assert free[-1]["start"] == "2026-11-23T17:45:00+01:00"
    assert len(free) == 28
    patient = person(tilleuls, alice, "Martin", "Ève", date(1990, 1, 1))
    agenda.book(
        agenda=doctor, patient=patient, reason=reason, starts_at=NOW + timedelta(minutes=30),
        by=alice, at=NOW,
    )  # fmt: skip
    assert "2026-11-23T09:30:00+01:00" not in [one["start"] for one in asks.entries(path)]
    assert asks("GET", f"Slot/{free[0]['id']}").status_code == 200
    assert asks("GET", f"Slot/{free[2]['id']}").status_code == 404
    assert asks.entries(f"Slot?_id={free[0]['id']}")[0] == free[0]
    assert asks.entries("Slot?status=busy") == []


def test_what_results_point_to_comes_with_them(
    alice: Staff, tilleuls: House, jeanne: Patient, program: Make
) -> None:
    doctor = tilleuls.agenda("Lefèvre")
    for minutes in (30, 60):
        agenda.book(
            agenda=doctor, patient=jeanne, reason=tilleuls.reasons["Consultation"],
            starts_at=NOW + timedelta(minutes=minutes), by=alice, at=NOW,
        )  # fmt: skip
    asks = program(alice)

    def besides(path: str) -> list[str]:
        entries = asks.get(path)["entry"]
        return [
            f"{one['resource']['resourceType']}/{one['resource']['id']}"
            for one in entries
            if one["search"]["mode"] == "include"
        ]

    opened = Access.objects.count()
    assert besides("Appointment?_include=Appointment:patient") == [f"Patient/{jeanne.pk}"]
    assert Access.objects.count() == opened + 1
    assert besides("Appointment?_include=Appointment:actor") == [
        f"Location/{tilleuls.site.pk}", f"Patient/{jeanne.pk}",
        f"Practitioner/{doctor.practitioner_id}", f"PractitionerRole/{doctor.pk}",
    ]  # fmt: skip
    free = f"Slot?schedule={doctor.pk}&_count=2"
    assert besides(f"{free}&_include=Slot:schedule") == [f"Schedule/{doctor.pk}"]
    assert besides(free) == []
    refused = asks("GET", "Slot?_include=Slot:patient")
    assert refused.status_code == 400
    assert "Possibles : Slot:schedule" in sentence(refused)


def test_pages_of_free_times_cross_the_autumn_clock_change(
    alice: Staff, tilleuls: House, program: Make
) -> None:
    asks = program(alice)
    with time_machine.travel("2027-10-29 06:00Z", tick=False):
        whole = asks.entries("Slot?start=ge2027-10-29&start=lt2027-11-02&_count=200")
        seen, path = [], "Slot?start=ge2027-10-29&start=lt2027-11-02&_count=7"
        while path:
            bundle = asks.get(path.removeprefix("http://testserver"))
            seen += [one["resource"] for one in bundle["entry"]]
            path = next((li["url"] for li in bundle["link"] if li["relation"] == "next"), "")
    assert seen == whole
    starts = {one["start"] for one in whole}
    assert {"2027-10-29T09:00:00+02:00", "2027-11-01T09:00:00+01:00"} & starts
    assert "2027-10-29T09:00:00+02:00" in starts


@pytest.mark.parametrize(
    "path",
    ["Patient?name=durand", "Patient", "Appointment", "Slot", "Schedule", "PractitionerRole",
     "HealthcareService", "Practitioner", "Location"],
)  # fmt: skip
def test_a_search_costs_the_same_with_one_row_and_with_many(
    alice: Staff, tilleuls: House, program: Make, path: str
) -> None:
    asks = program(alice)
    doctor, reason = tilleuls.agenda("Lefèvre"), tilleuls.reasons["Consultation"]

    def one_more(n: int) -> None:
        who = person(tilleuls, alice, "Durand" + "abcdef"[n], "Luc", date(1980, 1, n + 1))
        start = NOW + timedelta(minutes=15 * n)
        agenda.book(agenda=doctor, patient=who, reason=reason, starts_at=start, by=alice, at=NOW)

    one_more(0)
    asks.get(path)
    with CaptureQueriesContext(connection) as alone:
        asks.get(path)
    for n in range(1, 6):
        one_more(n)
    with CaptureQueriesContext(connection) as crowd:
        asks.get(path)
    assert len(crowd) == len(alone) <= 20


def test_other_formats_and_verbs_are_refused(alice: Staff, program: Make) -> None:
    asks = program(alice)
    assert asks("GET", "Patient", Accept="application/fhir+xml").status_code == 406
    assert asks("GET", "Patient?_format=xml").status_code == 406
    assert asks("DELETE", "Appointment/1").status_code == 405
    assert asks("POST", "Appointment", {}, kind="text/plain").status_code == 415
    assert asks("GET", "Observation").status_code == 404
    valid(asks("PUT", "Patient/1", {}).json())


def test_a_reason_that_takes_a_room_is_free_when_its_room_is(
    alice: Staff, tilleuls: House, program: Make
) -> None:
    reason, practice = tilleuls.reasons["Consultation"], tilleuls.practice
    room = Resource.objects.create(practice=practice, site=tilleuls.site, name="Salle de chirurgie")
    ReasonNeed.objects.create(practice=practice, reason=reason, resource=room)
    who = person(tilleuls, alice, "Martin", "Ève", date(1990, 1, 1))
    agenda.book(
        agenda=tilleuls.agenda("Moreau"), patient=who, reason=reason,
        starts_at=NOW + timedelta(minutes=30), by=alice, at=NOW,
    )  # fmt: skip
    asks = program(alice)
    book = tilleuls.agendas["Lefèvre"].pk
    path = f"Slot?schedule={book}&start=lt2026-11-24"
    named = asks.entries(f"{path}&service-type={reason.pk}")
    assert "2026-11-23T09:30:00+01:00" not in {one["start"] for one in named}
    unnamed = asks.entries(path)
    assert {one["serviceType"][0]["text"] for one in unnamed}.isdisjoint({"Consultation"})
    assert "2026-11-23T09:30:00+01:00" in {one["start"] for one in unnamed}
