"""A held line, from memory to the database and back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, cast

from secretariat.interop.models import ImportLine
from secretariat.interop.newcomers import Newcomer
from secretariat.patients import naming
from secretariat.patients.actions.traits import NewContactPoint, Traits
from secretariat.patients.reaching import shown_phone

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


@dataclass(frozen=True, slots=True)
class Said:
    """A newcomer as the screen says it."""

    traits: Traits

    @property
    def name(self) -> str:
        """« KELLER (MARTIN) Jeanne Marie »."""
        used = self.traits.get("used_name", "")
        given = naming.shown_given_name(self.traits["given_names"])
        return f"{self.traits['birth_name']}{f' ({used})' if used else ''} {given}"

    @property
    def short(self) -> str:
        """« KELLER Jeanne », for a tab."""
        first = self.traits.get("first_given_name") or self.traits["given_names"]
        return f"{self.traits['birth_name']} {naming.shown_given_name(first)}"

    @property
    def points(self) -> list[str]:
        """Telephones as they are read aloud, then addresses of e-mail."""
        return [
            shown_phone(point.value) if point.system == "phone" else point.value
            for point in self.traits.get("contact_points", ())
        ]


def said(line: ImportLine) -> Said | None:
    """The newcomer of a held line."""
    traits = traits_of(line.content)
    return Said(traits) if traits else None


def keys_of(content: Any) -> list[str]:
    """The keys under which the line is known at every import."""
    kept = content.get("keys", []) if isinstance(content, dict) else []
    return [str(key) for key in kept]
