"""Days as they are written in French."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("l j F", "mardi 1er décembre"),
        ("D j b Y, H:i", "mar 1er déc 2026, 00:15"),
        ("j/m", "1/12"),
        ("Y-m-d", "2026-12-01"),
    ],
)
def test_the_first_of_a_month(form: str, said: str) -> None:
    page = Template(f'{{{{ when|date:"{form}" }}}}')
    # Still the 30th in UTC: the day is that of the clock shown.
    when = datetime(2026, 11, 30, 23, 15, tzinfo=UTC)
    with timezone.override("Europe/Paris"):
        assert page.render(Context({"when": when})) == said


def test_other_days_and_nothing() -> None:
    page = Template('{{ when|date:"l j F" }}')
    assert page.render(Context({"when": date(2026, 12, 11)})) == "vendredi 11 décembre"
    assert page.render(Context({"when": None})) == ""
