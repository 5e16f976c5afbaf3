"""The solver in its own process: the web process stays small, and always has an answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from secretariat.agenda.replanning import apart
from secretariat.agenda.replanning.apart import Child
from secretariat.agenda.replanning.conflicts import holds
from secretariat.agenda.replanning.problem import Problem
from secretariat.agenda.replanning.solving import best
from secretariat.agenda.tests.test_replanning_solver import a_small_day

ROOT = Path(apart.__file__).resolve().parents[3]


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child("30")
    yield made
    made.end()


@pytest.fixture
def asked() -> Problem:
    return a_small_day(Random(3))


def _pid(child: Child) -> int:
    child.warm()
    assert child._process is not None
    return child._process.pid


def test_the_plan_is_the_one_found_in_this_process(child: Child, asked: Problem) -> None:
    here, there = best(asked, seconds=20), child.best(asked, seconds=20)
    assert there.proven
    assert (there.places, there.cost) == (here.places, here.cost)


def test_a_process_that_replans_never_loads_the_solver() -> None:
    told = (
        "import sys, random\n"
        "import secretariat.agenda.replanning.apart as apart\n"
        "from secretariat.agenda.tests.test_replanning_solver import a_small_day\n"
        "assert apart.child.best(a_small_day(random.Random(3)), seconds=20).proven\n"
        "print({'ortools', 'pandas', 'numpy', 'django'} & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_the_action_itself_does_not_load_the_solver() -> None:
    told = (
        "import os, sys, django\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'secretariat.config.settings')\n"
        "django.setup()\n"
        "import secretariat.agenda.actions.replanning, secretariat.agenda.views.replans\n"
        "print({'ortools', 'pandas'} & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip().endswith("set()")


def test_a_child_that_died_is_started_again(child: Child, asked: Problem) -> None:
    first = _pid(child)
    os.kill(first, signal.SIGKILL)
    assert child.best(asked, seconds=20).proven
    assert _pid(child) != first


def test_a_child_that_hangs_costs_a_plan_not_proven(
    child: Child, asked: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "GRACE", 0.2)
    first = _pid(child)
    os.kill(first, signal.SIGSTOP)
    plan = child.best(asked, seconds=0.2)
    assert not plan.proven
    assert holds(asked, plan.places)
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)  # It is not left behind.


def test_a_child_that_cannot_be_started_costs_a_plan_not_proven(
    child: Child, asked: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_command", ["/nowhere/at/all"])
    child.warm()
    plan = child.best(asked, seconds=1)
    assert not plan.proven
    assert holds(asked, plan.places)


def test_it_ends_by_itself_when_nobody_asks() -> None:
    short = Child("0")
    short.warm()
    assert short._process is not None
    assert short._process.wait(timeout=60) == 0


def test_it_ends_with_the_process_that_started_it(child: Child) -> None:
    child.warm()
    assert child._process is not None
    assert child._process.stdin is not None
    child._process.stdin.close()
    assert child._process.wait(timeout=60) == 0


def test_several_desks_ask_at_once(child: Child) -> None:
    days = [a_small_day(Random(seed)) for seed in range(4)]
    with ThreadPoolExecutor(4) as desks:
        plans = list(desks.map(lambda day: child.best(day, seconds=20), days))
    assert [plan.cost for plan in plans] == [best(day, seconds=20).cost for day in days]
