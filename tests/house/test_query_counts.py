"""A page costs the same number of statements with one row of everything and with many."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from secretariat.core.scope import scope
from tests.house.matrix import matrix
from tests.house.test_access_matrix import desk, filled, token
from tests.house.two_practices import Side, crowd, two_sides

pytestmark = pytest.mark.django_db
SLACK = 1
"""A prefetch that had nothing to fetch when alone."""
PAGES = sorted(name for name, cell in matrix().items() if cell.allow.get("GET"))


@pytest.fixture(scope="module")
def counts(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, list[int]]]:
    """Page → its statements alone, then in a crowd."""
    with django_db_blocker.unblock(), transaction.atomic():
        ours, _theirs = two_sides()
        alone = {name: statements(ours, name) for name in PAGES}
        with scope([ours.practice.pk]):
            crowd(ours, 4)
        yield {name: [alone[name], statements(ours, name)] for name in PAGES}
        transaction.set_rollback(True)


def statements(side: Side, name: str) -> int:
    """SQL statements of one page, at the desk of a secretary or of who may open it.

    A page that breaks counts as minus its status.
    """
    cell = matrix()[name]
    role = "secretary" if "secretary" in cell.allow["GET"] else min(cell.allow["GET"])
    client = Client(raise_request_exception=False)
    if cell.bearer:
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token(side, role)}"
    else:
        client.cookies.load({key: it.value for key, it in desk(side, role).items()})
    url, query = reverse(name, kwargs=filled(cell.objects, side)), filled(cell.query, side)
    client.get(url, query)  # the first request notes that someone works here
    with CaptureQueriesContext(connection) as spied:
        response = client.get(url, query)
    return len(spied) if response.status_code < 400 else -response.status_code


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_with_one_row_and_with_many(
    counts: dict[str, list[int]], name: str
) -> None:
    alone, crowded = counts[name]
    assert alone >= 0 <= crowded, f"{name} answers {-min(alone, crowded)}"
    assert crowded <= alone + SLACK, f"{name}: {alone} statements alone, {crowded} in a crowd"
