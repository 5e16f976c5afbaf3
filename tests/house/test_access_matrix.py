"""Who may ask what, of whose, tried at every address with every role.

The practice next door is full of canaries. A refusal is a 404, the same as for something that
does not exist; no canary sings; nothing next door has moved; the attempt is in the register.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from secretariat.core.scope import scope
from secretariat.interop.actions import tokens as keys_of_programs
from secretariat.practice.middleware import SESSION_KEY
from secretariat.practice.roles import ROLES
from secretariat.practice.second_factor import SEEN
from tests.house import canaries, tree
from tests.house.matrix import METHODS, Cell, matrix, our_routes, unpainted
from tests.house.two_practices import NOON, Side, two_sides

BACKEND = "secretariat.practice.accounts.Passwords"
NOBODY = 9_876_543_210
NAMES = sorted(matrix())

pytestmark = pytest.mark.django_db


@dataclass
class Town:
    """Both practices, the desks of ours, and what the one next door looked like before."""

    ours: Side
    theirs: Side
    cage: canaries.Cage
    desks: dict[str, SimpleCookie]
    tokens: dict[str, str]
    before: dict[str, str]


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """Built once for the module, never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        ours, theirs = two_sides()
        cage = canaries.paint(theirs.practice.pk)
        desks = {role: desk(ours, role) for role in ROLES}
        tokens = {role: token(ours, role) for role in ROLES}
        yield Town(ours, theirs, cage, desks, tokens, canaries.fingerprint(theirs.practice.pk))
        transaction.set_rollback(True)


def desk(side: Side, role: str) -> SimpleCookie:
    """The cookies of a person who has just logged in with a second factor, `side` in view."""
    client = Client()
    client.force_login(side.users[role], BACKEND)
    session = client.session
    session[SESSION_KEY], session[SEEN] = side.practice.pk, True
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session.save()
    return client.cookies


def token(side: Side, role: str) -> str:
    """The secret of a program that works at the post of that role and may write."""
    with scope([side.practice.pk]):
        post = side.posts[role]
        made = keys_of_programs.issue(staff=post, name=role, may_write=True, by=None, at=NOON)
    return made[1]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(town: Town, cell: Cell, method: str, role: str | None, side: Side | int) -> Any:
    """Send one request to `cell`, naming the objects of `side`, at the desk of `role`."""
    client = Client(raise_request_exception=False)
    if role and cell.bearer:
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {town.tokens[role]}"
    elif role:
        client.cookies.load({name: it.value for name, it in town.desks[role].items()})
    url = reverse(cell.name, kwargs=filled(cell.objects, side))
    query = filled(cell.query, side)
    body = filled(cell.body, side) if method != "GET" else {}
    if method == "GET":
        return client.get(url, query)
    return getattr(client, method.lower())(url, body)


def filled(wanted: dict[str, str], side: Side | int) -> dict[str, Any]:
    """Arguments with the keys of `side`, or one key that nobody has."""
    return {
        name: said[1:] if said.startswith("=") else side if isinstance(side, int) else side.pk(said)
        for name, said in wanted.items()
    }


def knockers(cell: Cell, allowed: frozenset[str]) -> list[str]:
    """Who tries another practice's things: the wall asks nobody's role, so three are enough."""
    known = allowed & {"remote_secretary", "physician"}
    return sorted({min(allowed), *known} - ({"remote_secretary"} if cell.serves_both else set()))


def keys(wanted: dict[str, str]) -> list[str]:
    """The arguments that name a row; the others are plain values."""
    return [name for name, said in wanted.items() if not said.startswith("=")]


def traces(practice_id: int) -> int:
    with scope([practice_id]), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM privacy_access WHERE denied")
        return int(cursor.fetchone()[0])


def lines(practice_id: int) -> int:
    with scope([practice_id]), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM privacy_entry")
        return int(cursor.fetchone()[0])


def song(response: Any) -> str:
    return canaries.sings(
        b"".join(response) if response.streaming else response.content, str(response.headers)
    )


def to_login(response: Any) -> bool:
    there = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")
    return str(there).startswith("/accounts/")


def test_every_address_is_declared() -> None:
    undeclared = sorted(our_routes().keys() - matrix().keys())
    gone = sorted(matrix().keys() - our_routes().keys())
    assert not undeclared, tree.told("Addresses missing from access_matrix.toml", undeclared)
    assert not gone, tree.told("Addresses of access_matrix.toml that are gone", gone)


def test_every_argument_is_declared() -> None:
    faults = [
        f"{name}: {set(route.arguments) ^ matrix()[name].objects.keys()}"
        for name, route in our_routes().items()
        if name in matrix() and set(route.arguments) != matrix()[name].objects.keys()
    ]
    assert not faults, tree.told("Arguments that the matrix does not name", faults)


def test_every_text_next_door_is_painted(town: Town) -> None:
    silent = sorted(town.cage.refused - unpainted().keys())
    assert not silent, tree.told("Columns without a canary and without a reason", silent)
    stale = sorted(unpainted().keys() - town.cage.refused)
    assert not stale, tree.told("Columns said to refuse a canary that take it", stale)
    assert len(town.cage.painted) > 40


