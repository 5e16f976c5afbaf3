"""What a page knows of the day book."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from secretariat.practice.models import Staff
from secretariat.privacy import daybook

pytestmark = pytest.mark.django_db


def test_a_page_says_which_deeds_it_has_heard_of(
    alice: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    number, _ = daybook.head(alice.practice_id)
    page = at_desk(alice).get(reverse("home"), follow=True, headers={"accept": "text/html"})
    assert f'data-pulse-number="{number}"' in page.content.decode()
    assert number > 0
    assert at_desk(alice).get(reverse("pulse")).content.decode() == str(number)
