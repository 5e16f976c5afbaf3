"""Only actions write: whoever looks for what changes a fact reads `actions`, nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house import tree

ALWAYS = frozenset(
    {"create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "save", "delete"}
    | {f"a{verb}" for verb in ("create", "get_or_create", "update_or_create", "save", "delete")}
    | {"abulk_create", "abulk_update", "create_user", "create_superuser", "set_password"}
)
WITH_KEYWORDS = frozenset({"update", "aupdate"})  # a dictionary's update has none
SQL_WRITE = re.compile(r"\s*(?:INSERT INTO|UPDATE \S+ SET|DELETE FROM|MERGE INTO|TRUNCATE|COPY) ")

ALLOWED: dict[str, str] = {
    "core/prepared.py": "writes the row it is handed, for those who hold a pen",
    "core/idempotency.py": "claims a form's token, inside the action's own transaction",
    "cli/demo_mark.py": "marks a database as a demonstration; knows no model",
    "privacy/daybook.py": "the day book's one pen: each action ends by calling it",
    "privacy/register.py": "the register of opened files' one pen",
}
"""Files of the ground and of the house that hold a pen, each with its reason."""

NOT_THE_DATABASE = frozenset({"cache", "session", "workbook", "storage", "file", "files", "dump"})
"""Names whose `save`, `delete` or `create` do not reach a table of ours."""


def may_write(file: Path) -> bool:
    inner = file.relative_to(tree.PACKAGE)
    in_actions = inner.name == "actions.py" or "actions" in inner.parts[:-1]
    return in_actions or inner.as_posix() in ALLOWED


def writes(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of each call that writes to the database."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(attr=verb, value=owner)) if verb in ALWAYS:
                if last_name(owner) not in NOT_THE_DATABASE:
                    yield node.lineno, ast.unparse(node.func)
            case ast.Call(func=ast.Attribute(attr=verb), args=[], keywords=[_, *_]):
                if verb in WITH_KEYWORDS:
                    yield node.lineno, ast.unparse(node.func)
            case ast.Call(func=ast.Name(id="insert")):  # core.prepared's
                yield node.lineno, "insert"
            case ast.Constant(value=str(text)) if SQL_WRITE.match(text):
                yield node.lineno, text[:60]


def last_name(node: ast.expr) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def test_only_actions_write() -> None:
    pens = [
        f"{tree.place(file, line)}: {text}"
        for file in tree.python()
        if not may_write(file)
        for line, text in writes(tree.parse(file))
    ]
    assert not pens, tree.told("Writes outside actions", pens)


def test_every_exception_still_exists() -> None:
    gone = [name for name in ALLOWED if not (tree.PACKAGE / name).exists()]
    assert not gone, tree.told("Allowed files that are gone", gone)


def test_a_screen_asks_queries_and_never_the_tables() -> None:
    reaching = [
        f"{tree.place(file, node.lineno)}: {ast.unparse(node)}"
        for file in tree.python()
        if file.name == "views.py" or "views" in file.parts
        for node in ast.walk(tree.parse(file))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    ]
    assert not reaching, tree.told("Views that reach for tables", reaching)
