"""Known passwords never meet a real practice."""

from __future__ import annotations

import pytest

from secretariat.cli import demo, demo_mark
from secretariat.config.trouble import Trouble
from secretariat.practice.actions import create_login

pytestmark = pytest.mark.django_db


def test_the_demo_does_not_settle_in_a_real_practice() -> None:
    create_login(login="vraie.secretaire", password="une phrase assez longue")
    with pytest.raises(Trouble, match="vrai cabinet"):
        demo.prepare()
    assert demo_mark.state() is None


def test_a_database_remembers_that_it_is_a_demo() -> None:
    assert demo_mark.state() is None
    demo_mark.write(demo_mark.STARTED)
    assert demo_mark.state() == demo_mark.STARTED
    demo_mark.write(demo_mark.DONE)
    assert demo_mark.state() == demo_mark.DONE
    demo.prepare()  # nothing is made anew
