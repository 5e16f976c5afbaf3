"""How a day is shared, in sentences that a secretary reads aloud. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from secretariat.core.day_names import DAYS

PARTS = {
    "day": "Chaque jour",
    "morning": "Le matin",
    "afternoon": "L’après-midi",
    "half": "Chaque demi-journée",
}
EVERY_DAY, WORKING_DAYS = 0b1111111, 0b0011111


@dataclass(frozen=True)
class SpokenQuota:
    """What a quota says, in plain values."""

    kind: str
    amount: int
    reasons: Sequence[str]
    part: str = "half"
    weekdays: int = EVERY_DAY
    """A bit a weekday, Monday first."""
    minutes: int = 0
    release: str = "never"
    release_hours: int = 0
    label: str = ""


def quota_words(quota: SpokenQuota) -> str:
    """« Le matin, garder 2 créneaux de 15 min libres pour : Urgence — libérés le jour même »."""
    when = PARTS[quota.part] + _weekdays(quota.weekdays)
    whom = ", ".join(quota.reasons) or "tous les motifs"
    match quota.kind:
        case "keep":
            some = "s" if quota.amount > 1 else ""
            slots = f"{quota.amount} créneau{'x' if some else ''} de {quota.minutes} min"
            words = f"{when}, garder {slots} libre{some} pour : {whom}{_release(quota, some)}"
        case "most":
            words = f"{when}, au plus {quota.amount} : {whom}"
        case _:
            words = f"{when}, au plus {quota.amount} % du temps ouvert pour : {whom}"
    return f"{words} ({quota.label})" if quota.label else words


def weekday_bits(days: Sequence[int]) -> int:
    """The days ticked as one number; none ticked is every day."""
    return sum(1 << day for day in set(days)) or EVERY_DAY


def _weekdays(bits: int) -> str:
    if bits == EVERY_DAY:
        return ""
    if bits == WORKING_DAYS:
        return " du lundi au vendredi"
    names = [name for day, name in enumerate(DAYS) if bits >> day & 1]
    listed = ", ".join(names[:-1])
    return f" ({f'{listed} et ' if listed else ''}{names[-1]})"


def _release(quota: SpokenQuota, some: str) -> str:
    match quota.release:
        case "day":
            return f" — libéré{some} le jour même"
        case "notice":
            return f" — libéré{some} {quota.release_hours} h avant"
    return ""
