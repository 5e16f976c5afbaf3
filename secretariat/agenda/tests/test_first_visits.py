"""Someone whom the practitioner never saw stays longer, once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.models import VisitReason
from secretariat.agenda.tests.desk_forms import HTMX
from secretariat.patients.actions import register
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

Desk = Callable[[Staff], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


def test_of_two_visits_of_a_chain_with_someone_new_only_the_first_is_a_first_visit(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    VisitReason.objects.update(first_minutes=30)
    jeanne = register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F",
    )  # fmt: skip
    agenda, reasons = tilleuls.agendas["Lefèvre"].pk, tilleuls.reasons
    asked: dict[str, str | int] = {
        "tab": "chain", "patient": jeanne.pk, "wait": 30, "day": TODAY.isoformat(),
        "reason_1": reasons["Consultation"].pk, "with_1": agenda,
        "reason_2": reasons["Urgence"].pk, "with_2": agenda,
    }  # fmt: skip
    answer = at_desk(alice).get("/agenda/together/", asked, headers=HTMX)
    ways = re.findall(r'name="visit" value="([^"]+)"', unescape(answer.content.decode()))
    first, then = ways[0].split("|")
    assert [one.partition("@")[0].split(".")[3] for one in (first, then)] == ["30", "10"]
