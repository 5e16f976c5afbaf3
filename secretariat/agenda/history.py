"""A visit's lines of the day book, told in French. Pure: plain values in, sentences out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from secretariat.agenda.local_time import minute_of, on_the_wall
from secretariat.agenda.refused_words import clock_words, day_words

WANTED_BY = {
    "patient": "à la demande du patient",
    "practice": "par le cabinet",
    "mistake": "erreur de saisie",
}


class Line(NamedTuple):
    """What happened, as it is read in the sheet."""

    at: datetime
    by: str
    deed: str


def told(
    entries: Iterable[tuple[datetime, str, str, str]], zone: str, agendas: Mapping[int, str]
) -> list[Line]:
    """Sentences of the day book's lines.

    Args:
        entries: (at, name of the author, verb, detail in JSON), oldest first.
        zone: of the site's clock.
        agendas: their names by key.
    """
    return [
        Line(at, by, _deed(verb, json.loads(text), zone, agendas)) for at, by, verb, text in entries
    ]


def _deed(verb: str, detail: Mapping[str, Any], zone: str, agendas: Mapping[int, str]) -> str:
    match verb:
        case "agenda.book":
            deed = f"Donné : {_place(detail, zone, agendas)}"
        case "agenda.move":
            before = _place(detail.get("before", {}), zone, agendas)
            deed = f"Déplacé : {_place(detail, zone, agendas)} (avant : {before})"
        case "agenda.cancel":
            deed = f"Annulé, {WANTED_BY.get(str(detail.get('wanted_by')), 'sans précision')}"
        case "agenda.note":
            deed = "Note changée"
        case "agenda.hand_documents":
            deed = f"Remis en main propre : {', '.join(map(str, detail.get('titles', [])))}"
        case "agenda.take_back_documents":
            deed = "Remise des documents notée par erreur"
        case "agenda.restore":
            deed = "Rétabli"
        case _:
            deed = verb
    if detail.get("squeezed"):
        deed += ", en entre deux"
    if detail.get("forced"):
        deed += ", hors règles"
    return deed


def _place(detail: Mapping[str, Any], zone: str, agendas: Mapping[int, str]) -> str:
    """« lundi 23 novembre, 09:15, Dr Lefèvre », as far as it is known."""
    parts: list[str] = []
    if starts_at := detail.get("starts_at"):
        minute = minute_of(datetime.fromisoformat(starts_at))
        parts += [day_words(on_the_wall(minute, zone).date()), clock_words(minute, zone)]
    if name := agendas.get(detail.get("agenda", 0)):
        parts.append(name)
    return ", ".join(parts) or "lieu inconnu"
