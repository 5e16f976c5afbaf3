"""The passage of a patient, step by step. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# Waiting longer than this stands out on the board (product.md, the rail).
LONG_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its key, the column it fills, its words, and the states it may follow."""

    key: str
    column: str
    verb: str
    state: str
    icon: str
    letter: str
    after: tuple[str, ...]


STEPS: dict[str, Step] = {
    step.key: step
    for step in (
        Step(
            "arrive",
            "arrived_at",
            "Est arrivé",
            "arrived",
            "door-enter",
            "a",
            ("expected", "missed"),
        ),
        Step("call", "called_at", "Appeler", "called", "speakerphone", "c", ("arrived",)),
        Step(
            "enter",
            "entered_at",
            "Fait entrer",
            "entered",
            "stethoscope",
            "e",
            ("arrived", "called"),
        ),
        Step(
            "leave",
            "left_at",
            "Est parti",
            "left",
            "door-exit",
            "s",
            ("arrived", "called", "entered"),
        ),
        Step("miss", "missed_at", "N’est pas venu", "missed", "user-off", "n", ("expected",)),
    )
}

# From the last step to the first: the state is the first one that has a time.
_ORDER = ("leave", "enter", "call", "arrive", "miss")

STATES = {
    "expected": ("Attendu", "clock"),
    "arrived": ("En attente", "armchair"),
    "called": ("Appelé", "speakerphone"),
    "entered": ("En consultation", "stethoscope"),
    "left": ("Parti", "door-exit"),
    "missed": ("Pas venu", "user-off"),
}


def state_of(times: Mapping[str, datetime | None]) -> str:
    """The state of a passage from its times, keyed by column; empty means expected."""
    for key in _ORDER:
        if times.get(STEPS[key].column) is not None:
            return STEPS[key].state
    return "expected"


def last_step(times: Mapping[str, datetime | None]) -> Step | None:
    """The step an undo would take back."""
    return next((STEPS[key] for key in _ORDER if times.get(STEPS[key].column) is not None), None)


def next_steps(state: str) -> list[Step]:
    """What may follow, the most likely first."""
    return [step for step in STEPS.values() if state in step.after]


def waiting_minutes(times: Mapping[str, datetime | None], at: datetime) -> int | None:
    """Whole minutes waited so far, for someone who has arrived and has not gone in."""
    arrived = times.get("arrived_at")
    if arrived is None or state_of(times) not in ("arrived", "called"):
        return None
    return max(0, int((at - arrived).total_seconds() // 60))


def too_long(waited: int | None) -> bool:
    """Whether the wait must stand out."""
    return waited is not None and timedelta(minutes=waited) >= LONG_WAIT
