"""Give what is due a way: a message for several notices of one address, or a person to call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from secretariat.core.prepared import fetch
from secretariat.notices import queries
from secretariat.notices.choosing import NoWay, Way, choose
from secretariat.notices.kinds import kind_of, lost
from secretariat.notices.models import Notice
from secretariat.notices.writing import KIND
from secretariat.outbox import actions as outbox
from secretariat.outbox import opening
from secretariat.outbox.models import Message
from secretariat.outbox.quiet_hours import allowed_from
from secretariat.privacy import daybook

BATCH = 500
URGENT = timedelta(hours=12)
"""What must be known before that leaves at any hour: « ne venez pas ce matin », at 7:40."""
NEWS_AWAITED = timedelta(hours=4)
"""How long a channel that confirms is believed to be about to."""
LAST_MOMENT = timedelta(hours=2)
"""What quiet hours would keep until then before the visit leaves at once instead."""
DEAD = "Le patient est décédé : rien ne lui est envoyé."
EARLIER = "messages"
"""In `Notice.detail`: the keys of the messages before the present one."""
Key = tuple[str, str, str, str, int]


def carry(*, practice_id: int, at: datetime, most: int = BATCH) -> int:
    """Choose the way of the practice's due notices, oldest first.

    Notices of one kind for one address leave in one message: three children, one SMS. Any
    number of runs at once share the work: a row is held by one of them.

    Returns:
        How many notices were dealt with.
    """
    dealt, handed_over = _carry(practice_id, at, most)
    _tell_the_desks(practice_id, handed_over, at)
    return dealt


@transaction.atomic
def _carry(practice_id: int, at: datetime, most: int) -> tuple[int, int]:
    """How many were dealt with, and how many of them are for a person."""
    due = list(
        Notice.objects.select_for_update(skip_locked=True)
        .filter(practice_id=practice_id, state=Notice.State.PROMISED, due_at__lte=at)
        .order_by("due_at", "pk")[:most]
    )
    dead = queries.dead_among([notice.patient_id for notice in due])
    for notice in due:
        if notice.patient_id in dead:
            notice.state, notice.why = Notice.State.CLOSED, DEAD
            notice.save(update_fields=["state", "why"])
    living = [notice for notice in due if notice.patient_id not in dead]
    return len(due), _give_ways(practice_id, living, at)


def _give_ways(practice_id: int, due: Sequence[Notice], at: datetime) -> int:
    """Answers how many have none, and are for a person."""
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
    if groups:
        _write_to(practice_id, groups, at)
    return handed_over


def _tell_the_desks(practice_id: int, people: int, at: datetime) -> None:
    """One line of the day book a run: the list of those to reach is read again at each desk.

    After the run, never within: a desk that replans a day holds the book while it takes notices,
    the run would hold notices while it waits for the book.
    """
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


_CARRIED = """
UPDATE notices_notice AS n SET state = 'carried', message_id = carried.message_id
FROM unnest(%s::bigint[], %s::bigint[]) AS carried (id, message_id)
WHERE n.id = carried.id AND n.id = ANY(%s::bigint[]) RETURNING n.id
"""


def _write_to(practice_id: int, groups: Mapping[Key, list[Notice]], at: datetime) -> None:
    """A message for each group, in few statements: a campaign has hundreds at a time."""
    morning = allowed_from(at, opening.limits_of(practice_id))
    messages = [
        _message(practice_id, together, notices, morning, at)
        for together, notices in groups.items()
    ]
    carriers = dict(zip((one.stable_id for one in messages), groups.values(), strict=True))
    # Rows are held: all of them are new; never two messages for one cause.
    carried = [
        (notice.pk, message.pk)
        for message in outbox.queue_many(messages)
        for notice in carriers[message.stable_id]
    ]
    keys = [notice for notice, _message_id in carried]
    fetch(_CARRIED, [keys, [message_id for _notice, message_id in carried], keys])


def _message(
    practice_id: int, together: Key, notices: list[Notice], morning: datetime, at: datetime
) -> Message:
    _kind, channel, address, language, _own = together
    needed = [notice.needed_by for notice in notices if notice.needed_by]
    return Message(
        practice_id=practice_id, kind=KIND, channel=channel, address=address, language=language,
        cause=cause_of(notices[0]), next_at=at, created_at=at,
        expires_at=max(needed) if needed else None,
        urgent=any(_urgent(notice, morning, at) for notice in notices),
    )  # fmt: skip


def _urgent(notice: Notice, morning: datetime, at: datetime) -> bool:
    """Whether it leaves in quiet hours: on Saturday night, « ne venez pas lundi à 8 h »."""
    if not notice.must or notice.needed_by is None:
        return False
    return notice.needed_by - at < URGENT or notice.needed_by - morning < LAST_MOMENT


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
        lost(notice)
    notice.save(update_fields=["state", "why", "unreached_at"])


def without_answer(*, practice_id: int, at: datetime) -> int:
    """Those who were told and did not answer in time are to be called.

    Returns:
        How many.
    """
    with transaction.atomic():
        late = Notice.objects.select_for_update(of=("self",), skip_locked=True).filter(
            practice_id=practice_id, state=Notice.State.TOLD, answer="", answer_by__lte=at,
            patient__deceased_on=None,
        )  # fmt: skip
        count = Notice.objects.filter(pk__in=[notice.pk for notice in late]).update(
            state=Notice.State.UNREACHED, unreached_at=at, why="N’a pas répondu au message.",
            answer_by=None, needed_by=F("about_at"),
        )  # fmt: skip
    _tell_the_desks(practice_id, count, at)
    return count


def without_news(*, practice_id: int, at: datetime) -> int:
    """Messages that left and whose arrival nobody confirmed: a person asks.

    A courtesy stays as it is. The confirmation, should it come later, settles the notice.

    Returns:
        How many are to be called.
    """
    count = _silent(practice_id, at)
    _tell_the_desks(practice_id, count, at)
    return count


@transaction.atomic
def _silent(practice_id: int, at: datetime) -> int:
    silent = Notice.objects.select_for_update(of=("self",), skip_locked=True).filter(
        practice_id=practice_id, state=Notice.State.CARRIED, must=True,
        message__state="sent", message__sent_at__lte=at - NEWS_AWAITED,
    )  # fmt: skip
    found = list(silent.order_by("pk"))
    for notice in found:
        unreached(notice, "L’opérateur n’a pas confirmé la remise du message.", at)
    return len(found)
