"""/fhir: practitioners, their roles, sites, visit reasons and agendas."""

from __future__ import annotations

from django.http import HttpResponse

from secretariat.interop.bearing import Asked, bearer
from secretariat.interop.fhir import asking, directory, paging, wire


@bearer(GET="agenda.read")
def listed(request: Asked, kind: str) -> HttpResponse:
    """Those that meet the criteria."""
    which = directory.kind(kind)
    asked = asking.Asked(request.GET, which.criteria)
    page = directory.search(which, request.practice, asked)
    return wire.answer(paging.bundle(request, page))


@bearer(GET="agenda.read")
def one(request: Asked, kind: str, key: str) -> HttpResponse:
    """One of them."""
    found = directory.one(directory.kind(kind), request.practice, asking.key(key))
    if found is None:
        raise wire.absent(kind, key)
    return wire.answer(found)


@bearer(GET="agenda.read")
def nothing(request: Asked, rest: str) -> HttpResponse:
    """What this server does not have."""
    raise wire.Wrong("Cette adresse n’existe pas ici : voyez /fhir/metadata.", 404)
