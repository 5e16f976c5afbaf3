"""Give what is due a way: a message for several notices of one address, or a person to call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from secretariat.notices import queries
from secretariat.notices.choosing import NoWay, Way, choose
from secretariat.notices.kinds import kind_of
from secretariat.notices.models import Notice
from secretariat.notices.writing import KIND
from secretariat.outbox import actions as outbox
from secretariat.outbox import opening
from secretariat.privacy import daybook

BATCH = 500
URGENT = timedelta(hours=12)
"""What must be known before that leaves at any hour: « ne venez pas ce matin », at 7:40."""
NEWS_AWAITED = timedelta(hours=4)
"""How long a channel that confirms is believed to be about to."""
EARLIER = "messages"
"""In `Notice.detail`: the keys of the messages before the present one."""
Key = tuple[str, str, str, str, int]


@transaction.atomic
def carry(*, practice_id: int, at: datetime, most: int = BATCH) -> int:
    """Choose the way of the practice's due notices, oldest first.

    Notices of one kind for one address leave in one message: three children, one SMS. Any
    number of runs at once share the work: a row is held by one of them.

    Returns:
        How many notices were dealt with.
    """
    due = list(
        Notice.objects.select_for_update(skip_locked=True)
        .filter(practice_id=practice_id, state=Notice.State.PROMISED, due_at__lte=at)
        .order_by("due_at", "pk")[:most]
    )
    ways = _ways(practice_id, due, at)
    english = queries.readers_of_english([notice.patient_id for notice in due])
    groups: dict[Key, list[Notice]] = defaultdict(list)
    handed_over = 0
    for notice in due:
        match ways[notice.pk]:
            case NoWay(why):
                unreached(notice, why, at)
                handed_over += notice.must
            case Way(channel, address):
                language = "en" if notice.patient_id in english else "fr"
                groups[_together(notice, channel, address, language)].append(notice)
    for together, notices in groups.items():
        _write_to(practice_id, together, notices, at)
    _tell_the_desks(practice_id, handed_over, at)
    return len(due)


def _tell_the_desks(practice_id: int, people: int, at: datetime) -> None:
    """One line of the day book a run: the list of those to reach is read again at each desk."""
    if people:
        daybook.note(
            practice_id=practice_id, by=None, at=at, verb="notices.unreached", count=people
        )


def _ways(practice_id: int, due: Sequence[Notice], at: datetime) -> dict[int, Way | NoWay]:
    points = queries.points_of([notice.patient_id for notice in due])
    values = [point.value for known in points.values() for point in known]
    stopped = queries.stopped_among(practice_id, values)
    ways_out = [c for c in ("sms", "email") if opening.channel_of(practice_id, c) is not None]
    return {
        notice.pk: choose(
            points[notice.patient_id],
            open_channels=ways_out,
            stopped=stopped,
            tried=notice.tried,
            left=notice.needed_by - at if notice.needed_by else None,
        )
        for notice in due
    }


def _together(notice: Notice, channel: str, address: str, language: str) -> Key:
    """Notices with the same key leave in one message."""
    alone = 0 if kind_of(notice.kind).merges else notice.pk
    return notice.kind, channel, address, language, alone


def _write_to(practice_id: int, together: Key, notices: list[Notice], at: datetime) -> None:
    _kind, channel, address, language, _own = together
    needed = [notice.needed_by for notice in notices if notice.needed_by]
    message = outbox.queue(
        practice_id=practice_id, kind=KIND, channel=channel, address=address, language=language,
        cause=cause_of(notices[0]), at=at,
        expires_at=max(needed) if needed else None,
        urgent=any(n.must and n.needed_by and n.needed_by - at < URGENT for n in notices),
    )  # fmt: skip
    if message is None:  # cannot happen while rows are held; never two messages for one cause
        return
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
        state=Notice.State.CARRIED, message=message
    )


def cause_of(notice: Notice) -> str:
    """What the notice's next message is sent for: another cause after each message it has had."""
    return f"notice:{notice.pk}:{len(notice.detail.get(EARLIER, []))}"


def leave_message(notice: Notice) -> None:
    """Keep which message the notice had, for the ledger, before it gets another; not saved."""
    earlier = notice.detail.get(EARLIER, [])
    if notice.message_id is not None and notice.message_id not in earlier:
        notice.detail = notice.detail | {EARLIER: [*earlier, notice.message_id]}


def unreached(notice: Notice, why: str, at: datetime) -> None:
    """Hand a notice over to a person, or close it when it was a courtesy."""
    notice.why = why[:300]
    if notice.must:
        notice.state, notice.unreached_at = Notice.State.UNREACHED, notice.unreached_at or at
    else:
        notice.state = Notice.State.CLOSED
    notice.save(update_fields=["state", "why", "unreached_at"])


@transaction.atomic
def without_answer(*, practice_id: int, at: datetime) -> int:
    """Those who were told and did not answer in time are to be called.

    Returns:
        How many.
    """
    late = Notice.objects.select_for_update(skip_locked=True).filter(
        practice_id=practice_id, state=Notice.State.TOLD, answer="", answer_by__lte=at
    )
    count = late.update(
        state=Notice.State.UNREACHED, unreached_at=at, why="N’a pas répondu au message.",
        answer_by=None, needed_by=F("about_at"),
    )  # fmt: skip
    _tell_the_desks(practice_id, count, at)
    return count


@transaction.atomic
def without_news(*, practice_id: int, at: datetime) -> int:
    """Messages that left and whose arrival nobody confirmed: a person asks.

    A courtesy stays as it is. The confirmation, should it come later, settles the notice.

    Returns:
        How many are to be called.
    """
    silent = Notice.objects.select_for_update(of=("self",), skip_locked=True).filter(
        practice_id=practice_id, state=Notice.State.CARRIED, must=True,
        message__state="sent", message__sent_at__lte=at - NEWS_AWAITED,
    )  # fmt: skip
    found = list(silent.order_by("pk"))
    for notice in found:
        unreached(notice, "L’opérateur n’a pas confirmé la remise du message.", at)
    _tell_the_desks(practice_id, len(found), at)
    return len(found)
