"""A short OpenAPI description of /fhir, from what the CapabilityStatement says."""

from __future__ import annotations

from typing import Any

from secretariat import __version__
from secretariat.interop.fhir import capability

_JSON = "application/fhir+json"
_KINDS = (
    "Patient", "Practitioner", "PractitionerRole", "HealthcareService", "Location", "Schedule",
    "Slot", "Appointment",
)  # fmt: skip
_BUNDLE = {"type": "object", "properties": {"resourceType": {"const": "Bundle"}}}
_OUTCOME = {"type": "object", "properties": {"resourceType": {"const": "OperationOutcome"}}}
_TEXT = {"type": "string"}
_REFERENCE = {
    "type": "object",
    "properties": {"reference": {"type": "string", "examples": ["Patient/1", "Practitioner/1"]}},
}
_APPOINTMENT: dict[str, Any] = {
    "type": "object",
    "required": ["resourceType", "status", "participant"],
    "properties": {
        "resourceType": {"const": "Appointment"},
        "status": {"enum": ["booked", "cancelled", "entered-in-error", "proposed"]},
        "start": {"type": "string", "format": "date-time"},
        "end": {"type": "string", "format": "date-time"},
        "minutesDuration": {"type": "integer"},
        "comment": _TEXT,
        "identifier": {
            "type": "array",
            "items": {"type": "object", "properties": {"system": _TEXT, "value": _TEXT}},
        },
        "slot": {"type": "array", "items": _REFERENCE},
        "serviceType": {"type": "array", "items": {"type": "object"}},
        "participant": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"actor": _REFERENCE, "status": {"const": "accepted"}},
            },
        },
    },
}
_PATCH = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["op", "path"],
        "properties": {"op": {"enum": ["add", "replace", "remove", "test"]}, "path": _TEXT},
    },
}


def description(base: str) -> dict[str, Any]:
    """OpenAPI 3.1 of every address under `base`."""
    paths: dict[str, Any] = {"/metadata": {"get": _operation({"type": "object"}, {})}}
    for kind in _KINDS:
        criteria = [*capability.criteria(kind), "_count", "_cursor", "_total"]
        paths[f"/{kind}"] = {
            "get": _operation(_BUNDLE, {"parameters": [*map(_in_query, criteria)]})
        }
        paths[f"/{kind}/{{id}}"] = {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": _TEXT}],
            "get": _operation({"type": "object"}, {}),
        }
    body = _body({_JSON: _APPOINTMENT})
    every = paths["/Appointment"]
    every["post"] = _operation(
        _APPOINTMENT, {**body, "parameters": [_header("If-None-Exist")]}, "201"
    )
    every["put"] = _operation(_APPOINTMENT, {**body, "parameters": [_in_query("identifier")]})
    patch = {"application/json-patch+json": _PATCH, "application/merge-patch+json": _APPOINTMENT}
    one = paths["/Appointment/{id}"]
    one["put"] = _operation(_APPOINTMENT, {**body, "parameters": [_header("If-Match")]})
    one["patch"] = _operation(_APPOINTMENT, _body(patch))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Secrétariat, FHIR R4", "version": __version__},
        "servers": [{"url": base}],
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "paths": paths,
    }


def _operation(schema: Any, more: dict[str, Any], status: str = "200") -> dict[str, Any]:
    good = {"description": "Fait", "content": {_JSON: {"schema": schema}}}
    refused = {"description": "Refusé, avec la phrase", "content": {_JSON: {"schema": _OUTCOME}}}
    answers = {"200": good, status: good, "4XX": refused}
    return {"responses": answers, **more}


def _in_query(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": _TEXT}


def _header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "schema": _TEXT}


def _body(kinds: dict[str, Any]) -> dict[str, Any]:
    content = {kind: {"schema": schema} for kind, schema in kinds.items()}
    return {"requestBody": {"required": True, "content": content}}
