"""Off stage: people who wait and have an offer in hand, in the site's database.

`python -m tests.races.waiting_stage PEOPLE WEEKS SECONDS` prints what the race needs; with
`expire` instead, it does the worker's work until told to stop.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from secretariat.agenda.models import VisitReason, WaitingOffer
    from secretariat.practice.models import Staff


def stage(people: int, weeks: int, seconds: float) -> dict[str, object]:
    """A free morning time of the Tilleuls so many weeks ahead, proposed to `people` at once, who
    have `seconds` to answer (0: as the practice wants)."""
    from secretariat.agenda.actions.offering import NobodyToAsk, choose_time, write_to
    from secretariat.agenda.actions.waiting import set_rules
    from secretariat.agenda.models import OfferedReason, Waiting, WaitingOffer
    from secretariat.core import clock
    from secretariat.practice.models import Staff

    at, boss = clock.now(), Staff.objects.filter(role_key="manager", practice__slug="tilleuls")[0]
    set_rules(automatic=False, at_once=10, answer_minutes=60, by=boss, at=at)
    offered = OfferedReason.objects.select_related("agenda__site", "reason")
    chosen = offered.filter(reason__name="Consultation").order_by("pk")[0]
    day = datetime.now(ZoneInfo("Europe/Paris")) + timedelta(weeks=weeks)
    monday = day - timedelta(days=day.weekday())
    starts_at = monday.replace(hour=10, minute=0, second=0, microsecond=0)
    # Those of an earlier race wait no more: what becomes of the time is theirs alone.
    Waiting.objects.filter(ended_at=None).update(ended_at=at, ended_by=boss, outcome="mistake")
    for _who in range(people):
        _waits(chosen.reason, boss, at)
    offers: list[WaitingOffer] = []
    while not offers:  # a public holiday is followed by a day's work
        freed = choose_time(
            agenda=chosen.agenda, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=15),
            by=boss, at=at,
        )  # fmt: skip
        with suppress(NobodyToAsk):
            offers = write_to(freed=freed, by=boss, at=at)
        starts_at += timedelta(days=not offers)
    if seconds:
        until = clock.now() + timedelta(seconds=seconds)
        WaitingOffer.objects.filter(freed=freed).update(expires_at=until)
    return {
        "freed": freed.pk, "agenda": chosen.agenda_id, "reason": chosen.reason_id,
        "starts_at": starts_at.isoformat(), "links": [_link(offer) for offer in offers],
    }  # fmt: skip


def _waits(reason: VisitReason, by: Staff, at: datetime) -> None:
    from secretariat.agenda.actions.waiting import Terms, enter
    from secretariat.patients.actions import NewContactPoint, register

    number = f"06399{uuid4().int % 100_000:05d}"
    patient = register(
        practice=by.practice, by=by, at=at, despite_duplicates=True,
        birth_name=f"ATTEND{_letters()}", given_names="Anne", first_given_name="Anne",
        birth_date=date(1980, 5, 4), sex="F",
        contact_points=[NewContactPoint(number, accepts_messages=True)],
    )  # fmt: skip
    enter(patient=patient, reason=reason, terms=Terms(), by=by, at=at)


def _letters() -> str:
    return "".join(chr(65 + int(digit, 16)) for digit in uuid4().hex[:8])


def _link(offer: WaitingOffer) -> str:
    """Where the patient answers « yes », as their message would say it."""
    from secretariat.core import clock
    from secretariat.notices import links
    from secretariat.notices.models import Notice
    from secretariat.notices.writing import KIND
    from secretariat.outbox.actions import queue

    notice = Notice.objects.get(kind="waiting.offer", about_id=offer.pk)
    message = queue(
        practice_id=notice.practice_id, kind=KIND, cause=f"race:{uuid4()}", channel="sms",
        address="+33639980000", at=clock.now(), next_at=clock.now() + timedelta(days=400),
    )  # fmt: skip
    assert message
    notice.state, notice.message = Notice.State.CARRIED, message
    notice.save(update_fields=["state", "message"])
    token = links.token(notice.practice_id, message.pk, "creneau")
    return f"/creneau/{token}/{offer.pk}/yes/"


def expire(seconds: float) -> int:
    """What the worker does, again and again."""
    from secretariat.agenda.waiting_tasks import offer_all
    from secretariat.core import clock

    until, made = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        made += offer_all(clock.now)
    return made


def main() -> None:
    """As asked on the command line."""
    import django

    django.setup()
    if sys.argv[1] == "expire":
        print(expire(float(sys.argv[2])))
        return
    from secretariat.core import scope
    from secretariat.practice.everywhere import every_practice
    from secretariat.practice.models import Practice

    with every_practice():
        practice = Practice.objects.get(slug="tilleuls").pk
    scope.apply([practice])
    print(json.dumps(stage(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))


if __name__ == "__main__":
    main()
