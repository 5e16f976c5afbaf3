"""Patients and practitioners as fr-core resources."""

from __future__ import annotations

from collections.abc import Sequence

from secretariat.agenda.models import Agenda
from secretariat.interop.fhir import terms
from secretariat.interop.fhir.wire import Resource
from secretariat.patients.models import ContactPoint, Patient
from secretariat.patients.naming import shown_given_name
from secretariat.practice.models import Practice, Practitioner

_GENDERS = {"F": "female", "M": "male", "I": "unknown"}
_V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"


def patient(who: Patient, points: Sequence[ContactPoint], practice: Practice) -> Resource:
    """fr-core-patient: strict traits, used names, how to reach them, nothing clinical."""
    found: Resource = {
        "resourceType": "Patient",
        "id": str(who.pk),
        "meta": terms.meta("fr-core-patient", who.version),
        "extension": _extensions(who),
        "identifier": [file_number(who, practice)],
        "active": who.deceased_on is None,
        "name": _names(who),
        "gender": _GENDERS[who.sex],
        "birthDate": who.birth_date.isoformat(),
    }
    if who.deceased_on:
        found["deceasedDateTime"] = who.deceased_on.isoformat()
    if telecom := [_telecom(point) for point in points]:
        found["telecom"] = telecom
    if address := _address(who.address, who.address_more, who.postcode, who.town):
        found["address"] = [{"use": "home", **address}]
    if who.usual_practitioner_id:
        found["generalPractitioner"] = [{"reference": f"Practitioner/{who.usual_practitioner_id}"}]
    return found


def file_number(who: Patient, practice: Practice) -> Resource:
    """The practice's own number for the file (fr-core slice PI)."""
    return {
        "use": "usual",
        "type": {"coding": [{"system": _V2_0203, "code": "PI"}]},
        "system": file_system(practice),
        "value": str(who.file_number),
    }


def file_system(practice: Practice) -> str:
    """The naming system of a practice's file numbers."""
    return terms.system(f"dossier/{practice.slug}")


def called(who: Patient) -> str:
    """How the patient is called at the desk: « KELLER Anne-Marie »."""
    return f"{who.shown_name} {shown_given_name(who.shown_given_name)}"


def practitioner(who: Practitioner) -> Resource:
    """fr-core-practitioner, with the RPPS number under both its names when it is known."""
    name: Resource = {"text": str(who), "family": who.family_name}
    if who.given_name:
        name["given"] = [who.given_name]
    if who.title:
        name["prefix"] = [who.title]
    found: Resource = {
        "resourceType": "Practitioner",
        "id": str(who.pk),
        "meta": terms.meta("fr-core-practitioner"),
        "active": True,
        "name": [name],
    }
    if who.rpps:
        found["identifier"] = [
            _official("IDNPS", terms.IDNPS, f"8{who.rpps}"),
            _official("RPPS", terms.RPPS, who.rpps),
        ]
    if who.speciality:
        found["qualification"] = [{"code": {"text": who.speciality}}]
    return found


def role(agenda: Agenda, practice: Practice, reasons: Sequence[int]) -> Resource:
    """fr-core-practitioner-role: a practitioner at a site, which is what an agenda is."""
    doctor = agenda.practitioner
    found: Resource = {
        "resourceType": "PractitionerRole",
        "id": str(agenda.pk),
        "meta": terms.meta("fr-core-practitioner-role"),
        "active": agenda.active,
        "practitioner": {"reference": f"Practitioner/{doctor.pk}", "display": str(doctor)},
        "organization": {"display": practice.name},
        "location": [{"reference": f"Location/{agenda.site_id}", "display": agenda.site.name}],
    }
    if doctor.speciality:
        found["specialty"] = [{"text": doctor.speciality}]
    if reasons:
        found["healthcareService"] = [{"reference": f"HealthcareService/{one}"} for one in reasons]
    return found


def address(line: str, more: str, postcode: str, town: str) -> Resource:
    """A postal address; empty when nothing is known."""
    return _address(line, more, postcode, town)


def _address(line: str, more: str, postcode: str, town: str) -> Resource:
    lines = [one for one in (line, more) if one]
    said = {"line": lines, "postalCode": postcode, "city": town}
    found: Resource = {name: value for name, value in said.items() if value}
    return {**found, "country": "FR"} if found else {}


def _extensions(who: Patient) -> list[Resource]:
    status = {
        "url": "identityStatus",
        "valueCoding": {"system": terms.IDENTITY_STATUS, "code": who.identity_status},
    }
    found: list[Resource] = [
        {"extension": [status], "url": terms.profile("fr-core-identity-reliability")}
    ]
    if who.birth_place or who.birth_place_code:
        place: Resource = {}
        if who.birth_place_code:
            coding = {"system": terms.COMMUNE, "code": who.birth_place_code}
            url = terms.profile("fr-core-address-insee-code")
            place["extension"] = [{"url": url, "valueCoding": coding}]
        if who.birth_place:
            place["city"] = who.birth_place
        found.append({"url": terms.BIRTH_PLACE, "valueAddress": place})
    return found


def _names(who: Patient) -> list[Resource]:
    listed = {
        "url": terms.profile("fr-core-patient-birth-list-given-name"),
        "valueString": who.given_names,
    }
    names: list[Resource] = [
        {
            "extension": [listed],
            "use": "official",
            "family": who.birth_name,
            "given": [who.first_given_name],
        }
    ]
    if who.used_name or who.used_given_name:
        names.append(
            {
                "use": "usual",
                "text": called(who),
                "family": who.shown_name,
                "given": [who.shown_given_name],
            }
        )
    return names


def _telecom(point: ContactPoint) -> Resource:
    found: Resource = {"system": point.system, "value": point.value, "rank": max(point.rank, 1)}
    if point.use != ContactPoint.Use.OTHER:
        found["use"] = point.use
    return found


def _official(kind: str, system: str, value: str) -> Resource:
    return {
        "use": "official",
        "type": {"coding": [{"system": terms.IDENTIFIER_TYPE, "code": kind}]},
        "system": system,
        "value": value,
    }
