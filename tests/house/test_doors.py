"""Every address stands behind a door, or says here why everybody may come in."""

from __future__ import annotations

from secretariat.practice.roles import PERMISSIONS, ROLES
from tests.house import tree
from tests.house.routes import routes

PUBLIC: dict[str, str] = {
    "livez": "for monitors: says that the process answers, nothing else",
    "readyz": "for monitors: says that the database answers, nothing else",
    "fhir:metadata": "what the server does, the same for everyone; names nobody",
    "fhir:openapi": "the same in another format",
    "ical:events": "the address is a secret of 256 bits; tested in interop/tests/test_feeds.py",
    "ical:free_busy": "the same address",
    "outbox:sms_callback": "signed by the gateway; tested in outbox/tests/test_callbacks.py",
}
"""Addresses of ours without a door, each with its reason."""

GUESTS: dict[str, str] = {
    "allauth.": "login, second factor and passwords: guarded by allauth, tested in practice/tests",
    "django.views.generic": "allauth's redirections from an old address to the present one",
}
"""Packages whose views we serve, each with its reason."""


def test_every_address_has_a_door() -> None:
    open_addresses = [
        f"{route.name or route.pattern}: {route.view.__module__}.{route.view.__name__}"
        for route in routes()
        if route.permission is None
        and not getattr(route.view, "purpose", "")  # a patient's signed link: notices/by_link.py
        and route.name not in PUBLIC
        and not route.view.__module__.startswith(tuple(GUESTS))
    ]
    assert not open_addresses, tree.told("Addresses without a door", open_addresses)


def test_every_address_of_ours_has_a_name() -> None:
    nameless = [r.pattern for r in routes() if r.room and not r.name]
    assert not nameless, tree.told("Addresses without a name", nameless)


def test_a_door_asks_for_a_permission_that_somebody_holds() -> None:
    held = frozenset().union(*(role.permissions for role in ROLES.values()))
    wrong = [
        f"{route.name}: {route.permission}"
        for route in routes()
        if route.permission and route.permission not in PERMISSIONS.keys() & held
    ]
    assert not wrong, tree.told("Doors that nobody can open", wrong)


def test_every_permission_of_a_role_is_explained() -> None:
    unknown = {key: role.permissions - PERMISSIONS.keys() for key, role in ROLES.items()}
    assert not any(unknown.values()), unknown


def test_every_role_has_its_paragraph() -> None:
    silent = [key for key, role in ROLES.items() if len((role.__doc__ or "").split()) < 20]
    assert not silent, tree.told("Roles without a paragraph", silent)


def test_a_public_address_is_still_there_and_still_public() -> None:
    doors = {route.name: route.permission for route in routes()}
    wrong = [name for name in PUBLIC if doors.get(name, "gone") is not None]
    assert not wrong, tree.told("Reasons for addresses that are gone or have a door", wrong)
