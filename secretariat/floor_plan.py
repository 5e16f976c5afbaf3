"""The floor plan of the house: which room may know which.

A room is a Django application named after a duty of the secretariat. Rooms stand on
floors; a room may use the rooms of the floors below it, never one beside it or above it.
`tests/house/test_floor_plan.py` enforces the plan for every kind of knowledge that Python,
Django and its templates allow (see that file). The reasons are in `docs/adr/0007`.

A low page that must show what a higher room knows asks for panels (`core.panels`); a high
room that must hear a lower one listens to the lower room's `signals.py`.
"""

FLOORS: tuple[tuple[str, frozenset[str]], ...] = (
    ("ground", frozenset({"core"})),
    ("cabinet", frozenset({"practice"})),
    ("house", frozenset({"privacy", "outbox"})),
    ("people", frozenset({"patients", "directory"})),
    ("word", frozenset({"notices"})),
    ("desks", frozenset({"agenda", "records", "logistics"})),
    ("counters", frozenset({"reception", "letters"})),
    ("back office", frozenset({"billing", "liaison", "casework"})),
    ("doors", frozenset({"portal", "interop", "assistant", "insights"})),
)
"""From the ground up: the name of each floor and the rooms standing on it."""


def _rooms_below() -> dict[str, frozenset[str]]:
    plan: dict[str, frozenset[str]] = {}
    below: frozenset[str] = frozenset()
    for _floor, rooms in FLOORS:
        plan.update(dict.fromkeys(rooms, below))
        below |= rooms
    return plan


PLAN: dict[str, frozenset[str]] = _rooms_below()
"""Each room, opened or not, and the rooms it may know."""

ROOF: frozenset[str] = frozenset({"config", "cli", "demo"})
"""Where the house is put together: these may know every room, and no room knows them."""
