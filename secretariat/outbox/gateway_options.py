"""How another gateway is spoken to, as a person writes it: one « name = value » a line."""

from __future__ import annotations

import re
from typing import Any

from secretariat.outbox.channels.generic import PLACES

TEXTS = (
    "key_header", "encoding", "reference", "failure", "signature_header", "told_reference",
    "told_status", "reply_from", "reply_text",
)  # fmt: skip
SETS = ("final", "delivered", "undelivered")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")
_PATH = re.compile(r"[A-Za-z0-9_.\-\[\]]{0,80}")
_BRACES = re.compile(r"{([^{}]*)}")


def parse(fields: str, answers: str) -> dict[str, Any]:
    """What was typed, as it is kept.

    Args:
        fields: the request's fields, such as `message.text = {text}`.
        answers: where things are in the answers and callbacks, such as `reference = data.id`.

    Raises:
        ValueError: a line cannot be understood; the sentence says which.
    """
    kept: dict[str, Any] = {}
    named = dict(_lines(fields))
    for name, text in named.items():
        unknown = [place for place in _BRACES.findall(text) if place not in PLACES]
        if not _PATH.fullmatch(name) or unknown:
            raise ValueError(f"« {name} = {text} » : les seules places sont {_places()}.")
    if named and not {"{to}", "{text}"} <= set(re.findall(r"{\w+}", " ".join(named.values()))):
        raise ValueError("Un champ doit contenir {to}, le numéro, et un autre {text}, le message.")
    if named:
        kept["fields"] = named
    for name, value in _lines(answers):
        if name in SETS:
            kept[name] = [one.strip() for one in value.split(",") if one.strip()]
        elif name in TEXTS and _fits(name, value):
            kept[name] = value
        else:
            raise ValueError(f"« {name} = {value} » n’est pas un réglage connu : voir le guide.")
    return kept


def written(options: Any) -> tuple[str, str]:
    """The two texts that `parse` would read to give these options."""
    kept = options if isinstance(options, dict) else {}
    fields = kept.get("fields")
    first = "\n".join(f"{name} = {text}" for name, text in (fields or {}).items())
    second = "\n".join(
        f"{name} = {', '.join(value) if isinstance(value, list) else value}"
        for name, value in kept.items()
        if name != "fields"
    )
    return first, second


def read(options: Any) -> dict[str, Any]:
    """The options as the gateway takes them; what is not known is left aside."""
    kept = options if isinstance(options, dict) else {}
    known = {name: kept[name] for name in TEXTS if isinstance(kept.get(name), str)}
    sets = {
        name: frozenset(str(one) for one in kept[name])
        for name in SETS
        if isinstance(kept.get(name), list)
    }
    fields = kept.get("fields")
    return known | sets | ({"fields": fields} if isinstance(fields, dict) else {})


def _lines(text: str) -> list[tuple[str, str]]:
    pairs = []
    for line in text.splitlines():
        name, equals, value = (piece.strip() for piece in line.partition("="))
        if not name and not equals:
            continue
        if not name or not equals:
            raise ValueError(f"« {line.strip()} » : écrivez « nom = valeur », un par ligne.")
        pairs.append((name, value))
    return pairs


def _fits(name: str, value: str) -> bool:
    if name == "encoding":
        return value in {"json", "form"}
    pattern = _HEADER if name.endswith("_header") else _PATH
    return bool(pattern.fullmatch(value))


def _places() -> str:
    return ", ".join(f"{{{place}}}" for place in PLACES)
