"""Chains of reasons and the order of proposals, as the settings show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from secretariat.agenda.models import Protocol, ProtocolStep, Ranking


@dataclass(frozen=True)
class ProtocolRow:
    """A chain in words."""

    protocol: Protocol
    words: str


def protocols(practice_id: int) -> list[ProtocolRow]:
    """Every chain, those no longer given last: two statements."""
    found = protocols_of(practice_id).order_by("-active", "position", "name")
    return [ProtocolRow(one, protocol_words(list(one.steps.all()))) for one in found]


def protocols_of(practice_id: int) -> QuerySet[Protocol]:
    """The chains of a practice, their steps in order."""
    steps = ProtocolStep.objects.select_related("reason").order_by("position")
    return Protocol.objects.filter(practice_id=practice_id).prefetch_related(
        Prefetch("steps", queryset=steps)
    )


def protocol_words(steps: list[ProtocolStep]) -> str:
    """« ECG, puis Consultation 0 à 30 min après »."""
    first, *others = (step.reason.name for step in steps) if steps else ("",)
    waits = [f"puis {name} {_wait(step)}" for name, step in zip(others, steps[1:], strict=True)]
    return ", ".join([first, *waits])


def ranking(practice_id: int) -> Ranking:
    """What weighs in a practice; the usual weights, not saved, as long as nobody chose."""
    chosen = Ranking.objects.filter(practice_id=practice_id).select_related("author").first()
    return chosen or Ranking(practice_id=practice_id)


def _wait(step: ProtocolStep) -> str:
    if not step.wait_to:
        return "aussitôt après"
    if not step.wait_from:
        return f"dans les {step.wait_to} min"
    return f"{step.wait_from} à {step.wait_to} min après"
