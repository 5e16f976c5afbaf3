"""Inside a room: facts have no clock, verbs are told the time, arithmetic knows no Django."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house import tree

CLOCKS = re.compile(
    r"(?:clock|timezone|datetime|date|dt)\.(?:now|today|utcnow|localtime|localdate)"
    r"|time\.(?:time|time_ns|monotonic|localtime|gmtime)"
)
SCREEN = ("django.http", "django.shortcuts", "django.template", "django_htmx")
DJANGO_FILES = frozenset(
    {"models", "actions", "queries", "access", "views", "forms", "urls", "tasks", "signals"}
    | {"receivers", "apps", "admin", "panels", "context_processors", "middleware", "doors"}
)
ARITHMETIC = frozenset(
    {"agenda/day_shape.py", "agenda/free_time.py", "agenda/local_time.py", "agenda/openings.py"}
    | {
        "agenda/facts.py",
        "agenda/locums.py",
        "agenda/quotas.py",
        "agenda/rationing.py",
        "agenda/ranking.py",
    }
    | {
        "agenda/public_holidays.py",
        "agenda/school_holidays.py",
        "agenda/refused_time.py",
        "agenda/typed_time.py",
    }
    | {"patients/naming.py", "patients/phonetic.py", "patients/ranking.py", "patients/typed.py"}
    | {"patients/matching.py", "patients/search_keys.py", "patients/search_plan.py"}
    | {"agenda/quota_words.py", "agenda/rhythm.py", "agenda/rule_effect.py", "agenda/rule_words.py"}
    | {
        "agenda/warnings.py",
        "agenda/week_drawing.py",
        "reception/durations.py",
        "reception/steps.py",
    }
    | {"core/day_names.py", "agenda/chaining.py", "agenda/series.py", "agenda/reminder_times.py"}
    | {"agenda/waiting_order.py", "agenda/recall_criteria.py", "agenda/reason_effect.py"}
    | {"notices/choosing.py", "outbox/quiet_hours.py"}
    | {
        f"agenda/replanning/{name}.py"
        for name in (
            "asked",
            "conflicts",
            "greedy",
            "pricing",
            "problem",
            "rations",
            "relaxation",
            "rows",
            "solving",
            "words",
        )
    }
    | {"outbox/channels/segments.py", "outbox/gateway_options.py"}
)
"""Files that promise pure functions on plain values. A new one is added here, and keeps it."""


def named(*stems: str) -> list[Path]:
    """Files of that name in every room, whole packages included."""
    return [f for f in tree.python() if f.stem in stems or set(stems) & set(f.parts)]


def arithmetic() -> list[Path]:
    return [tree.PACKAGE / name for name in sorted(ARITHMETIC)]


def clock_readings(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and CLOCKS.fullmatch(text := ast.unparse(node)):
            yield node.lineno, text


def imports(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def test_verbs_queries_and_facts_are_told_the_time() -> None:
    readings = [
        f"{tree.place(file, line)}: {text}"
        for file in named("actions", "models", "queries") + arithmetic()
        for line, text in clock_readings(tree.parse(file))
    ]
    assert not readings, tree.told("Clocks read where `at=` should be given", readings)


def test_verbs_and_facts_know_no_screen() -> None:
    screens = [
        f"{tree.place(file, line)}: {name}"
        for file in named("actions", "models") + arithmetic()
        for line, name in imports(tree.parse(file))
        if name.startswith(SCREEN)
    ]
    assert not screens, tree.told("Verbs or facts that know the screen", screens)


def test_arithmetic_knows_no_django() -> None:
    known = [
        f"{tree.place(file, line)}: {name}"
        for file in arithmetic()
        for line, name in imports(tree.parse(file))
        if name.split(".")[0] in {"django", "psycopg"} or name.split(".")[-1] in DJANGO_FILES
    ]
    assert not known, tree.told("Arithmetic that knows Django", known)


def test_a_model_hides_no_verb_and_no_order() -> None:
    hidden = []
    for file in named("models"):
        for node in ast.walk(tree.parse(file)):
            match node:
                case ast.FunctionDef(name="save" | "delete" | "clean" as name):
                    hidden.append(f"{tree.place(file, node.lineno)}: {name}()")
                case ast.ClassDef(name="Meta", body=body):
                    hidden += [f"{tree.place(file, s.lineno)}: ordering" for s in body if orders(s)]
    assert not hidden, tree.told("Models with a hidden verb or order", hidden)


def orders(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id="ordering")]):
            return True
    return False
