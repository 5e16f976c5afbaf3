"""Visits and free times as fr-core resources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from secretariat.agenda.local_time import moment_of
from secretariat.agenda.models import Agenda, Appointment, VisitReason
from secretariat.interop.fhir import asking, people, places, terms
from secretariat.interop.fhir.wire import Resource

_WANTED_BY = {
    Appointment.CancelledFor.PATIENT.value: ("pat", "Patient"),
    Appointment.CancelledFor.PRACTICE.value: ("prov", "Provider"),
    Appointment.CancelledFor.MISTAKE.value: ("oth-err", "Other: Error"),
}


@dataclass(frozen=True)
class SlotKey:
    """Which free time: computed when asked, its name is all there is of it."""

    agenda: int
    reason: int
    minute: int

    def __str__(self) -> str:
        return f"{self.agenda}-{self.reason}-{self.minute}"

    @classmethod
    def read(cls, said: str) -> SlotKey | None:
        """The key in an address; None when it is none of ours."""
        keys = [asking.key(part) for part in said.split("-")]
        if len(keys) != 3 or not all(keys) or (keys[2] or 0) > 200_000_000:
            return None
        return cls(keys[0] or 0, keys[1] or 0, keys[2] or 0)


def slot(key: SlotKey, agenda: Agenda, reason: VisitReason, minutes: int) -> Resource:
    """fr-core-slot: a time that can be given for a reason."""
    start, zone = moment_of(key.minute), agenda.site.time_zone
    return {
        "resourceType": "Slot",
        "id": str(key),
        "meta": terms.meta("fr-core-slot"),
        "serviceType": [places.reason(reason)],
        "schedule": {"reference": f"Schedule/{agenda.pk}", "display": agenda.name},
        "status": "free",
        "start": terms.instant(start, zone),
        "end": terms.instant(start + timedelta(minutes=minutes), zone),
    }


def appointment(
    visit: Appointment, status: str, names: Sequence[tuple[str, str]], *, named: bool
) -> Resource:
    """fr-core-appointment.

    Args:
        visit: with its agenda, site, practitioner, reason, patient and author.
        status: booked, arrived, fulfilled, noshow or cancelled.
        names: what other programs call it: (system, value).
        named: whether who reads may see the patient's name.
    """
    zone = visit.agenda.site.time_zone
    ours = {"use": "official", "system": terms.system("rendez-vous"), "value": str(visit.pk)}
    theirs = [{"use": "secondary", "system": system, "value": value} for system, value in names]
    found: Resource = {
        "resourceType": "Appointment",
        "id": str(visit.pk),
        "meta": terms.meta("fr-core-appointment", visit.version),
        "extension": [
            {
                "url": terms.profile("fr-core-appointment-operator"),
                "valueReference": {"display": visit.created_by.display_name},
            }
        ],
        "identifier": [ours, *theirs],
        "status": status,
        "start": terms.instant(visit.starts_at, zone),
        "end": terms.instant(visit.ends_at, zone),
        "minutesDuration": minutes(visit),
        "created": terms.instant(visit.created_at, zone),
        "participant": _participants(visit, named),
    }
    if visit.cancelled_for:
        code, display = _WANTED_BY[visit.cancelled_for]
        coding = {"system": terms.CANCELLATION, "code": code, "display": display}
        found["cancelationReason"] = {"coding": [coding]}
        if visit.cancelled_why:
            found["cancelationReason"]["text"] = visit.cancelled_why
    if visit.reason is not None:
        found["serviceType"] = [places.reason(visit.reason)]
    if visit.agenda.practitioner.speciality:
        found["specialty"] = [{"text": visit.agenda.practitioner.speciality}]
    if visit.note:
        found["comment"] = visit.note
    return found


def minutes(visit: Appointment) -> int:
    """How long the visit lasts."""
    return round((visit.ends_at - visit.starts_at).total_seconds() / 60)


def entity_tag(version: int) -> str:
    """The ETag of a version."""
    return f'W/"{version}"'


def microseconds(moment: datetime) -> int:
    """A moment as a whole number, for a cursor."""
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


def _participants(visit: Appointment, named: bool) -> list[Resource]:
    agenda, doctor = visit.agenda, visit.agenda.practitioner
    actors: list[Resource] = [
        {"reference": f"PractitionerRole/{agenda.pk}", "display": agenda.name},
        {"reference": f"Practitioner/{doctor.pk}", "display": str(doctor)},
        {"reference": f"Location/{agenda.site_id}", "display": agenda.site.name},
    ]
    if visit.patient is not None:
        who: Resource = {"reference": f"Patient/{visit.patient_id}"}
        if named:
            who["display"] = people.called(visit.patient)
        actors.insert(0, who)
    return [{"actor": actor, "required": "required", "status": "accepted"} for actor in actors]
