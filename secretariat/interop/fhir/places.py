"""Sites, visit reasons and agendas as fr-core resources."""

from __future__ import annotations

from collections.abc import Sequence

from secretariat.agenda.models import Agenda, VisitReason
from secretariat.interop.fhir import people, terms
from secretariat.interop.fhir.wire import Resource
from secretariat.practice.models import Practice, Site

REASONS = "motif"


def location(site: Site, practice: Practice) -> Resource:
    """fr-core-location: where patients are received, with its clock."""
    found: Resource = {
        "resourceType": "Location",
        "id": str(site.pk),
        "meta": terms.meta("fr-core-location"),
        "extension": [{"url": terms.TIME_ZONE, "valueCode": site.time_zone}],
        "status": "active",
        "name": site.name,
        "mode": "instance",
        "managingOrganization": {"display": practice.name},
    }
    if site.phone:
        found["telecom"] = [{"system": "phone", "value": site.phone, "use": "work"}]
    if address := people.address(site.address, "", site.postcode, site.town):
        found["address"] = address
    return found


def reason(one: VisitReason) -> Resource:
    """The CodeableConcept of a visit reason: its key is the code."""
    coding = {"system": terms.system(REASONS), "code": str(one.pk), "display": one.name}
    return {"coding": [coding], "text": one.name}


def service(one: VisitReason, practice: Practice, agendas: Sequence[Agenda]) -> Resource:
    """fr-core-healthcare-service: a visit reason and the sites where it is given."""
    sites = {agenda.site_id: agenda.site.name for agenda in agendas}
    found: Resource = {
        "resourceType": "HealthcareService",
        "id": str(one.pk),
        "meta": terms.meta("fr-core-healthcare-service"),
        "active": one.active,
        "providedBy": {"display": practice.name},
        "type": [reason(one)],
        "name": one.name,
        "appointmentRequired": True,
    }
    if sites:
        found["location"] = [
            {"reference": f"Location/{pk}", "display": name} for pk, name in sorted(sites.items())
        ]
    if one.instructions:
        found["extraDetails"] = one.instructions
    return found


def schedule(agenda: Agenda, offered: Sequence[tuple[VisitReason, int]]) -> Resource:
    """fr-core-schedule: an agenda, its actors, what it offers and for how many minutes."""
    doctor = agenda.practitioner
    found: Resource = {
        "resourceType": "Schedule",
        "id": str(agenda.pk),
        "meta": terms.meta("fr-core-schedule"),
        "active": agenda.active,
        "actor": [
            {"reference": f"PractitionerRole/{agenda.pk}", "display": agenda.name},
            {"reference": f"Practitioner/{doctor.pk}", "display": str(doctor)},
            {"reference": f"Location/{agenda.site_id}", "display": agenda.site.name},
        ],
    }
    if offered:
        found["extension"] = [_lasting(one, minutes) for one, minutes in offered]
        found["serviceType"] = [reason(one) for one, _ in offered]
    if doctor.speciality:
        found["specialty"] = [{"text": doctor.speciality}]
    return found


def _lasting(one: VisitReason, minutes: int) -> Resource:
    length = {
        "value": minutes,
        "unit": "minute",
        "system": "http://unitsofmeasure.org",
        "code": "min",
    }
    return {
        "extension": [
            {"url": "serviceType", "valueCodeableConcept": reason(one)},
            {"url": "duration", "valueDuration": length},
        ],
        "url": terms.profile("fr-core-service-type-duration"),
    }
