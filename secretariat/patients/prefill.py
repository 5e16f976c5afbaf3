"""A new file begun with what was already typed elsewhere; pure functions on plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from secretariat.patients import said, typed
from secretariat.patients.naming import plain
from secretariat.patients.reaching import NumberRefused, shown_phone, strict_phone
from secretariat.patients.search_keys import PARTICLES
from secretariat.patients.typed_date import only_date

FIELDS = (
    "birth_name", "given_names", "used_name", "birth_date", "sex", "mobile", "home_of", "town",
)  # fmt: skip
"""What an address may say of the new file."""


def fields(asked: Mapping[str, str], today: date) -> dict[str, Any]:
    """Initial values from an address: `typed` is what stood in a search box, others by name."""
    found = split(asked.get("typed", ""), today)
    return found | {name: asked[name] for name in FIELDS if asked.get(name)}


def split(text: str, today: date) -> dict[str, str]:
    """« dupont jean 12/3/85 0639981234 » in its fields: name first, then given names."""
    words = [word for word in text.split() if any(map(str.isalpha, word))]
    names = [word for word in words if not any(map(str.isdigit, word))]
    cut = _family(names)
    found = {"birth_name": " ".join(names[:cut]), "given_names": " ".join(names[cut:])}
    found = {name: said_so for name, said_so in found.items() if said_so}
    read = typed.parse(text, today)
    for number in read.numbers:
        if phone := _phone(number.digits):
            found.setdefault("mobile", phone)
        if born := only_date(number):
            found.setdefault("birth_date", said.day(born))
    return found


def _family(words: list[str]) -> int:
    """How many of the first words are the family name: « de la tour anne » has three."""
    little = next((n for n, word in enumerate(words) if plain(word) not in PARTICLES), len(words))
    return little + 1


def _phone(digits: str) -> str:
    if len(digits.lstrip("+")) < 10:
        return ""
    try:
        return shown_phone(strict_phone(digits))
    except NumberRefused:
        return ""
