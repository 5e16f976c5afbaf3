"""Panels: what a high room knows, shown on a low room's page.

A room hangs a function on a place in `apps.ready()`; the page collects all of
them with one call and never learns who answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Panel = Callable[..., Any]
_hung: dict[str, list[Panel]] = defaultdict(list)


def hang(place: str, panel: Panel) -> None:
    """Hang `panel` on `place`, once, in the order of hanging."""
    if panel not in _hung[place]:
        _hung[place].append(panel)


def collect(place: str, **context: Any) -> list[Any]:
    """The answers of all panels hung on `place`; None answers are left out."""
    answers = (panel(**context) for panel in _hung[place])
    return [answer for answer in answers if answer is not None]


def marks(place: str, **context: Any) -> dict[int, dict[str, Any]]:
    """Merge panels that answer {primary key: {name: value}} into one dictionary."""
    merged: dict[int, dict[str, Any]] = defaultdict(dict)
    for answer in collect(place, **context):
        for pk, values in answer.items():
            merged[pk].update(values)
    return merged
