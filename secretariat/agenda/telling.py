"""What patients must know of their visits: promised here, in the transaction of the deed.

Nothing is sent here (docs/adr/0019). A visit that nobody comes to, a past one and one brought by
an import are not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from secretariat.agenda.models import Appointment
from secretariat.core.prepared import fetch
from secretariat.notices.actions import promise, withdraw
from secretariat.notices.actions.promising import OPEN
from secretariat.notices.models import Notice
from secretariat.practice.models import Staff

BOOKED, MOVED, CANCELLED = "visit.booked", "visit.moved", "visit.cancelled"
REMINDER, LATE = "visit.reminder", "visit.late"
PROPOSED = "replan.proposed"
STANDING = (BOOKED, MOVED, REMINDER, LATE, PROPOSED)
"""What is said of a visit that stands; none of it is true of one that is cancelled."""
HOURS = (BOOKED, MOVED, PROPOSED, LATE)
"""Those that say when it is: who knows it from one needs no other."""
SETTLED = timedelta(minutes=1)
"""How long a message waits before it leaves: an undo takes it back, a household is whole."""
JUST_GIVEN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the practice tells; its defaults until it says otherwise (`Announcing`)."""

    confirm: bool = True
    cancel_hours: int = 24
    patients_move: bool = True


def rules_of(practice_id: int) -> Rules:
    """What the practice tells."""
    found = fetch(_RULES, [practice_id])
    return Rules(*found[0]) if found else Rules()


_RULES = "SELECT confirm, cancel_hours, patients_move FROM agenda_announcing WHERE practice_id = %s"


def booked(visit: Appointment, by: Staff, at: datetime) -> None:
    """A visit was given: a courtesy, since the patient was there or on the telephone."""
    if _tellable(visit, at) and rules_of(visit.practice_id).confirm:
        _promise(BOOKED, visit, by, at, must=False)


def moved(
    visit: Appointment, before: datetime, by: Staff, at: datetime, *, site_before: int | None = None
) -> None:
    """A visit has another hour or place: its patient must know, whatever was promised before.

    Args:
        site_before: where it was; None: where it is.
    """
    site = visit.agenda.site_id
    site_before = site if site_before is None else site_before
    if visit.patient_id is None or (visit.starts_at, site) == (before, site_before):
        return
    unheard = list(_of(visit, MOVED, PROPOSED, LATE).filter(state__in=OPEN).order_by("pk"))
    gone = withdraw(practice_id=visit.practice_id, kinds=STANDING, about_ids=[visit.pk], at=at)
    if not _tellable(visit, at):
        return
    if not gone and at - visit.created_at < JUST_GIVEN and not _of(
        visit, BOOKED
    ).filter(state=Notice.State.CLOSED).exists():  # fmt: skip
        booked(visit, by, at)  # a slip of the hand, nothing was said
        return
    heard = {notice.pk for notice in gone}
    # Of an hour that nobody told them, there is nothing to take back.
    first = next((one.detail for one in unheard if one.pk not in heard), None)
    if first:
        before, site_before = datetime.fromisoformat(first["before"]), first.get("site", 0)
    if (visit.starts_at, site) != (before, site_before):
        _promise(MOVED, visit, by, at, before=before.isoformat(), site=site_before)


def taken(visit: Appointment, by: Staff, at: datetime) -> None:
    """A patient moved the visit alone: a confirmation of the new hour, as a courtesy."""
    withdraw(practice_id=visit.practice_id, kinds=STANDING, about_ids=[visit.pk], at=at)
    booked(visit, by, at)


