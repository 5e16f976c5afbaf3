"""What the guards read: the files of the repository, sorted by room."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from secretariat import floor_plan

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "secretariat"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository, committed or about to be; not what .gitignore names."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    files = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(file for file in files if file.is_file()))


def python(*, tests: bool = False, migrations: bool = False) -> list[Path]:
    """The Python files of the product, without its tests and migrations unless asked."""
    return [
        file
        for file in tracked()
        if file.suffix == ".py"
        and file.is_relative_to(PACKAGE)
        and (tests or not is_test(file))
        and (migrations or "migrations" not in file.parts)
    ]


def templates() -> list[Path]:
    """Every HTML template of the product."""
    return [f for f in tracked() if f.suffix == ".html" and f.is_relative_to(PACKAGE)]


def is_test(file: Path) -> bool:
    """Whether `file` belongs to a room's tests."""
    inner = file.relative_to(ROOT).parts
    return "tests" in inner or file.name.startswith(("test_", "conftest"))


def room_of(file: Path) -> str | None:
    """The room (or part of the roof) that holds `file`; None for the package's own files."""
    inner = file.relative_to(PACKAGE).parts
    return inner[0] if len(inner) > 1 else None


def room_of_module(module: str) -> str | None:
    """The room of a dotted module name, None when it is not ours."""
    parts = module.split(".")
    return parts[1] if parts[0] == PACKAGE.name and len(parts) > 1 else None


def may_know(reader: str | None, known: str | None) -> bool:
    """Whether the plan lets `reader` know `known`."""
    if reader == known or known is None or known == "floor_plan":
        return True
    if reader is None or reader in floor_plan.ROOF:
        return True
    return known in floor_plan.PLAN.get(reader, frozenset())


@cache
def parse(file: Path) -> ast.Module:
    """The syntax tree of `file`."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def functions(tree: ast.AST) -> Iterator[Function]:
    """All functions and methods of `tree`, nested ones included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and value of each text constant of `tree`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def place(file: Path, line: int = 0) -> str:
    """`file` (and line) as a person would point at it."""
    return f"{file.relative_to(ROOT)}:{line}" if line else str(file.relative_to(ROOT))


def told(title: str, faults: Sequence[str]) -> str:
    """The message of a failing guard: a title, then one fault a line."""
    return "\n  ".join([f"{title} ({len(faults)})", *faults])
