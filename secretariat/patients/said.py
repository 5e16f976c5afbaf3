"""Ages, dates and changes as they are said in French; pure functions on plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from secretariat.patients.labels import LABELS
from secretariat.patients.reaching import shown_phone

GROWN_UP = 18
"""Years from which nobody holds parental authority over a person (code civil, art. 414)."""
_CHOICES: dict[str, dict[str, str]] = {
    "sex": {"F": "féminin", "M": "masculin", "I": "indéterminé"},
    "identity_status": {"PROV": "provisoire", "VALI": "validée"},
    "relation": {
        "parent": "titulaire de l’autorité parentale",
        "guardian": "tuteur ou curateur",
        "trusted": "personne de confiance",
        "to_warn": "personne à prévenir",
    },
    "use": {"mobile": "mobile", "home": "domicile", "work": "travail", "other": "autre"},
}
_DATES = {"birth_date", "deceased_on"}
# Told by another line of the same correction.
HIDDEN = frozenset({"identity_checked_at", "identity_checked_by"})


_PLACES = {field: place for place, field in enumerate(LABELS)}


def years(born: date, on: date) -> int:
    """Whole years lived on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age(born: date, on: date) -> str:
    """« 41 ans », « 8 mois », « 12 jours »: as precise as a secretary says it."""
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if months < 1:
        days = (on - born).days
        return f"{days} jour{'s' if days > 1 else ''}"
    return f"{months} mois" if months < 24 else f"{years(born, on)} ans"


def day(moment: date | None) -> str:
    """« 12/03/1985 », "" for none."""
    return f"{moment:%d/%m/%Y}" if moment else ""


def kept_value(field: str, value: Any, names: Mapping[str, Mapping[int, str]]) -> str:
    """A value of the history, as a person reads it; « rien » when there was none.

    Args:
        field: a key of `LABELS`.
        value: plain, as the history keeps it.
        names: {"household": {7: "Foyer KELLER"}...} for values that are keys.
    """
    if value is None or value == "":
        return "rien"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dict):
        return _contact_point(value) if "system" in value else _related_person(value)
    if field in names:
        return names[field].get(value, f"n° {value}")
    if field in _DATES:
        return day(date.fromisoformat(value))
    return _CHOICES.get(field, {}).get(value, str(value))


def place(field: str) -> int:
    """Where a field stands on the screen: the history tells changes in that order."""
    return _PLACES.get(field, len(_PLACES))


def label(field: str) -> str:
    """The French name of a column or a part of the file."""
    return LABELS.get(field, field)


def _contact_point(kept: Mapping[str, Any]) -> str:
    if kept["system"] == "email":
        accepts = "messages" if kept["accepts_messages"] else "sans message"
        return f"{kept['value']} ({accepts})"
    accepts = " et ".join(
        word for word in ("appels", "messages") if kept[f"accepts_{_KEY[word]}"]
    )  # fmt: skip
    number = f"{shown_phone(kept['value'])} ({_CHOICES['use'][kept['use']]}"
    return f"{number}, {accepts or 'ni appel ni message'})"


_KEY = {"appels": "calls", "messages": "messages"}


def _related_person(kept: Mapping[str, Any]) -> str:
    who = f"{kept['name']}, {_CHOICES['relation'].get(kept['relation'], kept['relation'])}"
    return f"{who}, {shown_phone(kept['phone'])}" if kept["phone"] else who
