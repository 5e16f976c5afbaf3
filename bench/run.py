"""One run from the empty folder to the report."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from bench import machine, site
from bench.booking import (
    CLIENTS,
    Slots,
    eight_desks,
    one_desk,
    one_slot,
    raw_insert,
    raw_together,
)
from bench.load import Load
from bench.operations import floor, operations
from bench.report import Plan, Report
from bench.site import Say, Site
from bench.stopwatch import Figure, Pace, measure


def whole(load: Load, pace: Pace, folder: Path, load_before: float, say: Say) -> Report:
    """Load and measure; everything started is stopped at the end."""
    with site.running(load, say) as measured:
        site.log_in(measured, CLIENTS, 1 if pace.most < 100 else CLIENTS, say)
        report = Report(load.key, machine.facts(measured.address, folder, load_before))
        slots = Slots.of(measured)
        _inside(report, measured, slots, pace, say)
        _reads(report, measured, pace, say)
        _floors(report, measured, slots, pace, say)
        _bookings(report, measured, slots, pace, say)
        held = ", ".join(f"{one:.0f}" for one in measured.processors.memory())
        report.machine.append(("web processes at the end, MB each (PSS; aim ≤ 150)", held))
        return report


def reminded(load: Load, say: Say) -> str:
    """Twenty thousand reminders while a desk goes on booking; told in one paragraph."""
    from bench import reminders

    os.environ["SECRETARIAT_OUTBOX_HOSTS"] = "127.0.0.1"
    with site.running(load, say) as measured:
        site.log_in(measured, 1, 1, say)
        return reminders.run(measured, say).markdown()


def _reads(report: Report, measured: Site, pace: Pace, say: Say) -> None:
    """Every read over HTTP; their statements are counted inside this process."""
    from bench.inside import Inside

    desk, inside = measured.desks[0], Inside(measured.desks[0])
    for operation in operations(measured):
        say(operation.name)
        figure = Figure(operation.name, aim=operation.aim)
        measure(figure, operation.call(desk), pace, measured.processors)
        figure.sql = len(inside.count(inside.get(operation.paths)))
        hits = operation.hits(desk)
        figure.note = "" if hits is None else f"(the right one shown: {hits:.0%})"
        report.figures.append(figure)


def _floors(report: Report, measured: Site, slots: Slots, pace: Pace, say: Say) -> None:
    say("floor: raw INSERT")
    report.figures.insert(1, raw_insert(measured, slots, pace))


def _bookings(report: Report, measured: Site, slots: Slots, pace: Pace, say: Say) -> None:
    from bench.inside import Inside

    say("bookings: one desk, eight desks, races")
    figure = one_desk(measured, slots, pace)
    inside = Inside(measured.desks[0])
    figure.sql = len(inside.count(inside.book(measured.house, slots)))
    report.figures.insert(2, figure)
    most, seconds = pace.most * 5, pace.seconds
    report.together.append(raw_together(measured, slots, most, seconds))
    report.together.append(eight_desks(measured, slots, most, seconds))
    rounds = 5 if pace.most < 100 else 20
    winners = one_slot(measured, slots, rounds)
    told = ", ".join(f"{count} winner(s) in {times} rounds" for count, times in winners.items())
    report.races = f"Races, 8 desks asking for the same time, {rounds} rounds: {told}."


def _inside(report: Report, measured: Site, slots: Slots, pace: Pace, say: Say) -> None:
    """Where the time goes, and how the database runs the costliest statement of each request."""
    from bench.inside import Inside, engine, explain
    from secretariat.core.scope import scope

    say("the same requests inside this process")
    house, inside = measured.house, Inside(measured.desks[0])
    few = Pace(pace.most // 12, pace.seconds / 4)
    asks = {one.name: inside.get(one.paths) for one in operations(measured) if one.hot}
    asks["book one appointment"] = inside.book(house, slots)
    for name, ask in asks.items():
        anatomy = inside.anatomy(name, ask, few)
        report.anatomies.append(anatomy)
        if name != floor(measured).name:
            report.plans.append(Plan(name, *explain(house, anatomy.statements)))
    first = measured.today + timedelta(days=1)
    for count, days in ((1, 1), (1, 30), (20, 30)):
        with scope([house.practice]):
            figure = Figure(f"{count} practitioner(s), {days} day(s)")
            ask = engine(house, first, days, count)
            figure.sql = len(inside.count(ask))
            report.engine.append(measure(figure, ask, Pace(pace.most // 3, pace.seconds / 3, 3)))
