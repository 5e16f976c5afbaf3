"""Search answers, page by page: an opaque cursor says where the next one begins."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest

from secretariat.interop.fhir import asking
from secretariat.interop.fhir.wire import Resource, Wrong

_SHORT = 200


@dataclass
class Page:
    """What was found: resources that match, others that help, where the next page begins."""

    found: Sequence[Resource] = ()
    included: Sequence[Resource] = ()
    next: Sequence[int] | None = None
    total: int | None = None
    notes: list[Resource] = field(default_factory=list)


def after(asked: asking.Asked, size: int) -> list[int] | None:
    """The whole numbers of the cursor, `size` of them; None on a first page.

    Raises:
        Wrong: a cursor that we did not write.
    """
    said = asked.text("_cursor")
    if not said:
        return None
    try:
        padded = said.encode("ascii") + b"=" * (-len(said) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded))
        if len(said) > _SHORT or len(values) != size:
            raise ValueError(said)
        if not all(type(one) is int and abs(one) < 2**63 for one in values):
            raise ValueError(said)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise Wrong("Ce lien vers la suite n’est pas le nôtre : relancez la recherche.") from error
    return list(values)


def bundle(request: HttpRequest, page: Page) -> Resource:
    """The searchset of a page, with its links."""
    base = root(request)
    links = [{"relation": "self", "url": request.build_absolute_uri()}]
    if page.next is not None:
        links.append({"relation": "next", "url": _next(request, page.next)})
    entries = [_entry(base, one, "match") for one in page.found]
    entries += [_entry(base, one, "include") for one in page.included]
    entries += [{"resource": one, "search": {"mode": "outcome"}} for one in page.notes]
    answer: Resource = {"resourceType": "Bundle", "type": "searchset"}
    if page.total is not None:
        answer["total"] = page.total
    answer["link"] = links
    if entries:
        answer["entry"] = entries
    return answer


def root(request: HttpRequest) -> str:
    """The address of the server: « http://localhost:8000/fhir »."""
    return request.build_absolute_uri("/fhir")


def _entry(base: str, resource: Resource, mode: str) -> Resource:
    address = f"{base}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": address, "resource": resource, "search": {"mode": mode}}


def _next(request: HttpRequest, where: Sequence[int]) -> str:
    packed = base64.urlsafe_b64encode(json.dumps(list(where)).encode()).decode().rstrip("=")
    params = [
        (name, value)
        for name, values in asking.as_mapping(request.GET).items()
        for value in values
        if name != "_cursor"
    ]
    query = urlencode([*params, ("_cursor", packed)])
    return request.build_absolute_uri(f"{request.path}?{query}")
