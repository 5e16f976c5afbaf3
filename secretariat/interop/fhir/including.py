"""`_include`: what the results point to comes with them, each resource once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from secretariat.core import clock
from secretariat.interop.bearing import Asked as Request
from secretariat.interop.fhir import asking, directory, people
from secretariat.interop.fhir.wire import Resource, Wrong
from secretariat.interop.queries import people as queries
from secretariat.patients.models import Patient
from secretariat.privacy import register

INCLUDES = {
    "Appointment:patient": frozenset({"Patient"}),
    "Appointment:practitioner": frozenset({"Practitioner"}),
    "Appointment:location": frozenset({"Location"}),
    "Appointment:actor": frozenset({"Patient", "Practitioner", "PractitionerRole", "Location"}),
    "Slot:schedule": frozenset({"Schedule"}),
}
"""For each include, the kinds of the references that it follows."""


def names(kind: str) -> list[str]:
    """The includes of a resource type."""
    return [name for name in INCLUDES if name.startswith(f"{kind}:")]


def included(
    request: Request, asked: asking.Asked, kind: str, found: Sequence[Resource]
) -> list[Resource]:
    """The resources that the search wants besides.

    A file that comes so is written in the register like any other; to a post that may not read
    patients, none comes.

    Raises:
        Wrong: an include that this type does not have.
    """
    kinds: set[str] = set()
    for name in asked.many("_include"):
        if name not in names(kind):
            known = ", ".join(names(kind))
            raise Wrong(f"« _include={name[:60]} » n’existe pas ici. Possibles : {known}.")
        kinds |= INCLUDES[name]
    wanted: dict[str, set[int]] = defaultdict(set)
    for reference in _references(found):
        told, _, key = reference.partition("/")
        if told in kinds:
            wanted[told].add(int(key))
    return [one for told in sorted(wanted) for one in _resources(request, told, wanted[told])]


def _references(found: Iterable[Resource]) -> Iterator[str]:
    for one in found:
        for participant in one.get("participant", ()):
            yield participant["actor"]["reference"]
        if "schedule" in one:
            yield one["schedule"]["reference"]


def _resources(request: Request, kind: str, keys: set[int]) -> list[Resource]:
    if kind != "Patient":
        entries = directory.kind(kind).entries(request.practice)
        return [entry.resource for entry in entries if entry.pk in keys]
    if not request.staff.may("patients.read"):
        return []
    files = Patient.objects.filter(practice_id=request.practice.pk, pk__in=keys).order_by("pk")
    points = queries.points(request.practice.pk, sorted(keys))
    screen = f"Autre logiciel : {request.token.name}"
    register.trace_all(staff=request.staff, patient_ids=sorted(keys), at=clock.now(), screen=screen)
    return [people.patient(one, points[one.pk], request.practice) for one in files]
