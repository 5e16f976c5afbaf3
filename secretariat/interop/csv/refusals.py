"""What is said of a table that cannot be read, in one French sentence."""

from __future__ import annotations

from typing import Any


class UnreadableTable(Exception):
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


class BadValue(ValueError):
    """One cell cannot be understood; `sentence` says why, in French."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
