"""Promise the reminders of visits; run a hundred times or four at once, each leaves once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction

from secretariat.agenda import telling
from secretariat.agenda.models import Announcing, Reminder, VisitReason
from secretariat.agenda.queries import reminders as queries
from secretariat.agenda.queries.reminders import Visit
from secretariat.agenda.reminder_times import DEFAULT, When, due
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.notices.actions.promising import Promise, promise_many
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


@transaction.atomic
def remind(*, practice_id: int, at: datetime) -> int:
    """Promise the reminders whose moment has come for the practice's visits.

    A visit given after the moment of a reminder has none: its confirmation says enough; so does
    the message of one that was moved since. The cause of each holds the visit's hour and the
    reminder: the database refuses a second one.

    Returns:
        How many are new.
    """
    rules = queries.reminders_of(practice_id)
    visits = queries.visits_ahead(practice_id, at, _furthest(rules))
    return promise_many(
        practice_id=practice_id, kind=telling.REMINDER, by=None, at=at,
        promises=_not_just_said(practice_id, list(_promises(visits, rules, at))),
    )  # fmt: skip


def _not_just_said(practice_id: int, due: list[tuple[datetime, Promise]]) -> list[Promise]:
    """Those whose hour no other message has told since the moment of the reminder."""
    about = [promise.about_id for _moment, promise in due if promise.about_id]
    said = queries.said_last(practice_id, about) if about else {}
    return [
        promise
        for moment, promise in due
        if not (last := said.get(promise.about_id or 0)) or last < moment
    ]


def _furthest(rules: dict[int | None, list[When]]) -> timedelta:
    whens = [when for some in rules.values() for when in some] or list(DEFAULT)
    return max(when.reach for when in whens)


def _promises(
    visits: Iterable[Visit], rules: dict[int | None, list[When]], at: datetime
) -> Iterator[tuple[datetime, Promise]]:
    general = rules.get(None) or ([] if None in rules else list(DEFAULT))
    for visit in visits:
        for when in rules.get(visit.reason_id, general):
            moment = due(visit.starts_at, visit.zone, when)
            if moment <= at and visit.created_at < moment and not when.missed(moment, at):
                starts = visit.starts_at.isoformat()
                yield moment, Promise(
                    cause=f"visit:{visit.pk}:{starts}:{when.key}", patient_id=visit.patient_id,
                    about_id=visit.pk, about_at=visit.starts_at, must=False,
                    detail={"starts_at": starts},
                )  # fmt: skip


@transaction.atomic
def set_reminders(
    *, reason: VisitReason | None, whens: Iterable[When], silent: bool, by: Staff, at: datetime
) -> None:
    """Say when visits are reminded, in place of what was said before.

    Args:
        reason: for this reason alone; None for those without reminders of their own.
        whens: none and not `silent`: the reason follows the others again.
        silent: no reminder for this reason.

    Raises:
        NotAllowed, BadInput.
    """
    if not by.may("agenda.rules"):
        raise NotAllowed("Votre rôle ne permet pas de régler les rappels.")
    wanted = sorted(set(whens), key=lambda when: when.reach, reverse=True)
    if len(wanted) > 4:
        raise BadInput("Quatre rappels au plus : un patient trop prévenu ne lit plus.")
    Reminder.objects.filter(practice_id=by.practice_id, reason=reason).delete()
    rows = [
        Reminder(
            practice_id=by.practice_id, reason=reason, days_before=when.days, at_time=when.at_time,
            hours_before=when.hours, author=by, created_at=at,
        )
        for when in wanted
    ]  # fmt: skip
    if silent and reason is not None:
        rows = [
            Reminder(practice_id=by.practice_id, reason=reason, silent=True, author=by,
                     created_at=at)
        ]  # fmt: skip
    Reminder.objects.bulk_create(rows)
    daybook.note(
        practice_id=by.practice_id, by=by, at=at, verb="agenda.reminders", subject=reason,
        reminders=[when.key for when in wanted], silent=silent,
    )  # fmt: skip


@transaction.atomic
def set_announcing(
    *, confirm: bool, cancel_hours: int, patients_move: bool, by: Staff, at: datetime
) -> Announcing:
    """Say what patients are told, and what they may do by a link.

    Raises:
        NotAllowed, BadInput.
    """
    if not by.may("agenda.rules"):
        raise NotAllowed("Votre rôle ne permet pas de régler ce qui est dit aux patients.")
    if not 0 <= cancel_hours <= 720:
        raise BadInput("Le délai pour annuler va de 0 à 720 heures (30 jours).")
    row, _new = Announcing.objects.update_or_create(
        practice_id=by.practice_id,
        defaults={
            "confirm": confirm, "cancel_hours": cancel_hours, "patients_move": patients_move,
        },
    )  # fmt: skip
    daybook.note(
        practice_id=by.practice_id, by=by, at=at, verb="agenda.announcing", subject=row,
        confirm=confirm, cancel_hours=cancel_hours, patients_move=patients_move,
    )  # fmt: skip
    return row
