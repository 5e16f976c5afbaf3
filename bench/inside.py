"""The same requests inside this process: how many statements, and where the time goes."""

from __future__ import annotations

import cProfile
import pstats
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.template.backends.django import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.anatomy import Anatomy
from bench.booking import Slots, form
from bench.browser import Browser
from bench.load import House
from bench.stopwatch import Pace
from secretariat.agenda import loading
from secretariat.agenda.free_time import free_starts
from secretariat.agenda.models import Agenda
from secretariat.core.scope import scope

Ask = Callable[[int], object]
_AS_TYPED = "application/x-www-form-urlencoded"


class Inside:
    """A client of the product in this process, at the desk that logged in over HTTP."""

    def __init__(self, desk: Browser) -> None:
        self.client = Client(SERVER_NAME="localhost", HTTP_HX_REQUEST="true")
        self.client.cookies.load(dict(desk.cookies))

    def get(self, paths: list[str]) -> Ask:
        """Asks for the addresses in turn."""
        return lambda number: self._sound(self.client.get(paths[number % len(paths)]).status_code)

    def book(self, house: House, slots: Slots) -> Ask:
        """Gives one free time after another."""
        return lambda number: self._sound(
            self.client.post(
                "/agenda/book/", urlencode(form(house, slots.take(), 1 + number)), _AS_TYPED
            ).status_code
        )

    def _sound(self, status: int) -> None:
        if status not in (200, 204):
            raise RuntimeError(f"inside this process: {status}")

    def count(self, ask: Ask) -> list[str]:
        """The statements of one request, in order."""
        ask(0)
        with CaptureQueriesContext(connection) as spied:
            ask(1)
        return [query["sql"] for query in spied.captured_queries]

    def anatomy(self, name: str, ask: Ask, pace: Pace) -> Anatomy:
        """Take some requests apart."""
        found = Anatomy(name, self.count(ask))
        spent: list[float] = []
        with _statements_timed(spent), _templates_timed(found):
            done, seconds = _several(ask, 2, pace)
        found.whole = seconds * 1000 / done
        found.sql = sum(spent) / done
        found.templates /= done
        found.functions = _functions(ask, pace)
        return found


@contextmanager
def _statements_timed(spent: list[float]) -> Iterator[None]:
    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.append((time.perf_counter() - start) * 1000)

    with connection.execute_wrapper(watch):
        yield


@contextmanager
def _templates_timed(found: Anatomy) -> Iterator[None]:
    render = Template.render

    def timed(self: Template, *args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return render(self, *args, **kwargs)
        finally:
            found.templates += (time.perf_counter() - start) * 1000

    Template.render = timed  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        Template.render = render  # type: ignore[method-assign]


def _several(ask: Ask, first: int, pace: Pace) -> tuple[int, float]:
    """Ask until the pace is held: how many times, in how many seconds."""
    start, done = time.perf_counter(), 0
    while done < pace.most and (done == 0 or time.perf_counter() - start < pace.seconds):
        ask(first + done)
        done += 1
    return done, time.perf_counter() - start


def _functions(ask: Ask, pace: Pace) -> list[tuple[str, float]]:
    """The functions that cost most by themselves, with their share of the whole."""
    profile = cProfile.Profile()
    profile.enable()
    _several(ask, 1000, pace)
    profile.disable()
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, Any]]
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    whole = sum(own for _, _, own, _, _ in stats.values())
    ranked = sorted(stats.items(), key=lambda item: -item[1][2])[:6]
    return [(_place(where), own / whole) for where, (_, _, own, _, _) in ranked]


def _place(where: tuple[str, int, str]) -> str:
    file, _, function = where
    for root in ("/site-packages/", "/lib/python3."):
        file = file.rpartition(root)[2] if root in file else file
    short = "/".join(file.split("/")[-2:]) if "/" in file else ""
    return f"{function} ({short})" if short and file != "~" else function


PRACTICES = (
    "ANY ((COALESCE(NULLIF(current_setting('app.practices'::text, true), ''::text), "
    "'{}'::text))::bigint[])"
)
"""The condition of the policies, as the planner writes it."""


def explain(house: House, statements: list[str]) -> tuple[str, list[str]]:
    """The costliest read among `statements` and how the database runs it, as the application."""
    best: tuple[float, str, list[str]] = (0.0, "", [])
    with scope([house.practice]), connection.cursor() as cursor:
        for sql in statements:
            if not sql.lstrip().startswith("SELECT") or "set_config" in sql:
                continue
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS OFF) " + sql)
            plan = [line.replace(PRACTICES, "ANY (‹scope›)") for (line,) in cursor.fetchall()]
            spent = float(plan[-1].split()[2])
            if spent > best[0]:
                best = (spent, sql, plan)
    return best[1], best[2]


def engine(house: House, first: date, days: int, count: int) -> Ask:
    """Every free time of `count` practitioners over `days`: queries and arithmetic, no web.

    The practice's scope must be open.
    """

    def ask(number: int) -> int:
        wanted = [house.agendas[(number + n) % len(house.agendas)] for n in range(count)]
        agendas = list(Agenda.objects.filter(pk__in=wanted).select_related("site"))
        found = loading.facts(agendas, first, days)
        return sum(len(list(free_starts(one, first, days, 15))) for one in found)

    return ask
