"""/fhir/metadata and /fhir/openapi.json: what this server does, open to whoever asks."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from secretariat.interop.fhir import capability, openapi, paging, wire


@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """The CapabilityStatement."""
    return wire.answer(capability.statement(paging.root(request)))


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description."""
    body = json.dumps(openapi.description(paging.root(request)), ensure_ascii=False)
    return HttpResponse(body, content_type="application/json; charset=utf-8")
