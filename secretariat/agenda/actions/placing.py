"""May this visit stand there? The rules answer first, the database has the last word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from secretariat.agenda import loading
from secretariat.agenda.facts import AgendaFacts
from secretariat.agenda.free_time import free_starts, nearest
from secretariat.agenda.local_time import minute_of, moment_of
from secretariat.agenda.models import Agenda, Appointment
from secretariat.agenda.refused_time import Cause, NotFree, why_not
from secretariat.agenda.refused_words import sentence
from secretariat.core import clock
from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

LONGEST_MINUTES = 480
_LOCK_CLASS = 7302
_CONSTRAINT = "no_accidental_double_booking"


class TimeTaken(Refusal):
    """Someone has this time already. Facts: nearest (aware datetimes), agenda, may_squeeze."""


class OutsideHours(Refusal):
    """The agenda's rules close this time. Facts: nearest, agenda, may_force, rule."""


class NotOnTheGrid(BadInput):
    """A time or a length that no visit can have."""


def lock(agenda_ids: Iterable[int]) -> None:
    """One writer at a time in each agenda, until commit; sorted, so that none waits in a ring."""
    with connection.cursor() as cursor:
        for pk in sorted(set(agenda_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, pk])


def check(
    agenda: Agenda,
    starts_at: datetime,
    minutes: int,
    *,
    by: Staff,
    squeeze: bool,
    force: bool,
    ignoring: int | None = None,
) -> str:
    """Let the rules speak.

    Args:
        agenda: with its site.
        starts_at: aware; a whole minute.
        minutes: length of the visit.
        squeeze: knowingly beside another visit (« entre deux »).
        force: knowingly outside the rules, for those allowed.
        ignoring: the visit being moved, which does not hinder itself.

    Returns:
        The rule that was forced, as a sentence; "" when none was.

    Raises:
        NotOnTheGrid, TimeTaken, OutsideHours, NotAllowed.
    """
    _whole(starts_at, minutes)
    facts = _facts_of_the_day(agenda, starts_at, ignoring)
    start = minute_of(starts_at)
    why = why_not(facts, start, minutes)
    if why is not None and _by_a_visit(why):
        if not squeeze:
            raise taken(agenda, facts, starts_at, minutes)
        # A squeeze stands beside visits, not outside the hours.
        why = why_not(replace(facts, busy=()), start, minutes)
    if why is None:
        return ""
    words = sentence(why)
    if not force:
        free = around(facts, starts_at, minutes)
        may_force = by.may("agenda.force")
        raise OutsideHours(words, nearest=free, agenda=agenda, may_force=may_force)
    if not by.may("agenda.force"):
        role = by.role.label
        raise NotAllowed(f"Votre rôle ({role}) ne permet pas de sortir des règles. {words}")
    return words[:200]


def _by_a_visit(why: NotFree) -> bool:
    """Whether another visit, at once or before the end, is what refuses."""
    return why.cause is Cause.TAKEN or (why.then is not None and why.then.cause is Cause.TAKEN)


def taken(agenda: Agenda, facts: AgendaFacts, starts_at: datetime, minutes: int) -> TimeTaken:
    """The polite refusal of a time that is no longer free, with the nearest free ones."""
    local = clock.local(starts_at, agenda.site.time_zone)
    return TimeTaken(
        f"{local:%H:%M} vient d’être pris dans l’agenda de {agenda.name} : rien n’a été écrit.",
        nearest=around(facts, starts_at, minutes),
        agenda=agenda,
        may_squeeze=True,
    )


def around(facts: AgendaFacts, starts_at: datetime, minutes: int) -> list[datetime]:
    """The three free times of the day nearest to the one refused."""
    day = clock.local_date(starts_at, facts.hours.site.zone)
    free = list(free_starts(facts, day, 1, minutes))
    return [moment_of(minute) for minute in nearest(free, minute_of(starts_at))]


def write(work: Callable[[], Any], refuse: Callable[[], TimeTaken]) -> Any:
    """Run a write that the exclusion constraint may refuse, and say it politely."""
    try:
        with transaction.atomic():
            return work()
    except IntegrityError as error:
        if _CONSTRAINT not in str(error):
            raise
        raise refuse() from error


def refuse_taken(agenda: Agenda, starts_at: datetime, minutes: int) -> Callable[[], TimeTaken]:
    """The refusal to raise when the constraint speaks, computed only then."""
    return lambda: taken(agenda, _facts_of_the_day(agenda, starts_at, None), starts_at, minutes)


def ends(starts_at: datetime, minutes: int) -> datetime:
    """The end of a visit."""
    return starts_at + timedelta(minutes=minutes)


def _facts_of_the_day(agenda: Agenda, starts_at: datetime, ignoring: int | None) -> AgendaFacts:
    day = clock.local_date(starts_at, agenda.site.time_zone)
    [facts] = loading.facts([agenda], day, 1)
    if ignoring is None:
        return facts
    others = [busy for busy in facts.busy if busy[2] != ignoring]  # type: ignore[misc]
    return replace(facts, busy=others)


def _whole(starts_at: datetime, minutes: int) -> None:
    if starts_at.second or starts_at.microsecond:
        raise NotOnTheGrid("Une heure de rendez-vous s’écrit en heures et minutes.")
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise NotOnTheGrid("Un rendez-vous dure de 1 minute à 8 heures : corrigez la durée.")


def marks(*, squeeze: bool, rule: str, by: Staff) -> dict[str, Any]:
    """The columns that say what was done knowingly, and by whom."""
    return {
        "squeezed": squeeze,
        "squeezed_by": by if squeeze else None,
        "forced": bool(rule),
        "forced_by": by if rule else None,
        "forced_rule": rule,
    }


def note(appointment: Appointment, verb: str, by: Staff, at: datetime, **detail: Any) -> None:
    """The day-book line of a visit given or moved: where it stands now."""
    daybook.note(
        practice_id=appointment.practice_id,
        by=by,
        at=at,
        verb=verb,
        subject=appointment,
        patient_id=appointment.patient_id,
        agenda=appointment.agenda_id,
        starts_at=appointment.starts_at.isoformat(),
        minutes=round((appointment.ends_at - appointment.starts_at).total_seconds() / 60),
        squeezed=appointment.squeezed,
        forced=appointment.forced_rule,
        **detail,
    )


def fresh(appointment_id: int, practice_id: int) -> Appointment:
    """The appointment as it is now, its row held until commit."""
    return (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("agenda__site", "reason", "patient")
        .get(pk=appointment_id, practice_id=practice_id)
    )
