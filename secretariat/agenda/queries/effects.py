"""What a change of hours would do, asked of the agenda as it is now: nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date, timedelta
from statistics import median_low
from typing import Any, cast

from secretariat.agenda import loading, openings
from secretariat.agenda.local_time import day_bounds, minute_of, moment_of
from secretariat.agenda.locums import absences_in_force
from secretariat.agenda.models import (
    Agenda,
    Appointment,
    OfferedReason,
    OpeningException,
    OpeningRule,
    VisitReason,
)
from secretariat.agenda.openings import AgendaHours, Wanted
from secretariat.agenda.rule_effect import DAYS, Effect, Stood, effect, effect_words

SHOWN = 10
"""Visits listed under an effect."""
USUAL_MINUTES = 15


@dataclass(frozen=True)
class Preview:
    """An effect in words, with the first visits that it would leave outside the hours."""

    effect: Effect
    words: str
    outside: list[Appointment]

    @property
    def more(self) -> int:
        """How many others are not listed."""
        return len(self.effect.outside) - len(self.outside)


def of_new_rules(
    agenda: Agenda, rules: Sequence[OpeningRule], reasons: Sequence[VisitReason], today: date
) -> Preview:
    """What adding these rows would do: five statements."""
    named = frozenset(reason.pk for reason in reasons)
    added = [_plain(rule, named) for rule in rules]
    first = min(rule.from_date for rule in rules)
    return _preview(agenda, max(first, today), today, lambda hours: [*hours.rules, *added])


def of_an_end(rule: OpeningRule, last_day: date, today: date) -> Preview:
    """What letting a rule end after `last_day` would do: five statements."""

    def ended(hours: AgendaHours) -> list[openings.OpeningRule]:
        others = [one for one in hours.rules if one.id != rule.pk]
        return others + [
            changed(one, to_date=min(last_day, one.to_date or last_day))
            for one in hours.rules
            if one.id == rule.pk and one.from_date <= last_day
        ]

    since = max(last_day + timedelta(days=1), rule.from_date, today)
    return _preview(rule.agenda, since, today, ended)


def of_a_day(exception: OpeningException, today: date) -> Preview:
    """What letting a day differ would do: five statements."""
    day = openings.OpeningException(
        exception.date, exception.starts, exception.ends, cast("Any", exception.kind)
    )
    return _preview(exception.agenda, exception.date, today, lambda hours: list(hours.rules), [day])


def _preview(
    agenda: Agenda,
    since: date,
    today: date,
    rules: Callable[[AgendaHours], list[openings.OpeningRule]],
    days: Sequence[openings.OpeningException] = (),
) -> Preview:
    [facts] = loading.facts([agenda], since, DAYS, visits=False)
    hours = facts.hours
    after = AgendaHours(hours.site, rules(hours), [*hours.exceptions, *days])
    done = effect(
        hours, after, since,
        minutes=_usual_minutes(agenda),
        away=sorted((away.start, away.end) for away in absences_in_force(facts)),
        visits=_given(agenda, since),
    )  # fmt: skip
    outside = Appointment.objects.filter(pk__in=done.outside).order_by("starts_at")
    listed = outside.select_related("patient", "reason")[:SHOWN] if done.outside else ()
    return Preview(done, effect_words(done, today), list(listed))


def _plain(rule: OpeningRule, reasons: frozenset[int]) -> openings.OpeningRule:
    return openings.OpeningRule(
        rule.weekday, rule.starts, rule.ends, rule.from_date, rule.to_date, label=rule.label,
        kind=cast("Any", rule.kind), every_weeks=rule.every_weeks,
        school_holidays=cast("Any", rule.school_holidays), mode=rule.mode, reasons=reasons,
    )  # fmt: skip


def _usual_minutes(agenda: Agenda) -> int:
    """The middle length of what the agenda offers."""
    known = OfferedReason.objects.filter(agenda=agenda, reason__active=True)
    lengths = [own or usual for own, usual in known.values_list("minutes", "reason__minutes")]
    return median_low(lengths) if lengths else USUAL_MINUTES


def _given(agenda: Agenda, since: date) -> list[Stood]:
    """The visits of these weeks."""
    zone = agenda.site.time_zone
    last = since + timedelta(days=DAYS - 1)
    rows = Appointment.objects.filter(
        practice_id=agenda.practice_id,
        agenda=agenda,
        starts_at__gte=moment_of(day_bounds(since, zone)[0]),
        starts_at__lt=moment_of(day_bounds(last, zone)[1]),
        cancelled_at__isnull=True,
    ).values_list("starts_at", "ends_at", "pk", "reason_id", "reason__mode", "reason__named_only")
    return [
        Stood(
            minute_of(start), minute_of(end, up=True), pk,
            Wanted(reason or 0, mode or "on_site", bool(named_only)),
        )
        for start, end, pk, reason, mode, named_only in rows.order_by("starts_at")
    ]  # fmt: skip
