"""Names that both sides must spell alike: profiles, systems, moments.

fr-core 2.x and GAP 3.0.0 canonical addresses; identifiers of ans.fr (RPPS under IDNPS).
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

_CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition"
_CORE_SYSTEM = "https://hl7.fr/ig/fhir/core/CodeSystem"
GAP = "https://interop.esante.gouv.fr/ig/fhir/gap"
IDNPS = "urn:oid:1.2.250.1.71.4.2.1"
"""National identifier of a professional: « 8 » then the RPPS number."""
RPPS = "https://rpps.esante.gouv.fr"
IDENTIFIER_TYPE = f"{_CORE_SYSTEM}/fr-core-cs-v2-0203"
IDENTITY_STATUS = f"{_CORE_SYSTEM}/fr-core-cs-v2-0445"
COMMUNE = "https://mos.esante.gouv.fr/NOS/TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM"
CANCELLATION = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"
BIRTH_PLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
TIME_ZONE = "http://hl7.org/fhir/StructureDefinition/timezone"


def profile(name: str) -> str:
    """The canonical address of a fr-core profile or extension: `profile("fr-core-slot")`."""
    return f"{_CORE}/{name}"


def system(name: str) -> str:
    """A naming system or code system of this site: `system("motif")`."""
    return f"{settings.BASE_URL.rstrip('/')}/fhir/systeme/{name}"


def meta(profile_name: str, version: int | None = None) -> dict[str, object]:
    """The `meta` of a resource."""
    told: dict[str, object] = {"profile": [profile(profile_name)]}
    return {"versionId": str(version), **told} if version is not None else told


def instant(moment: datetime, zone: str) -> str:
    """A FHIR instant, on the clock of the site: « 2026-11-23T09:15:00+01:00 »."""
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def utc(moment: datetime) -> str:
    """The same in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
