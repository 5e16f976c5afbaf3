"""The access matrix: for each address, who may ask what, read from access_matrix.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from secretariat.practice.roles import ROLES
from tests.house import tree
from tests.house.routes import Route, routes

FILE = tree.ROOT / "tests/house/access_matrix.toml"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Cell:
    """One address: for each method the roles let in, and what its arguments name.

    `objects`, `query` and `body` map an argument to a model ("agenda.Appointment"), whose own
    or foreign key is put there, or to a plain value written "=value".
    """

    name: str
    allow: dict[str, frozenset[str]]
    objects: dict[str, str]
    query: dict[str, str]
    body: dict[str, str]
    serves_both: bool = False
    bearer: bool = False
    """Asked by another program, with the token of a post, and answered in FHIR."""


@cache
def matrix() -> dict[str, Cell]:
    """All declared addresses."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    groups = {name: frozenset(roles) for name, roles in read["groups"].items()}
    groups["everyone"] = frozenset(ROLES)
    return {name: cell(name, told, groups) for name, told in read["routes"].items()}


def cell(name: str, told: dict[str, Any], groups: dict[str, frozenset[str]]) -> Cell:
    """One table of the file, its groups spelled out."""
    allow = {method: groups[told[method]] for method in METHODS if method in told}
    parts = {part: dict(told.get(part, {})) for part in ("objects", "query", "body")}
    unknown = told.keys() - {*METHODS, *parts, "serves_both"}
    if unknown or not allow:
        raise ValueError(f"{name}: {unknown or 'no method'}")
    bearer = name.startswith("fhir:")
    return Cell(name, allow, **parts, serves_both=told.get("serves_both", False), bearer=bearer)


def unpainted() -> dict[str, str]:
    """Text columns that cannot hold a canary, each with its reason."""
    return dict(tomllib.loads(FILE.read_text(encoding="utf-8"))["unpainted"])


def our_routes() -> dict[str, Route]:
    """Addresses answered by our rooms behind a door."""
    return {r.name: r for r in routes() if r.room and r.permission is not None}
