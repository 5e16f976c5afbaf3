"""Practitioners by their national number."""

from __future__ import annotations

from collections.abc import Iterable

from secretariat.interop.fhir import terms
from secretariat.interop.fhir.asking import Token
from secretariat.practice.models import Practitioner


def with_number(practice_id: int, tokens: Iterable[Token]) -> list[int]:
    """Keys of the practitioners of the practice who have one of these RPPS numbers."""
    found = Practitioner.objects.filter(practice_id=practice_id).exclude(rpps="")
    wanted = list(tokens)
    return [
        pk
        for pk, rpps in found.values_list("pk", "rpps")
        if any(
            token.means(f"8{rpps}", terms.IDNPS) or token.means(rpps, terms.RPPS, terms.IDNPS)
            for token in wanted
        )
    ]
