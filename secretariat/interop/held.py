"""A held line, from memory to the database and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any, cast

from secretariat.interop.newcomers import Newcomer
from secretariat.patients.actions.traits import NewContactPoint, Traits

_DATES = ("birth_date", "deceased_on")


def as_content(one: Newcomer) -> dict[str, Any]:
    """A newcomer as JSON keeps it."""
    traits: dict[str, Any] = dict(one.traits)
    for name in _DATES:
        if traits.get(name):
            traits[name] = traits[name].isoformat()
    traits["contact_points"] = [asdict(point) for point in traits.get("contact_points", ())]
    return {"traits": traits, "keys": list(one.keys)}


def traits_of(content: Any) -> Traits | None:
    """The traits of a held line; None when it holds none."""
    kept = content.get("traits") if isinstance(content, dict) else None
    if not isinstance(kept, dict) or not kept.get("birth_date"):
        return None
    traits = dict(kept)
    for name in _DATES:
        if traits.get(name):
            traits[name] = date.fromisoformat(traits[name])
    traits["contact_points"] = [
        NewContactPoint(**point) for point in traits.get("contact_points", ())
    ]
    return cast("Traits", traits)


def keys_of(content: Any) -> list[str]:
    """The keys under which the line is known at every import."""
    kept = content.get("keys", []) if isinstance(content, dict) else []
    return [str(key) for key in kept]
