"""Every address that the product answers, as the resolver knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.house import tree


@dataclass(frozen=True)
class Route:
    """One address: its full name, its pattern as text, its view and the view's room."""

    name: str
    pattern: str
    view: Callable[..., Any]
    arguments: tuple[str, ...]

    @property
    def room(self) -> str | None:
        """The room that answers, None for another package's view."""
        return tree.room_of_module(self.view.__module__)

    @property
    def permission(self) -> str | None:
        """The permission that the view's door asks for, None without a door."""
        return getattr(self.view, "permission", None)


def routes(
    resolver: URLResolver | None = None, prefix: str = "", path: str = ""
) -> Iterator[Route]:
    """All routes below `resolver` (the whole product by default), depth first."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes(pattern, space, here)
        elif isinstance(pattern, URLPattern):
            name = f"{prefix}{pattern.name}" if pattern.name else ""
            yield Route(name, here, pattern.callback, argument_names(here))


def argument_names(path: str) -> tuple[str, ...]:
    """Names between angle brackets, in order: `a/<int:pk>/` gives ("pk",)."""
    pieces = [piece.split(">")[0] for piece in path.split("<")[1:]]
    return tuple(piece.split(":")[-1] for piece in pieces)
