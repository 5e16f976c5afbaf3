"""What goes over the wire: JSON answers, and refusals as OperationOutcome."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from secretariat.core.refusal import Refusal
from secretariat.interop.fhir import terms

Resource = dict[str, Any]
JSON = "application/fhir+json; charset=utf-8"
MOST_BYTES = 256 * 1024
"""An appointment is a page of text; anything bigger is not one."""

# https://hl7.org/fhir/R4/valueset-issue-type.html
_CODES = {
    400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported",
    406: "not-supported", 409: "business-rule", 412: "conflict", 413: "too-long",
    415: "not-supported", 422: "processing", 429: "throttled",
}  # fmt: skip


class Wrong(Refusal):
    """What was asked cannot be answered. `status` says how; 400 unless told otherwise."""

    def __init__(self, sentence: str, status: int = 400, **facts: Any) -> None:
        super().__init__(sentence, **facts)
        self.status = status


def absent(kind: str, key: str) -> Wrong:
    """The same for what never existed and for what is another practice's."""
    return Wrong(f"{kind}/{key} n’existe pas dans ce cabinet.", 404)


def answer(resource: Resource, status: int = 200, **headers: str) -> HttpResponse:
    """A resource as JSON; header names are written with underscores."""
    body = json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body, status=status, content_type=JSON)
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def outcome(refusal: Refusal) -> HttpResponse:
    """The OperationOutcome of a refusal: its sentence, the rule's name, the nearest free times."""
    status = refusal.status
    issue: Resource = {
        "severity": "error",
        "code": _code(refusal),
        "details": {
            "coding": [{"system": terms.system("refus"), "code": type(refusal).__name__}],
            "text": refusal.sentence,
        },
    }
    if told := _diagnostics(refusal):
        issue["diagnostics"] = told
    if where := refusal.facts.get("expression"):
        issue["expression"] = [where]
    return answer({"resourceType": "OperationOutcome", "issue": [issue]}, status)


def note(sentence: str) -> Resource:
    """An OperationOutcome that rides in a bundle: something to know, nothing wrong."""
    issue = {"severity": "information", "code": "informational", "details": {"text": sentence}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _code(refusal: Refusal) -> str:
    names = {kind.__name__ for kind in type(refusal).__mro__}
    if names & {"TimeTaken", "ChangedMeanwhile", "AlreadyCancelled", "TimeHeld"}:
        return "conflict"
    return str(refusal.facts.get("issue") or _CODES.get(refusal.status, "processing"))


def _diagnostics(refusal: Refusal) -> str:
    times = [one for one in refusal.facts.get("nearest") or () if isinstance(one, datetime)]
    agenda = refusal.facts.get("agenda")
    if not times or agenda is None:
        return ""
    zone = agenda.site.time_zone
    return "Créneaux libres les plus proches : " + ", ".join(
        terms.instant(one, zone) for one in times
    )


def sent(request: HttpRequest, kinds: tuple[str, ...]) -> Any:
    """The JSON that was sent, whatever its shape.

    Raises:
        Wrong: another format (415), too long (413), or no JSON (400).
    """
    if (request.content_type or "") not in kinds:
        raise Wrong(f"Envoyez du JSON ({kinds[0]}).", 415)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise Wrong("Ce qui est envoyé est trop long.", 413)
    try:
        found = json.loads(request.body.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Wrong("Ce qui est envoyé n’est pas du JSON lisible.") from error
    if _has_nul(found):
        raise Wrong("Un texte envoyé contient un caractère nul.")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _has_nul(found: Any) -> bool:
    """PostgreSQL keeps no NUL and no lone surrogate; they are refused at the door."""
    text = json.dumps(found, ensure_ascii=False)
    return "\\u0000" in text or any("\ud800" <= character <= "\udfff" for character in text)