def cancelled(visit: Appointment, by: Staff, at: datetime) -> None:
    """A visit is cancelled. Who asked for it knows; the others must be told."""
    if visit.patient_id is None:
        return
    gone = withdraw(practice_id=visit.practice_id, kinds=STANDING, about_ids=[visit.pk], at=at)
    if not _tellable(visit, at):
        return
    why = visit.cancelled_for
    if why == Appointment.CancelledFor.PRACTICE or (
        why == Appointment.CancelledFor.MISTAKE and gone
    ):
        _promise(CANCELLED, visit, by, at)
    elif why == Appointment.CancelledFor.PATIENT and rules_of(visit.practice_id).confirm:
        _promise(CANCELLED, visit, by, at, must=False)


def restored(visit: Appointment, by: Staff, at: datetime, *, given_up_alone: bool = False) -> None:
    """A cancelling was taken back; if its message has left, the patient must hear of it.

    Args:
        given_up_alone: the patient cancelled by a link, and believes that it is over.
    """
    if visit.patient_id is None:
        return
    gone = withdraw(practice_id=visit.practice_id, kinds=(CANCELLED,), about_ids=[visit.pk], at=at)
    if gone or given_up_alone:
        if _tellable(visit, at):
            _promise(BOOKED, visit, by, at)
    else:
        true_again(visit, by, at)


def true_again(visit: Appointment, by: Staff, at: datetime) -> None:
    """The visit stands again where it stood: what was to be said of it then, and was not because
    it was no longer true, is to be said again."""
    if not _tellable(visit, at):
        return
    starts = visit.starts_at.astimezone(UTC).isoformat()
    said = list(_of(visit, *HOURS).filter(detail__starts_at=starts).select_related("message"))
    last = max(said, key=lambda one: one.pk, default=None)
    if last is None or last.state != Notice.State.WITHDRAWN or last.told_at is not None:
        return
    if last.message is not None and last.message.sent_at is not None:
        return
    kind = BOOKED if last.kind == BOOKED else MOVED
    more = {key: last.detail[key] for key in ("before", "site") if key in last.detail}
    _promise(kind, visit, by, at, must=last.must, **more)


def known(visit: Appointment, kinds: tuple[str, ...], at: datetime) -> None:
    """The patient acted on the visit: nobody need run after them to say it."""
    withdraw(practice_id=visit.practice_id, kinds=kinds, about_ids=[visit.pk], at=at)


def late(visit: Appointment, before: datetime, by: Staff, at: datetime) -> None:
    """The practitioner is late and the visit with them: who has not left home may wait there.

    No answer is awaited, and nothing waits a minute: each one counts.

    Args:
        before: the hour it had, as the patient knows it.
    """
    withdraw(practice_id=visit.practice_id, kinds=STANDING, about_ids=[visit.pk], at=at)
    if _tellable(visit, at):
        minutes = round((visit.starts_at - before).total_seconds() / 60)
        _promise(
            LATE, visit, by, at, due_at=at, before=before.astimezone(UTC).isoformat(),
            minutes=minutes,
        )  # fmt: skip


def _promise(
    kind: str,
    visit: Appointment,
    by: Staff,
    at: datetime,
    *,
    must: bool = True,
    due_at: datetime | None = None,
    **detail: object,
) -> Notice | None:
    """The cause holds what is told: told twice, it is one; another hour is another cause."""
    starts = visit.starts_at.astimezone(UTC).isoformat()  # whoever gave it, the same text
    said = "".join(f":{value}" for value in detail.values())
    cause = f"visit:{visit.pk}:{visit.version}:{starts}{said}"[:120]
    return promise(
        practice_id=visit.practice_id, kind=kind, cause=cause,
        patient_id=visit.patient_id or 0, about_id=visit.pk, about_at=visit.starts_at,
        due_at=due_at or at + SETTLED, must=must, by=by, at=at,
        detail={"starts_at": starts, **detail},
    )  # fmt: skip


def _of(visit: Appointment, *kinds: str) -> QuerySet[Notice]:
    return Notice.objects.filter(practice_id=visit.practice_id, about_id=visit.pk, kind__in=kinds)


def _tellable(visit: Appointment, at: datetime) -> bool:
    return visit.patient_id is not None and visit.starts_at > at
