"""When an agenda is open: weekly hours, and days that differ."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q

from secretariat.agenda.actions import placing
from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import Agenda, OpeningException, OpeningRule
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


class RuleOverlaps(Refusal):
    """Another opening covers a part of these hours. Facts: rule."""


class ExceptionOverlaps(Refusal):
    """That day already differs during these hours. Facts: exception."""


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
) -> OpeningRule:
    """Open `agenda` each week: « le mardi de 14 h à 18 h, du … au … ».

    Args:
        weekday: 0 is Monday.
        starts, ends: on the clock of the site.
        from_date, to_date: first and last day, both included; without `to_date` it goes on.

    Raises:
        RuleOverlaps, NotAllowed, BadInput.
    """
    must_rule(by)
    if weekday not in range(7):
        raise BadInput("Choisissez un jour de la semaine.")
    _in_order(starts, ends)
    if to_date is not None and to_date < from_date:
        raise BadInput("La fin de cet horaire tombe avant son début : corrigez les dates.")
    placing.lock([agenda.pk])
    rule = OpeningRule(
        practice_id=agenda.practice_id,
        agenda=agenda,
        weekday=weekday,
        starts=starts,
        ends=ends,
        from_date=from_date,
        to_date=to_date,
        author=by,
        created_at=at,
    )
    _refuse_overlap(rule)
    rule.save()
    _note(
        rule, "agenda.set_rule", by, at, agenda=agenda.pk, weekday=weekday,
        starts=starts, ends=ends, from_date=from_date, to_date=to_date,
    )  # fmt: skip
    return rule


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
    if last_day < current.from_date:
        number = current.pk
        current.delete()
        current.pk = number
        _note(current, "agenda.remove_rule", by, at, agenda=current.agenda_id)
        return None
    current.to_date = min(last_day, current.to_date or last_day)
    current.save(update_fields=["to_date"])
    _note(current, "agenda.end_rule", by, at, agenda=current.agenda_id, last_day=current.to_date)
    return current


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
    exception = OpeningException(
        practice_id=agenda.practice_id,
        agenda=agenda,
        date=date,
        kind=kind,
        starts=starts,
        ends=ends,
        label=label.strip()[:120],
        author=by,
        created_at=at,
    )
    _refuse_odd_day(exception)
    exception.save()
    _note(
        exception, "agenda.add_exception", by, at, agenda=agenda.pk, date=date, kind=kind,
        starts=starts, ends=ends,
    )  # fmt: skip
    return exception


@transaction.atomic
def remove_exception(*, exception: OpeningException, by: Staff, at: datetime) -> None:
    """Let a day be like the others again.

    Raises:
        NotAllowed.
    """
    must_rule(by)
    placing.lock([exception.agenda_id])
    number, agenda = exception.pk, exception.agenda_id
    exception.delete()
    exception.pk = number
    _note(exception, "agenda.remove_exception", by, at, agenda=agenda, date=exception.date)


def _refuse_odd_day(exception: OpeningException) -> None:
    """A day opens with its hours, closes with or without, and is not said twice."""
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
    if ends <= starts:
        raise BadInput("L’heure de fin tombe avant l’heure de début : corrigez les heures.")


def _refuse_overlap(rule: OpeningRule) -> None:
    others = OpeningRule.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=rule.from_date),
        agenda_id=rule.agenda_id,
        weekday=rule.weekday,
        starts__lt=rule.ends,
        ends__gt=rule.starts,
    )
    if rule.to_date is not None:
        others = others.filter(from_date__lte=rule.to_date)
    if other := others.first():
        raise RuleOverlaps(
            f"Le {DAYS[rule.weekday]} de {other.starts:%H:%M} à {other.ends:%H:%M} est déjà ouvert "
            f"{_dates(other)} : arrêtez d’abord cet horaire, ou choisissez d’autres heures.",
            rule=other,
        )


def _dates(rule: OpeningRule) -> str:
    since = f"depuis le {rule.from_date:%d/%m/%Y}"
    return f"{since}, jusqu’au {rule.to_date:%d/%m/%Y}" if rule.to_date else since


def _hours_meet(a: time | None, b: time | None, c: time | None, d: time | None) -> bool:
    """Whether two spans of a day overlap; without hours a span is the whole day."""
    if a is None or b is None or c is None or d is None:
        return a is None and c is None
    return a < d and c < b


def _note(
    subject: OpeningRule | OpeningException, verb: str, by: Staff, at: datetime, **detail: Any
) -> None:
    daybook.note(
        practice_id=subject.practice_id, by=by, at=at, verb=verb, subject=subject, **detail
    )
