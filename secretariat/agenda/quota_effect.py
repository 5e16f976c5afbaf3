"""What a quota, or its end, keeps, hides and gives back, before it is made. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from secretariat.agenda.chaining import on_day
from secretariat.agenda.facts import AgendaFacts, Ask
from secretariat.agenda.free_time import free_starts, own_time
from secretariat.agenda.local_time import day_bounds
from secretariat.agenda.quotas import Quota, noon_of
from secretariat.agenda.rationing import Rationing
from secretariat.agenda.refused_words import day_words, typeset
from secretariat.agenda.rule_effect import DAYS, WEEKS

MORNING, AFTERNOON, DAY = "le matin", "l’après-midi", "dans la journée"


@dataclass(frozen=True)
class QuotaEffect:
    """Times by part of the day, over some weeks.

    Attributes:
        minutes: length of the times hidden and freed.
        kept: times kept for the quota's reasons, those of its own length.
        hidden: times free until now that could no longer be given.
        freed: times that could be given again.
        past_it: parts of a day that hold more already, or have not room enough for what is kept.
    """

    quota: Quota
    since: date
    minutes: int
    kept: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    freed: Counter[str] = field(default_factory=Counter)
    past_it: int = 0


def quota_effect(
    facts: AgendaFacts, quota: Quota, ask: Ask, since: date, *, ends: bool = False
) -> QuotaEffect:
    """Compare the agenda without and with a quota over eight weeks.

    Args:
        facts: of these weeks, with whole visits, the quota itself left out.
        ask: the visit hidden: of another reason for times kept, of the quota's own otherwise.
        since: first local day.
        ends: the quota stops being there, instead of beginning to be.
    """
    done = QuotaEffect(quota, since, ask.minutes)
    over = 0
    ruled = replace(facts, quotas=[*facts.quotas, quota])
    for number in range(DAYS):
        day = since + timedelta(days=number)
        if not quota.in_force(day):
            continue
        bare, with_it = on_day(facts, day), on_day(ruled, day)
        rations = Rationing(with_it, ask, own_time(with_it))
        for part, window in _windows(quota, day, facts.hours.site.zone):
            count, past = rations.standing(quota, window, day)
            done.kept[part] += count
            over += past
        gone = _starts(bare, day, ask) - _starts(with_it, day, ask)
        noon = noon_of(day, facts.hours.site.zone)
        changed = done.freed if ends else done.hidden
        changed.update(MORNING if minute < noon else AFTERNOON for minute in gone)
    return replace(done, past_it=over)


def quota_change(facts: AgendaFacts, was: Quota, will: Quota, ask: Ask, since: date) -> QuotaEffect:
    """Compare the agenda with a quota as it is and as it would be, over eight weeks.

    Args:
        facts: of these weeks, with whole visits, the quota itself left out.
        ask: as for `quota_effect`.
        since: first local day.

    Returns:
        What it keeps as it would be, and the times hidden besides or given back.
    """
    done = quota_effect(facts, will, ask, since)
    hidden, freed = Counter[str](), Counter[str]()
    old, new = (replace(facts, quotas=[*facts.quotas, one]) for one in (was, will))
    for number in range(DAYS):
        day = since + timedelta(days=number)
        if not (was.in_force(day) or will.in_force(day)):
            continue
        before, after = (_starts(on_day(one, day), day, ask) for one in (old, new))
        noon = noon_of(day, facts.hours.site.zone)
        for changed, gone in ((hidden, before - after), (freed, after - before)):
            changed.update(MORNING if minute < noon else AFTERNOON for minute in gone)
    return replace(done, hidden=hidden, freed=freed)


def quota_change_words(one: QuotaEffect, kept_now: int, today: date) -> list[str]:
    """What a change of a quota does, in sentences, the main one first.

    Args:
        kept_now: how many times it keeps as it is.
    """
    return [
        typeset(sentence) for sentence in _changed(one, kept_now, _when(one, today)) if sentence
    ]


def _changed(one: QuotaEffect, kept_now: int, when: str) -> Iterable[str]:
    hidden, freed = one.hidden.total(), one.freed.total()
    if one.quota.kind == "keep":
        kept = one.kept.total()
        now = f", au lieu de {kept_now}" if kept_now != kept else ", comme aujourd’hui"
        parts = f" : {_parts(one.kept)}" if kept else ""
        yield f"Ce quota gardera {_times(kept, one.quota.minutes)} {when}{now}{parts}."
    elif not hidden and not freed:
        yield f"Ce changement n’ouvre ni ne cache aucun créneau {when}."
    if hidden:
        yield f"Il cache {_times(hidden, one.minutes)} de plus : {_parts(one.hidden)}."
    if freed:
        yield f"Il rend {_times(freed, one.minutes)} : {_parts(one.freed)}."
    if one.quota.kind == "keep":
        yield _past(one, "n’a déjà plus", "n’ont déjà plus", "le temps libre qu’il garde")
    else:
        yield _past(one, "le dépasse", "le dépassent", "déjà")


def _when(one: QuotaEffect, today: date) -> str:
    if one.since > today:
        return f"dans les {WEEKS} semaines qui suivent le {day_words(one.since)}"
    return f"d’ici {WEEKS} semaines"


def quota_effect_words(one: QuotaEffect, today: date, *, ends: bool = False) -> list[str]:
    """What it does, in sentences, the main one first."""
    when = _when(one, today)
    said = _ended(one, when) if ends else _made(one, when)
    return [typeset(sentence) for sentence in said if sentence]


def _made(one: QuotaEffect, when: str) -> Iterable[str]:
    if one.quota.kind == "keep":
        kept = one.kept.total()
        yield (
            f"Ce quota garde {_times(kept, one.quota.minutes)} {when} : {_parts(one.kept)}."
            if kept else f"Ce quota ne garde aucun créneau {when}."
        )  # fmt: skip
        if one.hidden.total():
            count = _times(one.hidden.total(), one.minutes)
            yield f"Il cache aux autres motifs {count} libres aujourd’hui : {_parts(one.hidden)}."
        else:
            yield "Il ne cache encore rien aux autres motifs."
        yield _past(one, "n’a déjà plus", "n’ont déjà plus", "le temps libre qu’il garde")
        return
    hidden = one.hidden.total()
    yield (
        f"Ce quota cache {_times(hidden, one.minutes)} {when} : {_parts(one.hidden)}."
        if hidden else f"Ce quota ne cache aucun créneau libre {when}."
    )  # fmt: skip
    yield _past(one, "le dépasse", "le dépassent", "déjà")


def _ended(one: QuotaEffect, when: str) -> Iterable[str]:
    if one.quota.kind == "keep":
        kept = one.kept.total()
        yield (
            f"Cet arrêt rend à tous {_times(kept, one.quota.minutes)} gardés {when} : "
            f"{_parts(one.kept)}."
            if kept else f"Cet arrêt ne rend aucun créneau gardé {when}."
        )  # fmt: skip
    freed = one.freed.total()
    yield (
        f"Il ouvre {_times(freed, one.minutes)} qui étaient cachés : {_parts(one.freed)}."
        if freed else "Rien n’était caché par lui."
    )  # fmt: skip


def _past(one: QuotaEffect, alone: str, several: str, what: str) -> str:
    count = one.past_it
    if not count:
        return ""
    day = "journée" if one.quota.part == "day" else "demi-journée"
    if count == 1:
        return f"1 {day} {alone} {what}."
    return f"{count} {day}s {several} {what}."


def _times(count: int, minutes: int) -> str:
    return f"{count} créneau{'x' if count > 1 else ''} de {minutes} min"


def _parts(counted: Counter[str]) -> str:
    """« 12 le matin, 8 l’après-midi »."""
    return ", ".join(f"{counted[part]} {part}" for part in (MORNING, AFTERNOON, DAY)
                     if counted[part])  # fmt: skip


def _windows(quota: Quota, day: date, zone: str) -> list[tuple[str, tuple[int, int]]]:
    """The parts of that day of which the quota speaks."""
    first, last = day_bounds(day, zone)
    if quota.part == "day":
        return [(DAY, (first, last))]
    both = ((MORNING, first), (AFTERNOON, last - 1))
    found = ((part, quota.window(minute, day, zone)) for part, minute in both)
    return [(part, window) for part, window in found if window is not None]


def _starts(facts: AgendaFacts, day: date, ask: Ask) -> set[int]:
    return set(free_starts(facts, day, 1, ask, not_before=ask.at))
