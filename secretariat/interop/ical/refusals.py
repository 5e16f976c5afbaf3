"""What is said of a calendar, or of one event, that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class UnreadableCalendar(Exception):
    """The whole file is refused; nothing of it should be kept.

    Args:
        sentence: what is wrong and what to do, in French, shown as it is.
        facts: plain values for the screen (line, limit...).
    """

    status = 400

    def __init__(self, sentence: str, **facts: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts


class BadEvent(ValueError):
    """One event cannot be understood; `sentence` says why, in French."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Fault:
    """An event left out (`line` is where it begins in the file), with the reason in French."""

    line: int
    summary: str
    sentence: str
