"""Another program, as the tests speak for it."""

from __future__ import annotations

import json
from typing import Any

from fhir.resources.R4B import get_fhir_model_class

from tests.cast import Desk

FHIR = "application/fhir+json"


class Program:
    """It asks with its token; each answer of ours must be valid FHIR R4."""

    def __init__(self, secret: str) -> None:
        self.secret, self.client = secret, Desk(raise_request_exception=True)

    def __call__(
        self, method: str, path: str, body: Any = None, kind: str = FHIR, **headers: str
    ) -> Any:
        """Send; `headers` with underscores: `If_Match='W/"1"'`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            sent.setdefault("Authorization", f"Bearer {self.secret}")
        answer = self.client.generic(
            method,
            path if path.startswith("/") else f"/fhir/{path}",
            "" if body is None else json.dumps(body),
            content_type=kind,
            headers=sent,
        )
        assert answer.status_code < 500, answer.content
        valid(answer.json())
        return answer

    def get(self, path: str, **headers: str) -> Any:
        """What is at `path`, as JSON; it must be there."""
        answer = self("GET", path, **headers)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def entries(self, path: str) -> list[dict[str, Any]]:
        """The resources that match a search."""
        found = self.get(path).get("entry", [])
        return [one["resource"] for one in found if one["search"]["mode"] == "match"]


def valid(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource, which its own model reads without a complaint."""
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    return resource


def sentence(answer: Any) -> str:
    """What an OperationOutcome says."""
    return str(answer.json()["issue"][0]["details"]["text"])
