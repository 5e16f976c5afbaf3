"""Keep a time for who types, and let it go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from secretariat.agenda import loading
from secretariat.agenda.actions import placing
from secretariat.agenda.models import HELD_FOR, Agenda, Hold, VisitReason
from secretariat.agenda.wishes import Wish
from secretariat.core.prepared import fetch
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.practice.models import Staff


@transaction.atomic
def hold(
    *,
    agenda: Agenda,
    reason: VisitReason | None,
    starts_at: datetime,
    minutes: int,
    sheet: str,
    by: Staff,
    at: datetime,
) -> Hold:
    """Keep a time for five minutes: others see it as held by `by`, and cannot take it.

    Asking again for the same sheet lets the former time go, or holds the same for longer. Nothing
    is written in the day book: a hold is no deed, it expires by itself.

    Args:
        starts_at: aware, whole minute.
        sheet: the sheet that holds it, a UUID.

    Raises:
        TimeTaken, OutsideHours, NotAllowed, BadInput.
    """
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de tenir un créneau.")
    key = _key(sheet)
    placing.lock([agenda.pk], reason.pk if reason else None)
    mine = Hold.objects.filter(practice_id=agenda.practice_id, sheet=key, staff=by)
    mine.delete()
    wish = Wish(agenda, starts_at, loading.ask(reason, minutes, at=at), by, at)
    placing.check(wish)
    gone = Hold.objects.filter(practice_id=agenda.practice_id, agenda=agenda)
    # Of others, only what expired can be left here; of mine, what another sheet of mine holds.
    here = Q(starts_at__lt=wish.ends_at, ends_at__gt=starts_at)
    gone.filter(here | Q(expires_at__lte=at)).delete()
    return Hold.objects.create(
        practice_id=agenda.practice_id, agenda=agenda, starts_at=starts_at, ends_at=wish.ends_at,
        staff=by, sheet=key, expires_at=at + HELD_FOR,
    )  # fmt: skip


def let_go(*, sheet: str, by: Staff) -> None:
    """The sheet is closed, or its visit given: its time is free for others."""
    try:
        key = _key(sheet)
    except BadInput:
        return
    fetch(
        "DELETE FROM agenda_hold WHERE practice_id = %s AND sheet = %s AND staff_id = %s"
        " RETURNING id",
        [by.practice_id, key, by.pk],
    )


def _key(sheet: str) -> UUID:
    try:
        return UUID(sheet)
    except ValueError as error:
        raise BadInput("Cette fiche ne peut pas tenir de créneau : rechargez la page.") from error
