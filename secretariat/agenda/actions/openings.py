"""When an agenda is open: weekly hours, protected ranges, and days that differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from secretariat.agenda.actions import freeing, placing
from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import (
    Agenda,
    FreedTime,
    OpeningException,
    OpeningReason,
    OpeningRule,
    VisitReason,
)
from secretariat.agenda.rhythm import Rhythm, meet
from secretariat.agenda.rule_words import said
from secretariat.core.day_names import DAYS
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

_MIDNIGHT = time(0)


class RuleOverlaps(Refusal):
    """Another opening covers a part of these hours. Facts: rule."""


class NoSchoolZone(Refusal):
    """The site says in no zone its school holidays are."""


class ExceptionOverlaps(Refusal):
    """That day already differs during these hours. Facts: exception."""


class RuleDetails(TypedDict, total=False):
    """What a weekly rule says besides its hours; what is left out is the usual case."""

    kind: str
    """"open", or "protected": home visits, a meeting, duty."""
    label: str
    """What a protected range is for, or how an opening is called; shown in the grid."""
    every_weeks: int
    """1 to 12, counted from the week of the first day."""
    school_holidays: str
    """"except" or "only" school holidays; "" for the whole year."""
    mode: str
    """One of `VisitReason.Mode` when the range takes only these; "" for all."""


@transaction.atomic
def set_rule(
    *,
    agenda: Agenda,
    weekday: int,
    starts: time,
    ends: time,
    from_date: date,
    by: Staff,
    at: datetime,
    to_date: date | None = None,
    reasons: Sequence[VisitReason] = (),
    **details: Unpack[RuleDetails],
) -> OpeningRule:
    """Open `agenda` each week: « le mardi de 14 h à 18 h, du … au … », or protect these hours.

    Args:
        agenda: with its site.
        weekday: 0 is Monday.
        starts, ends: on the clock of the site; an end at 00:00 is midnight.
        from_date, to_date: first and last day, both included; without `to_date` it goes on.
        reasons: the range is kept for these; none: for all that are not reserved elsewhere.

    Raises:
        RuleOverlaps, NoSchoolZone, NotAllowed, BadInput.
    """
    must_rule(by)
    rule = rule_from(
        agenda=agenda, weekday=weekday, starts=starts, ends=ends, from_date=from_date,
        to_date=to_date, **details,
    )  # fmt: skip
    rule.author, rule.created_at = by, at
    placing.lock([agenda.pk])
    check_rule(rule, reasons)
    with freeing.changing([agenda], why=FreedTime.Why.HOURS, by=by, at=at):
        rule.save()
        OpeningReason.objects.bulk_create(
            OpeningReason(practice_id=agenda.practice_id, rule=rule, reason=reason)
            for reason in reasons
        )
    _note(
        rule, "agenda.set_rule", by, at, agenda=agenda.pk, weekday=weekday, starts=starts,
        ends=ends, from_date=from_date, to_date=to_date, **details,
        reasons=[reason.pk for reason in reasons],
    )  # fmt: skip
    return rule


def rule_from(
    *,
    agenda: Agenda,
    weekday: int,
    starts: time,
    ends: time,
    from_date: date,
    to_date: date | None,
    **details: Unpack[RuleDetails],
) -> OpeningRule:
    """The row that `set_rule` would write, not written: what a preview looks at."""
    return OpeningRule(
        practice_id=agenda.practice_id,
        agenda=agenda,
        weekday=weekday,
        starts=starts,
        ends=ends,
        from_date=from_date,
        to_date=to_date,
        kind=details.get("kind") or OpeningRule.Kind.OPEN,
        label=" ".join(details.get("label", "").split())[:120],
        every_weeks=details.get("every_weeks", 1),
        school_holidays=details.get("school_holidays", ""),
        mode=details.get("mode", ""),
    )


def check_rule(rule: OpeningRule, reasons: Sequence[VisitReason]) -> None:
    """Refuse a rule, not yet written, that means nothing or overlaps another.

    Raises:
        RuleOverlaps, NoSchoolZone, BadInput.
    """
    _refuse_odd_rule(rule, reasons)
    _refuse_overlap(rule)


@transaction.atomic
def end_rule(*, rule: OpeningRule, last_day: date, by: Staff, at: datetime) -> OpeningRule | None:
    """Let a weekly opening end after `last_day`; one that never served is removed.

    Returns:
        The rule with its end, or None when it was removed.

    Raises:
        NotAllowed.
    """
    must_rule(by)
    placing.lock([rule.agenda_id])
    current = OpeningRule.objects.select_for_update().get(pk=rule.pk, practice_id=rule.practice_id)
    agenda = Agenda.objects.select_related("site").get(pk=current.agenda_id)
    with freeing.changing([agenda], why=FreedTime.Why.HOURS, by=by, at=at):
        kept = _ended(current, last_day)
    if not kept:
        _note(current, "agenda.remove_rule", by, at, agenda=agenda.pk)
        return None
    _note(current, "agenda.end_rule", by, at, agenda=current.agenda_id, last_day=current.to_date)
    return current


def _ended(rule: OpeningRule, last_day: date) -> bool:
    """The rule with its end, or removed: whether it stays."""
    if last_day < rule.from_date:
        number = rule.pk
        rule.delete()
        rule.pk = number
        return False
    rule.to_date = min(last_day, rule.to_date or last_day)
    rule.save(update_fields=["to_date"])
    return True


@transaction.atomic
def add_exception(
    *,
    agenda: Agenda,
    date: date,
    kind: str,
    by: Staff,
    at: datetime,
    starts: time | None = None,
    ends: time | None = None,
    label: str = "",
) -> OpeningException:
    """Say that one day differs: opened for once, or closed for once.

    Args:
        kind: "open" or "closed".
        starts, ends: hours on the site's clock; a closure without hours is the whole day.
        label: why, shown in the grid; nothing about a patient.

    Raises:
        ExceptionOverlaps, NotAllowed, BadInput.
    """
    must_rule(by)
    placing.lock([agenda.pk])
    exception = exception_from(
        agenda=agenda, date=date, kind=kind, starts=starts, ends=ends, label=label
    )
    exception.author, exception.created_at = by, at
    check_exception(exception)
    exception.save()
    _times_of(exception, agenda, kind, by, at)
    _note(
        exception, "agenda.add_exception", by, at, agenda=agenda.pk, date=date, kind=kind,
        starts=starts, ends=ends,
    )  # fmt: skip
    return exception


def exception_from(
    *,
    agenda: Agenda,
    date: date,
    kind: str,
    starts: time | None = None,
    ends: time | None = None,
    label: str = "",
) -> OpeningException:
    """The row that `add_exception` would write, not written: what a preview looks at."""
    return OpeningException(
        practice_id=agenda.practice_id, agenda=agenda, date=date, kind=kind, starts=starts,
        ends=ends, label=label.strip()[:120],
    )  # fmt: skip


@transaction.atomic
def remove_exception(*, exception: OpeningException, by: Staff, at: datetime) -> None:
    """Let a day be like the others again.

    Raises:
        NotAllowed.
    """
    must_rule(by)
    placing.lock([exception.agenda_id])
    number = exception.pk
    agenda = Agenda.objects.select_related("site").get(pk=exception.agenda_id)
    exception.delete()
    exception.pk = number
    other = "closed" if exception.kind == "open" else "open"
    _times_of(exception, agenda, other, by, at)
    _note(exception, "agenda.remove_exception", by, at, agenda=agenda.pk, date=exception.date)


def _times_of(
    exception: OpeningException, agenda: Agenda, becomes: str, by: Staff, at: datetime
) -> None:
    """What the day opens is proposed to those who wait; what it closes is not any more."""
    zone = ZoneInfo(agenda.site.time_zone)
    starts, ends = exception.starts or _MIDNIGHT, exception.ends or _MIDNIGHT
    until = exception.date + timedelta(days=ends == _MIDNIGHT)
    span = (
        datetime.combine(exception.date, starts, zone).astimezone(UTC),
        datetime.combine(until, ends, zone).astimezone(UTC),
    )
    if becomes == "open":
        freeing.opened(agenda=agenda, span=span, why=FreedTime.Why.OPENING, by=by, at=at)
    else:
        freeing.closed(agenda=agenda, span=span, at=at)


def check_exception(exception: OpeningException) -> None:
    """A day opens with its hours, closes with or without, and is not said twice.

    Raises:
        ExceptionOverlaps, BadInput.
    """
    starts, ends = exception.starts, exception.ends
    if exception.kind not in OpeningException.Kind.values:
        raise BadInput("Dites si ce jour est ouvert ou fermé exceptionnellement.")
    if (starts is None) != (ends is None) or (exception.kind == "open" and starts is None):
        raise BadInput("Indiquez l’heure de début et l’heure de fin.")
    if starts is not None and ends is not None:
        _in_order(starts, ends)
    for other in OpeningException.objects.filter(
        agenda_id=exception.agenda_id, date=exception.date, kind=exception.kind
    ):
        if _hours_meet(starts, ends, other.starts, other.ends):
            raise ExceptionOverlaps(
                f"Le {exception.date:%d/%m/%Y} a déjà une exception pendant ces heures : "
                "supprimez-la d’abord.",
                exception=other,
            )


def _in_order(starts: time, ends: time) -> None:
    if ends <= starts and ends != _MIDNIGHT:
        raise BadInput(
            "L’heure de fin tombe avant l’heure de début : corrigez les heures. "
            "Pour finir à minuit, écrivez 00:00."
        )


def _refuse_odd_rule(rule: OpeningRule, reasons: Sequence[VisitReason]) -> None:
    if rule.weekday not in range(7):
        raise BadInput("Choisissez un jour de la semaine.")
    _in_order(rule.starts, rule.ends)
    if rule.to_date is not None and rule.to_date < rule.from_date:
        raise BadInput("La fin de cet horaire tombe avant son début : corrigez les dates.")
    if rule.every_weeks not in range(1, 13):
        raise BadInput("Un horaire revient toutes les semaines, ou une semaine sur douze au plus.")
    if rule.kind not in OpeningRule.Kind.values:
        raise BadInput("Dites si ces heures sont ouvertes ou protégées.")
    if rule.mode not in ("", *VisitReason.Mode.values):
        raise BadInput("Choisissez une sorte de consultation, ou toutes.")
    if rule.kind == OpeningRule.Kind.PROTECTED:
        if rule.mode or reasons:
            raise BadInput(
                "Une plage protégée ne reçoit personne : ôtez ses motifs et sa sorte de "
                "consultation, ou choisissez « Consultation »."
            )
        if not rule.label:
            raise BadInput("Dites à quoi sert cette plage protégée : « Réunion », « Garde »…")
    if rule.school_holidays and not rule.agenda.site.school_zone:
        raise NoSchoolZone(
            f"{rule.agenda.site.name} n’a pas de zone de vacances scolaires : choisissez-la "
            "d’abord dans « Sites »."
        )


def rhythm_of(rule: OpeningRule) -> Rhythm:
    """The weeks in which a rule comes."""
    return Rhythm(
        rule.weekday, rule.from_date, rule.to_date, rule.every_weeks, rule.school_holidays
    )


def _refuse_overlap(rule: OpeningRule) -> None:
    """Two openings never cover one minute; nor do two protected ranges."""
    others = OpeningRule.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=rule.from_date),
        Q(ends__gt=rule.starts) | Q(ends=_MIDNIGHT),
        agenda_id=rule.agenda_id,
        weekday=rule.weekday,
        kind=rule.kind,
    ).order_by("starts")
    if rule.ends != _MIDNIGHT:
        others = others.filter(starts__lt=rule.ends)
    wanted = rhythm_of(rule)
    if other := next((one for one in others if meet(wanted, rhythm_of(one))), None):
        state = "protégé" if other.kind == OpeningRule.Kind.PROTECTED else "ouvert"
        raise RuleOverlaps(
            f"Le {DAYS[rule.weekday]} de {said(other.starts)} à {said(other.ends)} est déjà "
            f"{state} {_dates(other)} : arrêtez d’abord cet horaire, ou choisissez d’autres "
            "heures.",
            rule=other,
        )


def _dates(rule: OpeningRule) -> str:
    since = f"depuis le {rule.from_date:%d/%m/%Y}"
    return f"{since}, jusqu’au {rule.to_date:%d/%m/%Y}" if rule.to_date else since


def _hours_meet(a: time | None, b: time | None, c: time | None, d: time | None) -> bool:
    """Whether two spans of a day overlap; without hours a span is the whole day."""
    if a is None or b is None or c is None or d is None:
        return a is None and c is None
    return (a < d or d == _MIDNIGHT) and (c < b or b == _MIDNIGHT)


def _note(
    subject: OpeningRule | OpeningException, verb: str, by: Staff, at: datetime, **detail: Any
) -> None:
    daybook.note(
        practice_id=subject.practice_id, by=by, at=at, verb=verb, subject=subject, **detail
    )
