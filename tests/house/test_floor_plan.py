"""No room knows a room beside it or above it (docs/adr/0007).

Six kinds of leak are looked for: Python imports, model names in strings, templates
(include, extends, load, static, render), URL names, reverse accessors, and rooms that
are not on the plan.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import Field
from django.urls import URLPattern, URLResolver, get_resolver

from secretariat import floor_plan
from tests.house import tree

ROOMS = frozenset(floor_plan.PLAN)
INSIDE = ROOMS | floor_plan.ROOF
MODEL_NAME = re.compile(r"([a-z_]+)\.[A-Z]\w+")
MODULE_NAME = re.compile(r"secretariat(\.\w+)+")
TEMPLATE_NAME = re.compile(r"([a-z_]+)/[\w/.-]+\.html(#\w+)?")
TEMPLATE_TAG = re.compile(r"""{%\s*(include|extends|static)\s+["']([a-z_]+)/""")
LOAD_TAG = re.compile(r"{%\s*load\s+([^%]+?)(?:\s+from\s+(\w+))?\s*%}")
URL_TAG = re.compile(r"""{%\s*url\s+["']([\w:.-]+)["']""")
URL_CALLS = frozenset({"reverse", "reverse_lazy", "redirect", "resolve_url"})


def leak(file: Path, line: int, known: str | None, what: str) -> list[str]:
    reader = tree.room_of(file)
    if tree.may_know(reader, known):
        return []
    return [f"{tree.place(file, line)}: {reader} must not know {known} ({what})"]


def code() -> list[Path]:
    """The product; a room's tests may call on the whole cast."""
    return tree.python(migrations=True)


def imported(node: ast.AST) -> Iterator[str]:
    """Dotted names that an import statement brings in (relative imports stay in the room)."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_a_room_imports_only_rooms_below_it() -> None:
    leaks = []
    for file in code():
        for node in ast.walk(tree.parse(file)):
            for name in imported(node):
                known = tree.room_of_module(name)
                if known in INSIDE:
                    leaks += leak(file, getattr(node, "lineno", 0), known, name)
        for line, text in tree.strings(tree.parse(file)):
            if MODULE_NAME.fullmatch(text) and tree.room_of_module(text) in INSIDE:
                leaks += leak(file, line, tree.room_of_module(text), text)
    assert not leaks, tree.told("Imports that go up or sideways", sorted(set(leaks)))


def test_a_relative_import_stays_in_its_room() -> None:
    climbing = [
        tree.place(file, node.lineno)
        for file in code()
        for node in ast.walk(tree.parse(file))
        if isinstance(node, ast.ImportFrom) and node.level > 1
    ]
    assert not climbing, tree.told("Relative imports that leave the folder", climbing)


def test_a_model_is_named_in_a_string_only_by_rooms_above_it() -> None:
    leaks = []
    for file in code():
        for line, text in tree.strings(tree.parse(file)):
            named = MODEL_NAME.fullmatch(text)
            if named and named[1] in ROOMS:
                leaks += leak(file, line, named[1], text)
        for node in ast.walk(tree.parse(file)):
            if "migrations" in file.parts and (room := depended_on(node)):
                leaks += leak(file, getattr(node, "lineno", 0), room, "migration")
    assert not leaks, tree.told("Model names that go up or sideways", leaks)


def test_a_template_uses_only_pieces_from_below() -> None:
    leaks = []
    for file in tree.templates():
        text = file.read_text(encoding="utf-8")
        for found in TEMPLATE_TAG.finditer(text):
            if found[2] in INSIDE:
                leaks += leak(file, line_of(text, found), found[2], found[0])
        for found in LOAD_TAG.finditer(text):
            for library in [found[2]] if found[2] else found[1].split():
                leaks += leak(file, line_of(text, found), library_room(library), found[0])
    for file in code():
        for line, text in tree.strings(tree.parse(file)):
            named = TEMPLATE_NAME.fullmatch(text)
            if named and named[1] in INSIDE:
                leaks += leak(file, line, named[1], text)
    assert not leaks, tree.told("Template pieces that go up or sideways", leaks)


def test_a_room_keeps_its_templates_under_its_own_name() -> None:
    strays = []
    for file in tree.templates():
        inner = file.relative_to(tree.PACKAGE).parts
        if len(inner) > 3 and inner[2] in INSIDE - {inner[0]}:
            strays.append(f"{tree.place(file)}: belongs to {inner[2]}")
    assert not strays, tree.told("Templates in another room's folder", strays)


def test_an_address_is_named_only_by_rooms_above_it() -> None:
    rooms = url_rooms()
    leaks = []
    for file in tree.templates():
        text = file.read_text(encoding="utf-8")
        for found in URL_TAG.finditer(text):
            if found[1] not in rooms:
                leaks.append(f"{tree.place(file)}: no address is named {found[1]}")
            leaks += leak(file, line_of(text, found), rooms.get(found[1]), found[1])
    for file in code():
        for line, name in named_addresses(tree.parse(file)):
            leaks += leak(file, line, rooms.get(name), name)
    assert not leaks, tree.told("Addresses known from below or from the side", leaks)


def test_a_foreign_key_that_crosses_rooms_leaves_no_way_back() -> None:
    leaks = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not isinstance(field, Field) or field.remote_field is None:
                continue
            here = tree.room_of_module(model.__module__)
            there = tree.room_of_module(getattr(field.related_model, "__module__", ""))
            if here and there and here != there and not field.remote_field.hidden:
                leaks.append(f'{model.__name__}.{field.name}: give it related_name="+"')
    assert not leaks, tree.told("Ways back up from a low room", leaks)


def test_every_room_is_on_the_plan() -> None:
    opened = {
        inner.parts[0]
        for file in tree.python()
        if len((inner := file.relative_to(tree.PACKAGE)).parts) > 1
    }
    assert not opened - INSIDE, f"Rooms that are not on the plan: {sorted(opened - INSIDE)}"
    installed = {name for app in apps.get_app_configs() if (name := tree.room_of_module(app.name))}
    assert not installed - INSIDE, f"Applications not on the plan: {sorted(installed - INSIDE)}"


def test_the_plan_has_no_cycle_and_the_ground_knows_nobody() -> None:
    assert floor_plan.PLAN["core"] == frozenset()
    for room, below in floor_plan.PLAN.items():
        assert all(room not in floor_plan.PLAN[lower] for lower in below), room
        assert not below & floor_plan.ROOF, room


def line_of(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1


def depended_on(node: ast.AST) -> str | None:
    """The room of a migration's dependency, written ("room", "0001_name")."""
    match node:
        case ast.Tuple(elts=[ast.Constant(value=str(room)), ast.Constant(value=str())]):
            return room if room in ROOMS else None
    return None


def library_room(library: str) -> str | None:
    files = tree.PACKAGE.glob(f"*/templatetags/{library}.py")
    return next((tree.room_of(file) for file in files), None)


def named_addresses(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Addresses that Python code asks for by name."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if called in URL_CALLS and isinstance(first, ast.Constant):
                yield node.lineno, str(first.value)


def url_rooms(resolver: URLResolver | None = None, prefix: str = "") -> dict[str, str | None]:
    """Each named address and the room of the view that answers there."""
    rooms: dict[str, str | None] = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            rooms |= url_rooms(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            rooms[prefix + pattern.name] = tree.room_of_module(pattern.callback.__module__)
    return rooms
