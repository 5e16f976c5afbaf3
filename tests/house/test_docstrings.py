"""Whoever calls a public name can read what it promises."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house import tree

SELF_EXPLAINED = frozenset({"Meta", "Migration", "Command", "Media"})
BY_NAME = frozenset({"ready", "handle", "add_arguments", "clean", "deconstruct", "main"})
"""Methods and classes whose name Django gives them; what they do is told by their owner."""


def public(node: ast.AST) -> Iterator[ast.ClassDef | tree.Function]:
    """Public classes and functions of a module or class, not those inside a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            if not child.name.startswith("_") and child.name not in SELF_EXPLAINED:
                yield child
                yield from public(child)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            if not child.name.startswith("_") and child.name not in BY_NAME:
                yield child
        elif isinstance(child, ast.If | ast.Try | ast.With):
            yield from public(child)


def told_by_its_base(node: ast.ClassDef | tree.Function) -> bool:
    """An AppConfig or a list of choices says nothing that its name and labels do not."""
    if not isinstance(node, ast.ClassDef):
        return False
    return any(ast.unparse(base).endswith(("AppConfig", "Choices")) for base in node.bases)


def test_public_names_have_a_docstring() -> None:
    silent = [
        f"{tree.place(file, node.lineno)}: {node.name}"
        for file in tree.python()
        for node in public(tree.parse(file))
        if not ast.get_docstring(node) and not told_by_its_base(node)
    ]
    assert not silent, tree.told("Public names without a docstring", silent)
