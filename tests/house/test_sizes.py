"""Small pieces: a file, a function and a template are read at one sitting."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from tests.house import tree

FILE, FUNCTION, TEMPLATE, STYLE_GUIDE = 400, 50, 150, 250


def lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def all_python() -> list[Path]:
    """Ours wherever it stands, tests and benches too; migrations are written by Django."""
    return [f for f in tree.tracked() if f.suffix == ".py" and "migrations" not in f.parts]


def over(files: list[Path], limit: int) -> list[str]:
    return [f"{tree.place(f)}: {n} lines" for f in files if (n := lines(f)) > limit]


def test_a_file_has_at_most_400_lines() -> None:
    scripts = [f for f in tree.tracked() if f.suffix in {".js", ".css"}]
    too_long = over(all_python() + scripts, FILE)
    assert not too_long, tree.told(f"Files over {FILE} lines", too_long)


def test_a_function_has_at_most_50_lines() -> None:
    too_long = [
        f"{tree.place(file, node.lineno)}: {node.name} has {length(node)} lines"
        for file in all_python()
        for node in tree.functions(tree.parse(file))
        if length(node) > FUNCTION
    ]
    assert not too_long, tree.told(f"Functions over {FUNCTION} lines", too_long)


def test_a_template_has_at_most_150_lines() -> None:
    too_long = over(tree.templates(), TEMPLATE)
    assert not too_long, tree.told(f"Templates over {TEMPLATE} lines", too_long)


def test_the_style_guide_is_short_enough_to_be_read() -> None:
    assert lines(tree.ROOT / "STYLE.md") < STYLE_GUIDE


def test_the_medians_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    figures = {
        "file": [n for f in tree.python() if (n := lines(f)) > 1],
        "function": [length(n) for f in tree.python() for n in tree.functions(tree.parse(f))],
        "template": [lines(f) for f in tree.templates()],
    }
    with capsys.disabled():
        shown = ", ".join(f"{what} {median(sizes or [0]):.0f}" for what, sizes in figures.items())
        print(f"\nMedian lines (aim: file 60, function 8, template 30): {shown}")
    assert figures["file"] and figures["function"]


def length(node: tree.Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
