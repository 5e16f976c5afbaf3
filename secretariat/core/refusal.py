"""Refusals: a rule says no, in one French sentence, and nothing was written."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A rule of the house refuses what was asked.

    Args:
        sentence: what is wrong and what was kept, in French, shown as it is.
        facts: plain values for the screen (nearest free times, differing fields...).

    Subclasses name the rule; `status` is the HTTP status of the answer.
    """

    status = 409

    def __init__(self, sentence: str, **facts: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts


class NotAllowed(Refusal):
    """The person's role does not hold the permission this verb needs."""

    status = 403


class BadInput(Refusal):
    """What was typed cannot be understood or kept."""

    status = 400
