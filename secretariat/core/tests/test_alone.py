"""A long work never takes all the places of the worker."""

from __future__ import annotations

import threading

import pytest

from secretariat.core.alone import alone


def test_a_second_run_ends_at_once_while_the_first_is_at_work() -> None:
    begun, end = threading.Event(), threading.Event()
    runs: list[int] = []

    @alone
    def work(timestamp: int) -> None:
        runs.append(timestamp)
        begun.set()
        assert end.wait(10)

    first = threading.Thread(target=work, args=[1])
    first.start()
    assert begun.wait(10)
    work(2)
    assert runs == [1]
    end.set()
    first.join()
    work(3)
    assert runs == [1, 3]


def test_a_run_that_fails_leaves_its_place() -> None:
    runs: list[int] = []

    @alone
    def work(timestamp: int) -> None:
        runs.append(timestamp)
        raise ValueError(timestamp)

    for moment in (1, 2):
        with pytest.raises(ValueError, match=str(moment)):
            work(moment)
    assert runs == [1, 2]
