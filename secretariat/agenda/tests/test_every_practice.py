"""Background work goes through all practices: the trouble of one is not that of the others."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from secretariat.agenda import tasks, waiting_tasks
from secretariat.agenda.models import FreedTime
from secretariat.core.scope import scope
from secretariat.notices import tasks as notices_tasks
from secretariat.notices.tests.test_carrying import Recorder
from secretariat.outbox import dispatching, opening, preparing
from secretariat.outbox.actions import queue
from secretariat.outbox.quiet_hours import Limits
from secretariat.outbox.rendering import Text
from secretariat.practice.everywhere import SomeFailed, every_practice
from tests.cast import NOW, House

NAME = "MARTIN"


def failing_for(house: House, done: list[int]) -> Callable[..., int]:
    """A work that fails in that practice, with a patient's name in its words."""

    def work(*, practice_id: int, **_more: object) -> int:
        if practice_id == house.practice.pk:
            raise ValueError(f"DETAIL: Key (family_name)=({NAME})")
        done.append(practice_id)
        return 3

    return work


def test_reminders_of_the_second_practice_leave_when_those_of_the_first_fail(
    tilleuls: House, port: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[int] = []
    both = [tilleuls.practice.pk, port.practice.pk]
    monkeypatch.setattr(tasks, "remind", failing_for(tilleuls, done))
    monkeypatch.setattr(tasks, "practices_with_visits", lambda _at: both)
    with caplog.at_level(logging.ERROR), pytest.raises(SomeFailed):
        tasks.remind_all(lambda: NOW)
    assert done == [port.practice.pk]
    assert "ValueError" in caplog.text and NAME not in caplog.text


def test_notices_of_the_second_practice_are_carried_when_those_of_the_first_fail(
    tilleuls: House, port: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[int] = []
    both = [tilleuls.practice.pk, port.practice.pk]
    monkeypatch.setattr(notices_tasks, "carry", failing_for(tilleuls, done))
    monkeypatch.setattr(notices_tasks, "practices_with_work", lambda _at: both)
    with pytest.raises(SomeFailed) as failed:
        notices_tasks.carry_all(lambda: NOW)
    assert done == [port.practice.pk]
    assert NAME not in caplog.text + str(failed.value)


def test_freed_times_of_the_second_practice_are_proposed_when_the_first_fails(
    tilleuls: House, port: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    work = failing_for(tilleuls, done)

    def begin(*, freed: FreedTime, at: datetime) -> list[int]:
        return [1] * work(practice_id=freed.practice_id)

    for house, name in ((tilleuls, "Lefèvre"), (port, "Le Goff")):
        with scope([house.practice.pk]):
            starts = datetime(2026, 11, 27, 9, tzinfo=UTC)
            FreedTime.objects.create(
                practice=house.practice, agenda=house.agendas[name], starts_at=starts,
                ends_at=starts + timedelta(minutes=15), why="cancelled", freed_at=NOW,
                freed_by=next(iter(house.staff.values())),
            )  # fmt: skip
    with every_practice():
        todo = list(FreedTime.objects.order_by("practice_id").values_list("practice_id", "pk"))
    monkeypatch.setattr(waiting_tasks, "to_begin", lambda *_when: todo)
    monkeypatch.setattr(waiting_tasks, "begin", begin)
    with pytest.raises(SomeFailed):
        waiting_tasks.offer_all(lambda: NOW + timedelta(minutes=5))
    assert done == [port.practice.pk]


def test_messages_of_the_second_practice_leave_when_those_of_the_first_fail(
    tilleuls: House, port: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sms, first = Recorder(), tilleuls.practice.pk

    def limits(practice_id: int) -> Limits:
        if practice_id == first:
            raise ValueError(NAME)
        return Limits()

    monkeypatch.setattr(opening, "_openers", {"sms": lambda _pk: sms})
    monkeypatch.setattr(opening, "_limits", [limits])
    monkeypatch.setattr(preparing, "texts", lambda ones: {o.pk: Text("", "?") for o in ones})
    for house in (tilleuls, port):
        with scope([house.practice.pk]):
            queue(
                practice_id=house.practice.pk, kind="test", cause="1", channel="sms",
                address="+33639980001", at=NOW,
            )  # fmt: skip
    with pytest.raises(SomeFailed):
        dispatching.dispatch(lambda: NOW)
    assert len(sms.sent) == 1
    assert NAME not in caplog.text
