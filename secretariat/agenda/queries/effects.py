"""What a change of hours would do, asked of the agenda as it is now: nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import Any, cast

from secretariat.agenda import loading, openings, quotas
from secretariat.agenda.facts import Ask
from secretariat.agenda.local_time import day_bounds, minute_of, moment_of
from secretariat.agenda.locums import absences_in_force
from secretariat.agenda.models import (
    Agenda,
    Appointment,
    OfferedReason,
    OpeningException,
    OpeningRule,
    Quota,
    VisitReason,
)
from secretariat.agenda.openings import AgendaHours, Wanted
from secretariat.agenda.quota_effect import (
    QuotaEffect,
    quota_change,
    quota_change_words,
    quota_effect,
    quota_effect_words,
)
from secretariat.agenda.rule_effect import DAYS, Effect, Stood, effect, effect_words
from secretariat.core.clock import local_date

SHOWN = 10
"""Visits listed under an effect."""
USUAL_MINUTES = 15
NO_REASON = -1
"""A visit of any other reason."""


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
    return _preview(
        exception.agenda, exception.date, today, lambda hours: list(hours.rules), days=[day]
    )


def of_a_day_as_usual(exception: OpeningException, today: date) -> Preview:
    """What letting a day be like the others again would do: five statements."""
    return _preview(
        exception.agenda, exception.date, today, lambda hours: list(hours.rules), but=exception.pk
    )


@dataclass(frozen=True)
class QuotaPreview:
    """What a quota would do, in sentences, the main one first."""

    effect: QuotaEffect
    words: list[str]


def of_a_quota(
    quota: Quota, reasons: Sequence[VisitReason], at: datetime, *, since: date | None = None
) -> QuotaPreview:
    """What a quota would do, or the end of one already written: three statements.

    Args:
        since: the first day without a quota that ends; None for one that begins.
    """
    ends = since is not None
    zone = quota.agenda.site.time_zone
    today = local_date(at, zone)
    first = max(since or quota.from_date, today)
    whose = loading.Whose(at, names=True)
    [facts] = loading.facts([quota.agenda], first, DAYS, whose=whose)
    others = [one for one in facts.quotas if not ends or one.id != quota.pk]
    ask = _hidden_by(quota, reasons, at)
    done = quota_effect(
        changed(facts, quotas=others), _plain_quota(quota, reasons), ask, first, ends=ends
    )
    return QuotaPreview(done, quota_effect_words(done, today, ends=ends))


def of_a_changed_quota(
    quota: Quota, will: Quota, reasons: Sequence[VisitReason], at: datetime
) -> QuotaPreview:
    """What letting a quota say something else would do: three statements.

    Args:
        quota: as it is written, with its agenda and site.
        will: as it would be, not written; `reasons` are those it would count.
    """
    today = local_date(at, quota.agenda.site.time_zone)
    whose = loading.Whose(at, names=True)
    [facts] = loading.facts([quota.agenda], today, DAYS, whose=whose)
    others = changed(facts, quotas=[one for one in facts.quotas if one.id != quota.pk])
    ask = _hidden_by(will, reasons, at)
    plain = _plain_quota(will, reasons)
    known = [one for one in facts.quotas if one.id == quota.pk]
    was = known[0] if known else changed(plain, to_date=today - timedelta(days=1))
    now = quota_effect(others, was, ask, today).kept.total()
    done = quota_change(others, was, plain, ask, today)
    return QuotaPreview(done, quota_change_words(done, now, today))


def _plain_quota(quota: Quota, reasons: Sequence[VisitReason]) -> quotas.Quota:
    return quotas.Quota(
        cast("Any", quota.kind), quota.amount, frozenset(reason.pk for reason in reasons),
        cast("Any", quota.part), quota.weekdays, quota.minutes, cast("Any", quota.release),
        quota.release_hours, quota.from_date, quota.to_date,
    )  # fmt: skip


def _hidden_by(quota: Quota, reasons: Sequence[VisitReason], at: datetime) -> Ask:
    """The visit that a quota hides: of another reason, or the shortest of its own."""
    if quota.kind == Quota.Kind.KEEP:
        return Ask(_usual_minutes(quota.agenda), reason=NO_REASON, at=minute_of(at))
    shortest = min(reasons, key=lambda reason: (reason.minutes, reason.pk))
    return loading.ask(shortest, shortest.minutes, at=at)


def _preview(
    agenda: Agenda,
    since: date,
    today: date,
    rules: Callable[[AgendaHours], list[openings.OpeningRule]],
    *,
    days: Sequence[openings.OpeningException] = (),
    but: int = 0,
) -> Preview:
    [facts] = loading.facts([agenda], since, DAYS, visits=False)
    hours = facts.hours
    kept = [one for one in hours.exceptions if not but or one.id != but]
    after = AgendaHours(hours.site, rules(hours), [*kept, *days])
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
    """The visits of these weeks; those forced or squeezed stand there knowingly."""
    zone = agenda.site.time_zone
    last = since + timedelta(days=DAYS - 1)
    visits = Appointment.objects.filter(
        practice_id=agenda.practice_id,
        agenda=agenda,
        starts_at__gte=moment_of(day_bounds(since, zone)[0]),
        starts_at__lt=moment_of(day_bounds(last, zone)[1]),
        cancelled_at__isnull=True,
        forced=False,
        squeezed=False,
    ).exclude(patient__isnull=True, reason__isnull=True)  # blocks: nobody comes
    rows = visits.values_list(
        "starts_at", "ends_at", "pk", "reason_id", "reason__mode", "reason__named_only"
    )
    return [
        Stood(
            minute_of(start), minute_of(end, up=True), pk,
            Wanted(reason or 0, mode or "on_site", bool(named_only)),
        )
        for start, end, pk, reason, mode, named_only in rows.order_by("starts_at")
    ]  # fmt: skip
