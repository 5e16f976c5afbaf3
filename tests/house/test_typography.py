"""What is shown is set as a French printer would: « ’ » and no « ' » between letters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house import tree

STRAIGHT = re.compile(
    r"\b(?:[cdjlmnst]|qu|aujourd|jusqu|lorsqu|puisqu|quelqu)'(?=[a-zà-ÿœ])", re.IGNORECASE
)
SHOWN_IN_TEMPLATE = re.compile(
    r"""{%\s*translate\s+"([^"]*)"|_\("([^"]*)"\)|{%\s*blocktranslate[^%]*%}(.*?){%\s*endblock""",
    re.DOTALL,
)
READ_BY_PROGRAMS = frozenset({"guessing.py", "synonyms.py", "headers.py", "naming.py"})
"""Words that other programs write with a straight apostrophe: we read them, we show none."""


def sentences(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts of a module that are sentences, not its documentation."""
    told = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def in_python(file: Path) -> Iterator[str]:
    for line, text in sentences(tree.parse(file)):
        if STRAIGHT.search(text):
            yield f"{tree.place(file, line)}: {text[:60]}"


def in_template(file: Path) -> Iterator[str]:
    text = file.read_text(encoding="utf-8")
    for found in SHOWN_IN_TEMPLATE.finditer(text):
        if STRAIGHT.search(found[0]):
            yield f"{tree.place(file, text.count(chr(10), 0, found.start()) + 1)}: {found[0][:60]}"


def test_an_apostrophe_is_a_printers_one() -> None:
    straight = [
        fault
        for file in tree.python()
        if file.name not in READ_BY_PROGRAMS
        for fault in in_python(file)
    ]
    straight += [fault for file in tree.templates() for fault in in_template(file)]
    assert not straight, tree.told("Straight apostrophes on screen", straight)


def test_the_roles_paragraphs_too() -> None:
    """They are shown to the manager as they stand."""
    text = (tree.PACKAGE / "practice/roles.py").read_text(encoding="utf-8")
    assert not STRAIGHT.findall(text)
