"""What a change of a visit reason hides and frees, before it is made. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from secretariat.agenda.refused_words import typeset
from secretariat.agenda.rule_effect import WEEKS

WHEN = f"d’ici {WEEKS} semaines"


class Times(NamedTuple):
    """What can be given for a reason in one agenda over some weeks."""

    minutes: int
    free: int
    first_minutes: int | None = None
    """For someone whom the practitioner never saw, when that differs."""
    first_free: int = 0
    by_link: int = 0
    """Those that patients may choose themselves."""


@dataclass(frozen=True)
class ReasonEffect:
    """By name of agenda, what can be given now and after the change; none: not offered there."""

    before: Mapping[str, Times]
    after: Mapping[str, Times]


class Total(NamedTuple):
    """Times of all agendas; `minutes` is 0 when their lengths differ."""

    free: int
    minutes: int


def reason_effect_words(one: ReasonEffect) -> list[str]:
    """What the change does, in sentences, the main one first."""
    return [typeset(sentence) for sentence in _sentences(one) if sentence]


def changed_agendas(one: ReasonEffect) -> list[str]:
    """« Dr Lefèvre : 312, puis 230 », where something changes and there are several agendas."""
    names = sorted({*one.before, *one.after})
    if len(names) < 2:
        return []
    lines = []
    for name in names:
        was, will = one.before.get(name), one.after.get(name)
        if was == will:
            continue
        if was is None:
            lines.append(f"{name} : {will.free if will else 0}, n’était pas proposé")
        elif will is None:
            lines.append(f"{name} : {was.free}, ne sera plus proposé")
        elif was.free != will.free:
            lines.append(f"{name} : {was.free}, puis {will.free}")
    return [typeset(line) for line in lines]


def _sentences(one: ReasonEffect) -> Iterator[str]:
    before, after = list(one.before.values()), list(one.after.values())
    was = _total((time.free, time.minutes) for time in before)
    will = _total((time.free, time.minutes) for time in after)
    yield _compared(was, will)
    first_was = _total(_first(time) for time in before)
    first_will = _total(_first(time) for time in after)
    if (first_was, first_will) != (was, will) and first_was != first_will:
        yield (
            f"Pour une première fois : {_of(first_will)} au lieu de {_of(first_was)}."
        )  # fmt: skip
    seen, shown = (sum(time.by_link for time in some) for some in (before, after))
    if shown - seen != will.free - was.free:
        yield f"Par un lien, un patient peut en choisir {shown}, au lieu de {seen}."


def _compared(was: Total, will: Total) -> str:
    gained = will.free - was.free
    if not will.free and was.free:
        return f"Plus aucun créneau ne pourra être donné {WHEN}, au lieu de {was.free}."
    if was.minutes != will.minutes and was.free:
        return f"{_of(will)} à donner {WHEN}, au lieu de {_of(was)}."
    if gained:
        deed = "ouvre" if gained > 0 else "cache"
        left = f"il y en aura {will.free}" if gained > 0 else f"il en reste {will.free}"
        return f"Ce changement {deed} {_of(Total(abs(gained), will.minutes))} {WHEN} : {left}."
    return f"Ce changement n’ouvre ni ne cache aucun créneau {WHEN}."


def _first(times: Times) -> tuple[int, int]:
    if times.first_minutes is None:
        return times.free, times.minutes
    return times.first_free, times.first_minutes


def _total(times: Iterable[tuple[int, int]]) -> Total:
    known = list(times)
    lengths = {minutes for _, minutes in known}
    return Total(sum(free for free, _ in known), lengths.pop() if len(lengths) == 1 else 0)


def _of(total: Total) -> str:
    some = f"{total.free} créneau{'x' if total.free > 1 else ''}"
    return f"{some} de {total.minutes} min" if total.minutes else some
