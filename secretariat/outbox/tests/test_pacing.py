"""Messages leave evenly, slower than the machine could, and never in a burst."""

from __future__ import annotations

from secretariat.outbox.pacing import Pace


class Day:
    """A clock that goes on only when someone sleeps or works."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


def test_twenty_thousand_leave_evenly_in_five_minutes_and_not_much_sooner() -> None:
    day = Day()
    pace = Pace(now=day, sleep=day.pass_by)
    for _message in range(20_000):
        pace.wait()
        day.pass_by(0.004)
    assert 200 < day.now < 300


def test_what_was_lost_while_texts_were_written_is_caught_up_without_a_burst() -> None:
    day = Day()
    pace = Pace(10, now=day, sleep=day.pass_by)
    left = []
    for number in range(100):
        if number == 50:
            day.pass_by(5)  # a gateway that does not answer
        pace.wait()
        left.append(day.now)
    in_a_second = [sum(at <= one < at + 1 for one in left) for at in left]
    assert max(in_a_second) <= 14
