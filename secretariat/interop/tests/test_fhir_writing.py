"""Appointments that another program gives, moves and cancels: by the desk's own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from secretariat.agenda.models import Appointment, VisitReason
from secretariat.interop.fhir import terms
from secretariat.interop.models import ForeignIdentifier
from secretariat.interop.tests.programs import Program, sentence
from secretariat.patients.actions import register
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

pytestmark = pytest.mark.django_db
Make = Callable[..., Program]
ELSEWHERE = "https://agenda.example/rdv"
NAMED = f"identifier={ELSEWHERE}|A1"


@pytest.fixture(autouse=True)
def this_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    return register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F",
    )  # fmt: skip


@pytest.fixture
def order(tilleuls: House, jeanne: Patient) -> Callable[..., dict[str, Any]]:
    """An appointment as another program writes it: Dr Lefèvre, today 10:00, consultation."""

    def make(**other: Any) -> dict[str, Any]:
        reason = tilleuls.reasons["Consultation"]
        return {
            "resourceType": "Appointment",
            "status": "booked",
            "start": "2026-11-23T10:00:00+01:00",
            "serviceType": [
                {"coding": [{"system": terms.system("motif"), "code": str(reason.pk)}]}
            ],
            "participant": [
                who(f"Patient/{jeanne.pk}"),
                who(f"PractitionerRole/{tilleuls.agendas['Lefèvre'].pk}"),
            ],
            **other,
        }

    return make


def who(reference: str) -> dict[str, Any]:
    return {"actor": {"reference": reference}, "status": "accepted"}


Order = Callable[..., dict[str, Any]]


def test_a_time_is_given_and_the_program_is_named(
    alice: Staff, jeanne: Patient, program: Make, order: Order
) -> None:
    made = program(alice)("POST", "Appointment", order(comment="Vient avec sa fille"))
    assert made.status_code == 201
    visit = Appointment.objects.get()
    assert made.headers["Location"].endswith(f"/fhir/Appointment/{visit.pk}")
    assert made.headers["ETag"] == 'W/"1"'
    assert (visit.patient_id, visit.created_by_id, visit.note) == (
        jeanne.pk, alice.pk, "Vient avec sa fille",
    )  # fmt: skip
    assert visit.ends_at - visit.starts_at == timedelta(minutes=15)
    entries = Entry.objects.filter(subject_kind=Appointment._meta.label_lower, subject_id=visit.pk)
    verbs = entries.order_by("number")
    assert [entry.verb for entry in verbs] == ["agenda.book", "interop.book"]
    assert "Agenda en ligne" in verbs[1].detail
    assert program(alice).get(f"Appointment/{visit.pk}") == made.json()


def test_a_free_time_found_can_be_taken_as_it_is(
    alice: Staff, jeanne: Patient, program: Make
) -> None:
    asks = program(alice)
    slot = asks.entries("Slot?_count=1")[0]
    body = {
        "resourceType": "Appointment", "status": "booked", "start": slot["start"],
        "end": slot["end"], "slot": [{"reference": f"Slot/{slot['id']}"}],
        "participant": [who(f"Patient/{jeanne.pk}")],
    }  # fmt: skip
    assert asks("POST", "Appointment", body).status_code == 201
    again = asks("POST", "Appointment", body)
    assert again.status_code == 409


def test_a_taken_time_is_refused_with_its_neighbours(
    alice: Staff, program: Make, order: Order
) -> None:
    asks = program(alice)
    asks("POST", "Appointment", order())
    refused = asks("POST", "Appointment", order())
    [issue] = refused.json()["issue"]
    assert (refused.status_code, issue["code"]) == (409, "conflict")
    assert issue["details"]["coding"][0]["code"] == "TimeTaken"
    assert "10:00" in sentence(refused)
    assert "2026-11-23T10:15:00+01:00" in issue["diagnostics"]
    assert Appointment.objects.count() == 1


def test_a_closed_time_says_which_rule_refuses(alice: Staff, program: Make, order: Order) -> None:
    refused = program(alice)("POST", "Appointment", order(start="2026-11-23T12:30:00+01:00"))
    [issue] = refused.json()["issue"]
    assert (refused.status_code, issue["code"]) == (409, "business-rule")
    assert issue["details"]["coding"][0]["code"] == "OutsideHours"
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"resourceType": "Patient"}, 400),
        ({"status": "proposed"}, 422),
        ({"status": "cancelled"}, 422),
        ({"start": "demain"}, 422),
        ({"start": ""}, 422),
        ({"end": "2026-11-23T09:00:00+01:00"}, 422),
        ({"minutesDuration": "x"}, 422),
        ({"participant": []}, 422),
        ({"participant": [{"actor": {"reference": "Patient/1"}}]}, 422),
        ({"participant": "x"}, 422),
        ({"slot": [{"reference": "Slot/x"}]}, 422),
        ({"serviceType": [{"coding": [{"system": terms.system("motif"), "code": "999"}]}]}, 422),
        ({"comment": "x" * 501}, 422),
        ({"comment": "\x00"}, 400),
        ({"identifier": [{"value": "A1"}]}, 422),
    ],
)
def test_what_cannot_be_given_is_said(
    *, alice: Staff, program: Make, order: Order, other: dict[str, Any], status: int
) -> None:
    refused = program(alice)("POST", "Appointment", order(**other))
    assert refused.status_code == status, refused.content.decode()
    assert len(sentence(refused)) > 15
    assert not Appointment.objects.exists()


def test_the_patient_next_door_is_nobody(
    *, alice: Staff, charlie: Staff, port: House, program: Make, order: Order, tilleuls: House
) -> None:
    from secretariat.core.scope import scope

    with scope([port.practice.pk]):
        theirs = register(
            practice=port.practice, by=charlie, at=NOW, birth_name="Secret", given_names="Paul",
            birth_date=date(1970, 1, 1), sex="M",
        )  # fmt: skip
    role = f"PractitionerRole/{tilleuls.agendas['Lefèvre'].pk}"
    there = f"PractitionerRole/{port.agendas['Le Goff'].pk}"
    asks = program(alice)
    for participants in ([f"Patient/{theirs.pk}", role], [order()["participant"], there]):
        body = order(
            participant=[who(one) if isinstance(one, str) else one for one in participants]
        )
        refused = asks("POST", "Appointment", body)
        assert refused.status_code == 422
        assert "SECRET" not in refused.content.decode()
    assert not Appointment.objects.exists()


def test_sent_twice_it_is_given_once(alice: Staff, program: Make, order: Order) -> None:
    asks = program(alice)
    first = asks("POST", "Appointment", order(), If_None_Exist=NAMED)
    second = asks("POST", "Appointment", order(), If_None_Exist=NAMED)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()
    assert second.headers["Location"] == first.headers["Location"]
    assert Appointment.objects.count() == ForeignIdentifier.objects.count() == 1
    assert [one["id"] for one in asks.entries(f"Appointment?{NAMED}")] == [first.json()["id"]]


def test_a_refused_time_leaves_its_name_free(alice: Staff, program: Make, order: Order) -> None:
    asks = program(alice)
    asks("POST", "Appointment", order())
    assert asks("POST", "Appointment", order(), If_None_Exist=NAMED).status_code == 409
    later = order(start="2026-11-23T11:00:00+01:00")
    assert asks("POST", "Appointment", later, If_None_Exist=NAMED).status_code == 201


def test_one_name_is_one_appointment(alice: Staff, program: Make, order: Order) -> None:
    asks, name = program(alice), [{"system": ELSEWHERE, "value": "A1"}]
    asks("POST", "Appointment", order(identifier=name))
    body = order(identifier=name, start="2026-11-23T11:00:00+01:00")
    refused = asks("POST", "Appointment", body)
    assert (refused.status_code, refused.json()["issue"][0]["code"]) == (409, "duplicate")
    assert Appointment.objects.count() == 1


def test_flow_6b_moves_by_the_other_program_s_name(
    alice: Staff, program: Make, order: Order
) -> None:
    asks = program(alice)
    made = asks("PUT", f"Appointment?{NAMED}", order())
    assert made.status_code == 201
    moved = asks("PUT", f"Appointment?{NAMED}", order(start="2026-11-24T14:00:00+01:00"))
    assert (moved.status_code, moved.json()["start"]) == (200, "2026-11-24T14:00:00+01:00")
    assert moved.headers["ETag"] == 'W/"2"'
    gone = asks("PUT", f"Appointment?{NAMED}", order(status="cancelled"))
    assert (gone.status_code, gone.json()["status"]) == (200, "cancelled")
    assert Appointment.objects.get().cancelled_for == "patient"


def test_what_was_read_can_be_put_back_unchanged(alice: Staff, program: Make, order: Order) -> None:
    asks = program(alice)
    made = asks("POST", "Appointment", order(), If_None_Exist=NAMED).json()
    lines = Entry.objects.count()
    same = asks("PUT", f"Appointment/{made['id']}", made, If_Match='W/"1"')
    assert same.json() == made
    assert Entry.objects.count() == lines


def test_a_visit_goes_to_another_practitioner(
    alice: Staff, tilleuls: House, program: Make, order: Order
) -> None:
    asks, moreau = program(alice), tilleuls.agendas["Moreau"]
    made = asks("POST", "Appointment", order()).json()
    for participant in made["participant"]:
        if participant["actor"]["reference"].startswith("PractitionerRole"):
            participant["actor"] = {"reference": f"PractitionerRole/{moreau.pk}"}
    assert asks("PUT", f"Appointment/{made['id']}", made).status_code == 200
    assert Appointment.objects.get().agenda_id == moreau.pk


def test_who_read_an_older_version_is_told_to_read_again(
    alice: Staff, program: Make, order: Order
) -> None:
    asks = program(alice)
    pk = asks("POST", "Appointment", order()).json()["id"]
    later = order(start="2026-11-23T11:00:00+01:00")
    assert asks("PUT", f"Appointment/{pk}", later, If_Match='W/"1"').status_code == 200
    again = order(start="2026-11-23T11:30:00+01:00")
    assert asks("PUT", f"Appointment/{pk}", again, If_Match='W/"1"').status_code == 412
    patch = [{"op": "replace", "path": "/status", "value": "cancelled"}]
    kind = "application/json-patch+json"
    stale = asks("PATCH", f"Appointment/{pk}", patch, kind, If_Match='W/"1"')
    assert stale.status_code == 412
    assert Appointment.objects.get().version == 2


def test_patches_move_and_cancel(alice: Staff, program: Make, order: Order) -> None:
    asks = program(alice)
    pk = asks("POST", "Appointment", order()).json()["id"]
    patch = [
        {"op": "test", "path": "/status", "value": "booked"},
        {"op": "replace", "path": "/start", "value": "2026-11-23T11:00:00+01:00"},
        {"op": "remove", "path": "/end"},
    ]
    moved = asks("PATCH", f"Appointment/{pk}", patch, "application/json-patch+json")
    assert (moved.status_code, moved.json()["end"]) == (200, "2026-11-23T11:15:00+01:00")
    merge = {
        "status": "cancelled",
        "cancelationReason": {"coding": [{"code": "prov"}], "text": "Garde"},
    }
    gone = asks("PATCH", f"Appointment/{pk}", merge, "application/merge-patch+json")
    assert gone.json()["cancelationReason"]["coding"][0]["code"] == "prov"
    visit = Appointment.objects.get()
    assert (visit.cancelled_for, visit.cancelled_why) == ("practice", "Garde")
    again = asks("PATCH", f"Appointment/{pk}", {"status": "booked"}, "application/merge-patch+json")
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("patch", "status"),
    [
        ([], 400), ({}, 400), ([{"op": "move", "path": "/start"}], 400),
        ([{"op": "replace", "path": "/start"}], 400),
        ([{"op": "remove", "path": "/nothing"}], 422),
        ([{"op": "replace", "path": "/participant/9/actor", "value": 1}], 422),
        ([{"op": "test", "path": "/status", "value": "cancelled"}], 422),
        ([{"op": "replace", "path": "/id", "value": "7"}], 400),
        ([{"op": "replace", "path": "/participant/0/actor/reference", "value": "Patient/9"}], 422),
    ],
)  # fmt: skip
def test_a_patch_that_leads_nowhere_changes_nothing(
    *, alice: Staff, program: Make, order: Order, patch: Any, status: int
) -> None:
    asks = program(alice)
    pk = asks("POST", "Appointment", order()).json()["id"]
    refused = asks("PATCH", f"Appointment/{pk}", patch, "application/json-patch+json")
    assert refused.status_code == status, refused.content.decode()
    assert Appointment.objects.get().version == 1


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ("date=2026-11-23", 1), ("date=ge2026-11-23&date=lt2026-11-24", 1), ("date=2026-11-24", 0),
        ("date=gt2026-11-23T10:00", 0), ("date=le2026-11-23T10:00:00+01:00", 1),
        ("status=booked", 1), ("status=cancelled,arrived", 0), ("created=2026-11-23", 1),
        ("patient={patient}", 1), ("patient=Patient/{patient}", 1), ("patient=999", 0),
        ("actor=Patient/{patient}", 1), ("actor:Practitioner={doctor}", 1),
        ("practitioner={doctor}&location={site}", 1), ("practitioner=999", 0),
        ("actor=PractitionerRole/{agenda}", 1), (f"identifier={ELSEWHERE}|A1", 1),
        ("identifier=A1", 1), ("identifier=A2", 0), ("service-type={reason}", 1), ("_id=1,2", None),
        ("actor:Practitioner.identifier=urn:oid:1.2.250.1.71.4.2.1|800000000000", 0),
    ],
)  # fmt: skip
def test_appointments_are_found(
    *, alice: Staff, tilleuls: House, jeanne: Patient, program: Make, order: Order,
    criteria: str, found: int | None,
) -> None:  # fmt: skip
    asks, agenda = program(alice), tilleuls.agendas["Lefèvre"]
    asks("POST", "Appointment", order(), If_None_Exist=NAMED)
    path = criteria.format(
        patient=jeanne.pk, doctor=agenda.practitioner_id, site=agenda.site_id, agenda=agenda.pk,
        reason=tilleuls.reasons["Consultation"].pk,
    )  # fmt: skip
    answers = asks.entries(f"Appointment?{path}")
    assert found is None or len(answers) == found


def test_who_may_not_read_files_sees_no_name(
    alice: Staff, keller: Staff, program: Make, order: Order
) -> None:
    from secretariat.practice import actions as practice

    asks = program(alice)
    assert "KELLER" in asks("POST", "Appointment", order()).content.decode()
    practice.withhold(staff=alice, permissions=["patients.read"], by=keller, at=NOW)
    assert "KELLER" not in asks("GET", "Appointment").content.decode()


@pytest.mark.parametrize("length", [{}, {"minutesDuration": 15}])
def test_a_reason_kept_by_the_desk_is_not_given_by_a_remote_program(
    tilleuls: House, zoe: Staff, program: Make, order: Order, length: dict[str, int]
) -> None:
    VisitReason.objects.filter(name="Consultation").update(bookable_by_remote=False)
    asks = program(zoe)
    refused = asks("POST", "Appointment", order(**length))
    assert refused.status_code == 409
    assert refused.json()["issue"][0]["details"]["coding"][0]["code"] == "NotForRemote"
    reason = tilleuls.reasons["Consultation"].pk
    assert asks.entries(f"Slot?service-type={reason}") == []
