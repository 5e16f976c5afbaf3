"""Hours, ranges and absences in sentences that a secretary reads aloud. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from secretariat.agenda.local_time import on_the_wall
from secretariat.agenda.refused_words import day_words
from secretariat.core.day_names import DAYS

NUMBERS = (
    "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
)  # fmt: skip
MODES = {
    "on_site": "au cabinet seulement",
    "home": "à domicile",
    "video": "en vidéo",
    "phone": "par téléphone",
}


@dataclass(frozen=True)
class Spoken:
    """What a weekly rule says, in plain values."""

    weekday: int
    starts: time
    ends: time
    protected: bool = False
    label: str = ""
    every_weeks: int = 1
    school_holidays: str = ""
    zone: str = ""
    """Of school holidays: "A", "B" or "C"."""
    mode: str = ""
    reasons: Sequence[str] = ()


def said(clock: time) -> str:
    """« 14 h », « 8 h 30 »; midnight ends a day as « minuit »."""
    if not (clock.hour or clock.minute):
        return "minuit"
    return f"{clock.hour} h" + (f" {clock.minute:02d}" if clock.minute else "")


def weekly(rule: Spoken) -> str:
    """« Le mardi de 14 h à 18 h, une semaine sur deux, sauf vacances scolaires (zone B) »."""
    parts = [f"Le {DAYS[rule.weekday]} de {said(rule.starts)} à {said(rule.ends)}"]
    if rule.every_weeks > 1:
        parts.append(one_week_in(rule.every_weeks))
    if rule.school_holidays:
        zone = f" (zone {rule.zone})" if rule.zone else ""
        only = rule.school_holidays == "only"
        parts.append(
            f"{'pendant les' if only else 'sauf'} vacances scolaires{zone}"
            f"{' seulement' if only else ''}"
        )
    if rule.mode:
        parts.append(MODES[rule.mode])
    sentence = ", ".join(parts)
    if rule.protected:
        return f"{sentence}, plage protégée : {rule.label}"
    if rule.reasons:
        sentence += f", pour : {', '.join(rule.reasons)}"
    return f"{sentence} ({rule.label})" if rule.label else sentence


def one_week_in(every: int) -> str:
    """« une semaine sur deux »."""
    return f"une semaine sur {NUMBERS[every - 1]}" if every > 1 else "toutes les semaines"


def away_words(start: int, end: int, zone: str) -> str:
    """« mercredi 25 novembre 2026 », « du 25… à 14 h au 26… à 12 h ». Minutes are of UTC."""
    first, last = on_the_wall(start, zone), on_the_wall(end, zone)
    whole = not (first.hour or first.minute or last.hour or last.minute)
    if whole:
        last = on_the_wall(end - 1, zone)
    begins, ends = (long_day(day.date()) for day in (first, last))
    if first.date() == last.date():
        return begins if whole else f"{begins}, de {said(first.time())} à {said(last.time())}"
    if whole:
        return f"du {begins} au {ends}"
    return f"du {begins} à {said(first.time())} au {ends} à {said(last.time())}"


def long_day(day: date) -> str:
    """« mercredi 25 novembre 2026 »."""
    return f"{day_words(day)} {day.year}"
