"""What a line of a replanned day says of its patient's answer."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from secretariat.notices.models import Notice

AT = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "confirmed", "said"),
    [
        ("confirmed", True, "accepte"),
        ("", True, "accepte"),
        ("cancelled", True, "Annule"),
        ("other", True, "Demande un autre moment"),
        ("", False, "Prévenu"),
    ],
)
def test_the_last_answer_is_shown(answer: str, confirmed: bool, said: str) -> None:
    """Who accepts, then cancels, does not come."""
    visit = SimpleNamespace(
        pk=1, patient="Jeanne", title="", confirmed_at=AT if confirmed else None
    )
    notice = Notice(answer=answer, state=Notice.State.TOLD)
    line = SimpleNamespace(pk=1, was_at=AT, starts_at=AT, choice="move")
    with override("fr"):
        page = render_to_string(
            "agenda/_replan_row.html",
            {"row": SimpleNamespace(notice=notice), "line": line, "visit": visit},
        )
    reach = unescape(page).partition('class="reach small">')[2]
    assert said in reach
    assert ("accepte" in reach) == (said == "accepte")
