"""Figures as Markdown: on the screen, and in docs/bench.md between two marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.anatomy import Anatomy
from bench.booking import Throughput
from bench.stopwatch import Figure

PAGE = Path(__file__).resolve().parents[1] / "docs/bench.md"
_LONGEST, _LINES = 160, 24


@dataclass
class Plan:
    """How the database runs one statement."""

    name: str
    sql: str
    lines: list[str]


@dataclass
class Report:
    """All that one run found."""

    load: str
    machine: list[tuple[str, str]]
    figures: list[Figure] = field(default_factory=list)
    engine: list[Figure] = field(default_factory=list)
    together: list[Throughput] = field(default_factory=list)
    races: str = ""
    anatomies: list[Anatomy] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    def markdown(self) -> str:
        """The whole run."""
        parts = [
            f"### {self.load}",
            table(("measured on", ""), self.machine),
            self._figures(),
            "Several at once:\n\n" + self._together(),
            self.races,
            "Queries and arithmetic alone, in one process, every free time listed:\n\n"
            + self._engine(),
            "#### Where the time goes\n\n" + self._anatomies(),
            "#### Plans, under the application's role\n\n" + "\n\n".join(map(_plan, self.plans)),
        ]
        return "\n\n".join(part for part in parts if part)

    def _figures(self) -> str:
        floor = next((one.at(0.5) for one in self.figures if one.times), 1.0)
        head = ("operation, one client", "p50 ms", "p95 ms", "aim", "× floor", "SQL",
                "CPU web ms", "CPU database ms", "n")  # fmt: skip
        return table(head, [_figure(one, floor) for one in self.figures])

    def _together(self) -> str:
        head = ("8 clients", "a second", "p50 ms", "p95 ms", "CPU client ms", "n")
        rows = []
        for one in self.together:
            figure = Figure(one.name, one.times)
            rows.append((one.name, f"{one.rate:.0f}", _ms(figure.at(0.5)), _ms(figure.at(0.95)),
                         _ms(one.client), str(one.done)))  # fmt: skip
        return table(head, rows)

    def _engine(self) -> str:
        head = ("free times", "p50 ms", "p95 ms", "SQL", "CPU ms")
        return table(
            head,
            [
                (one.name, _ms(one.at(0.5)), _ms(one.at(0.95)), str(one.sql), _ms(one.web))
                for one in self.engine
            ],
        )

    def _anatomies(self) -> str:
        head = ("in this process", "whole ms", "SQL ms", "statements (scope and transaction)",
                "templates ms", "rest ms")  # fmt: skip
        rows = [
            (one.name, _ms(one.whole), _ms(one.sql), f"{len(one.statements)} ({one.words})",
             _ms(one.templates), _ms(one.whole - one.sql - one.templates))
            for one in self.anatomies
        ]  # fmt: skip
        functions = [f"- {one.name}: {_shares(one)}." for one in self.anatomies]
        told = "Functions that cost most by themselves, as shares of a profiled run:\n\n"
        return table(head, rows) + "\n\n" + told + "\n".join(functions)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, first column to the left, the others to the right."""
    lines = [head, ["---", *["---:" for _ in head[1:]]], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write(report: Report) -> None:
    """Put the run in its place in the page, instead of the one before for the same load."""
    start, end = f"<!-- measured: {report.load} -->", "<!-- end -->"
    block = f"{start}\n{report.markdown()}\n{end}"
    page = PAGE.read_text(encoding="utf-8")
    found = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
    if found.search(page):
        page = found.sub(lambda _: block, page)
    else:
        page = page.rstrip() + f"\n\n{block}\n"
    PAGE.write_text(page, encoding="utf-8")


def _figure(one: Figure, floor: float) -> Sequence[str]:
    name = f"{one.name} {one.note}".strip()
    half = one.at(0.5)
    aim = f"≤ {one.aim}" if one.aim else ""
    return (name, f"**{_ms(half)}**", _ms(one.at(0.95)), aim, f"{half / floor:.1f}",
            str(one.sql or ""), _ms(one.web), _ms(one.database), str(len(one.times)))  # fmt: skip


def _ms(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _shares(one: Anatomy) -> str:
    return ", ".join(f"`{name}` {share:.0%}" for name, share in one.functions)


def _plan(plan: Plan) -> str:
    sql = " ".join(plan.sql.split())
    short = sql if len(sql) <= _LONGEST else f"{sql[: _LONGEST - 1]}…"
    lines = [line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…" for line in plan.lines]
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 3], "…", *lines[-2:]]
    return f"{plan.name}:\n\n```\n{short}\n\n" + "\n".join(lines) + "\n```"