@pytest.mark.parametrize("name", NAMES)
def test_a_role_may_ask_exactly_what_the_matrix_says(town: Town, name: str) -> None:
    cell, faults = matrix()[name], []
    for method, allowed in cell.allow.items():
        for role in ROLES:
            with undone():
                before = traces(town.ours.practice.pk)
                response = ask(town, cell, method, role, town.ours)
                let_in = response.status_code not in {403, 404, 405} and not to_login(response)
                if let_in != (role in allowed) or response.status_code >= 500:
                    faults.append(f"{method} as {role}: {response.status_code}")
                if not let_in and traces(town.ours.practice.pk) == before:
                    faults.append(f"{method} as {role}: refused without a trace")
                if heard := song(response):
                    faults.append(f"{method} as {role}: {heard}")
    assert not faults, tree.told(name, faults)


@pytest.mark.parametrize("name", [n for n in NAMES if keys(matrix()[n].objects)])
def test_what_stands_next_door_does_not_exist(town: Town, name: str) -> None:
    cell, faults = matrix()[name], []
    for method, allowed in cell.allow.items():
        for role in knockers(cell, allowed):
            with undone():
                missing = ask(town, cell, method, role, NOBODY).status_code
                before = traces(town.ours.practice.pk)
                response = ask(town, cell, method, role, town.theirs)
                faults += [f"{method} as {role}: {f}" for f in wall(town, response)]
                if {missing, response.status_code} != {404}:
                    faults.append(f"{method} as {role}: {response.status_code}, nobody: {missing}")
                if traces(town.ours.practice.pk) == before:
                    faults.append(f"{method} as {role}: refused without a trace")
    assert not faults, tree.told(name, faults)


@pytest.mark.parametrize(
    "name", [n for n in NAMES if keys(matrix()[n].body) or keys(matrix()[n].query)]
)
def test_a_key_from_next_door_in_a_form_does_nothing(town: Town, name: str) -> None:
    """The path is ours, the form names what is theirs."""
    cell, faults = matrix()[name], []
    ours = {argument: f"={key}" for argument, key in filled(cell.objects, town.ours).items()}
    mixed = replace(cell, objects=ours)
    for method, allowed in cell.allow.items():
        for role in knockers(cell, allowed):
            with undone():
                before = lines(town.ours.practice.pk)
                response = ask(town, mixed, method, role, town.theirs)
                faults += [f"{method} as {role}: {f}" for f in wall(town, response)]
                if method != "GET" and lines(town.ours.practice.pk) != before:
                    faults.append(f"{method} as {role}: the day book has a new line")
    assert not faults, tree.told(name, faults)


def wall(town: Town, response: Any) -> list[str]:
    """What came through the wall, or moved behind it."""
    found = []
    if heard := song(response):
        found.append(heard)
    if response.status_code >= 500:
        found.append(str(response.status_code))
    after = canaries.fingerprint(town.theirs.practice.pk)
    found += [f"{table} changed" for table, it in town.before.items() if after[table] != it]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_is_sent_to_the_login(town: Town, name: str) -> None:
    cell = matrix()[name]
    for method in cell.allow:
        for side in (town.ours, town.theirs):
            with undone():
                response = ask(town, cell, method, None, side)
            known = response.status_code != 401 if cell.bearer else not to_login(response)
            assert not known, f"{method}: {response.status_code}"
            assert not song(response)


@pytest.mark.parametrize("name", NAMES)
def test_other_methods_are_refused_and_write_nothing(town: Town, name: str) -> None:
    cell, faults = matrix()[name], []
    allowed = sorted(frozenset().union(*cell.allow.values()) or ROLES)
    for method in [m for m in METHODS if m not in cell.allow]:
        with undone():
            before = lines(town.ours.practice.pk)
            response = ask(town, cell, method, allowed[0], town.ours)
            if response.status_code != 405 or lines(town.ours.practice.pk) != before:
                faults.append(f"{method}: {response.status_code}")
    assert not faults, tree.told(name, faults)


@pytest.mark.parametrize("name", [n for n in NAMES if matrix()[n].bearer])
def test_a_person_s_cookie_opens_nothing_of_what_programs_ask(town: Town, name: str) -> None:
    cell = matrix()[name]
    for method in cell.allow:
        with undone():
            response = ask(town, replace(cell, bearer=False), method, "manager", town.ours)
            assert response.status_code == 401, f"{method}: {response.status_code}"


@pytest.mark.parametrize(
    "name", [n for n in NAMES if matrix()[n].allow.keys() - {"GET"} and not matrix()[n].bearer]
)
def test_a_form_without_its_csrf_token_is_refused(town: Town, name: str) -> None:
    cell = matrix()[name]
    for method, allowed in cell.allow.items():
        if method == "GET":
            continue
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.cookies.load({k: v.value for k, v in town.desks[sorted(allowed)[0]].items()})
        with undone():
            before = lines(town.ours.practice.pk)
            url = reverse(cell.name, kwargs=filled(cell.objects, town.ours))
            assert getattr(client, method.lower())(url).status_code == 403
            assert lines(town.ours.practice.pk) == before
