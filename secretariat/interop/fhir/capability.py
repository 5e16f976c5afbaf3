"""CapabilityStatement: what this server does, in full and no more. Open without a token."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from secretariat import __version__
from secretariat.interop.fhir import including, terms
from secretariat.interop.fhir.wire import Resource

_DATE = "2026-11-22"
_READ = ("read", "search-type")
_WRITE = (*_READ, "create", "update", "patch")

# Criteria of each resource: (name, type, what it is)
_Criteria = tuple[tuple[str, str, str], ...]
_RESOURCES: dict[str, tuple[str, tuple[str, ...], _Criteria]] = {
    "Patient": (
        "fr-core-patient",
        _READ,
        (
            ("_id", "token", "Clé du dossier"),
            ("identifier", "token", "Numéro de dossier du cabinet"),
            ("name", "string", "Débuts de noms et de prénoms, dans n’importe quel ordre"),
            ("family", "string", "Début du nom de naissance ou utilisé"),
            ("given", "string", "Début d’un prénom"),
            ("birthdate", "date", "Jour, mois ou année de naissance"),
            ("phone", "token", "Téléphone"),
        ),
    ),
    "Practitioner": (
        "fr-core-practitioner",
        _READ,
        (
            ("_id", "token", "Clé"),
            ("identifier", "token", "RPPS (urn:oid:1.2.250.1.71.4.2.1 ou rpps.esante.gouv.fr)"),
            ("name", "string", "Début d’un nom"),
        ),
    ),
    "PractitionerRole": (
        "fr-core-practitioner-role",
        _READ,
        (
            ("_id", "token", "Clé"),
            ("practitioner", "reference", "Praticien"),
            ("location", "reference", "Site"),
            ("service", "reference", "Motif"),
            ("active", "token", "Agenda ouvert"),
        ),
    ),
    "HealthcareService": (
        "fr-core-healthcare-service",
        _READ,
        (
            ("_id", "token", "Clé"),
            ("name", "string", "Débuts de mots"),
            ("service-type", "token", "Code du motif"),
            ("location", "reference", "Site"),
            ("active", "token", "Encore donné"),
        ),
    ),
    "Location": (
        "fr-core-location",
        _READ,
        (("_id", "token", "Clé"), ("name", "string", "Débuts de mots")),
    ),
    "Schedule": (
        "fr-core-schedule",
        _READ,
        (
            ("_id", "token", "Clé"),
            ("actor", "reference", "Practitioner, PractitionerRole ou Location"),
            ("service-type", "token", "Code du motif"),
            ("active", "token", "Agenda ouvert"),
        ),
    ),
    "Slot": (
        "fr-core-slot",
        _READ,
        (
            ("_id", "token", "Clé d’un créneau encore libre"),
            ("status", "token", "free : les créneaux sont calculés, il n’y en a pas d’autres"),
            ("start", "date", "ge, gt, le, lt ; trente jours sans borne, un an au plus"),
            ("schedule", "reference", "Agenda"),
            ("schedule.actor", "reference", "Practitioner, PractitionerRole ou Location"),
            (
                "service-type",
                "token",
                "Code du motif ; sans lui, le premier qui ne prend pas de salle",
            ),
        ),
    ),
    "Appointment": (
        "fr-core-appointment",
        _WRITE,
        (
            ("_id", "token", "Clé"),
            ("identifier", "token", "Identifiant de ce serveur ou d’un autre logiciel"),
            ("status", "token", "booked, arrived, fulfilled, noshow, cancelled"),
            ("date", "date", "Début"),
            ("created", "date", "Quand il a été donné"),
            ("patient", "reference", "Patient"),
            ("practitioner", "reference", "Praticien"),
            ("location", "reference", "Site"),
            ("actor", "reference", "L’un des participants"),
            ("service-type", "token", "Code du motif"),
        ),
    ),
}
_SECURITY = (
    "Jeton « Authorization: Bearer … » remis par le cabinet, pour lire ou pour lire et écrire, "
    "avec les droits d’un poste ; pas de cookie. Avec un jeton de plusieurs cabinets, "
    "« X-Practice » dit lequel."
)


def criteria(kind: str) -> list[str]:
    """Names of the criteria of a resource."""
    return [name for name, _, _ in _RESOURCES[kind][2]]


def statement(base: str) -> Resource:
    """The CapabilityStatement.

    Args:
        base: address of the server.
    """
    return {
        "resourceType": "CapabilityStatement",
        "id": "secretariat",
        "url": f"{base}/metadata",
        "version": __version__,
        "name": "Secretariat",
        "title": "Secrétariat : agenda partagé",
        "status": "active",
        "date": _DATE,
        "publisher": "Secrétariat",
        "kind": "instance",
        "instantiates": [f"{terms.GAP}/CapabilityStatement/GAP-GestionnaireAgenda"],
        "software": {"name": "Secrétariat", "version": __version__},
        "implementation": {"description": "Serveur du cabinet", "url": settings.BASE_URL},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "patchFormat": ["application/json-patch+json", "application/merge-patch+json"],
        "rest": [
            {
                "mode": "server",
                "documentation": "Flux 4a à 6b de « Gestion d’agendas partagés » 3.0.0.",
                "security": {"cors": False, "description": _SECURITY},
                "resource": list(_resources()),
            }
        ],
    }


def _resources() -> Iterable[Resource]:
    for kind, (profile, verbs, told) in _RESOURCES.items():
        one: Resource = {
            "type": kind,
            "supportedProfile": [terms.profile(profile)],
            "interaction": [{"code": verb} for verb in verbs],
            "versioning": "no-version",
            "searchParam": [
                {"name": name, "type": type_, "documentation": said} for name, type_, said in told
            ],
        }
        if includes := including.names(kind):
            one["searchInclude"] = includes
        if "create" in verbs:
            one |= {
                "versioning": "versioned-update",
                "conditionalCreate": True,
                "conditionalUpdate": True,
                "updateCreate": False,
            }
        yield one
