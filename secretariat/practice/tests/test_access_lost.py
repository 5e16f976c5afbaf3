"""A password forgotten, a telephone lost: the manager gives the access back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from secretariat.core.refusal import NotAllowed
from secretariat.core.scope import scope
from secretariat.practice import actions
from secretariat.practice.models import Staff, User
from secretariat.privacy.models import Entry
from tests.cast import NOW, TODAY, House

AtDesk = Callable[[Staff], Client]
CHOSEN = "une phrase bien à elle 41"


def _given(at_desk: AtDesk, keller: Staff, whom: Staff) -> str:
    """The provisional password that the manager reads on screen."""
    answer = at_desk(keller).post(f"/people/{whom.pk}/access/")
    shown = re.findall("<code>([^<]+)</code>", answer.content.decode())
    return str(shown[-1])


@time_machine.travel(NOW, tick=False)
def test_the_old_password_and_the_old_telephone_open_nothing_more(
    alice: Staff, keller: Staff, at_desk: AtDesk
) -> None:
    user = User.objects.get(pk=alice.user_id)
    TOTP.activate(user, generate_totp_secret())
    open_desk = at_desk(alice)
    assert open_desk.get("/pulse/").status_code == 200
    password = _given(at_desk, keller, alice)
    assert open_desk.get("/pulse/").status_code != 200, "her open desk is closed"
    user.refresh_from_db()
    assert user.check_password(password)
    assert not Authenticator.objects.filter(user=user).exists()
    assert Entry.objects.filter(verb="practice.give_back_access", staff_id=keller.pk).exists()


@time_machine.travel(NOW, tick=False)
def test_a_password_that_was_handed_over_only_serves_to_choose_another(
    alice: Staff, keller: Staff, at_desk: AtDesk, settings: object
) -> None:
    password = _given(at_desk, keller, alice)
    settings.DEMO = False  # type: ignore[attr-defined]
    desk = Client()
    username = User.objects.get(pk=alice.user_id).username
    desk.post("/accounts/login/", {"login": username, "password": password})
    assert desk.get("/day/")["Location"] == "/accounts/password/change/"
    typed = {"oldpassword": password, "password1": CHOSEN, "password2": CHOSEN}
    desk.post("/accounts/password/change/", typed)
    desk.post("/accounts/login/", {"login": username, "password": CHOSEN})
    assert desk.get("/day/")["Location"] == "/accounts/2fa/", "then her second factor"


def test_nobody_takes_over_a_login_that_opens_another_practice(
    zoe: Staff, keller: Staff, port: House
) -> None:
    user = User.objects.get(pk=zoe.user_id)
    before = user.password
    with pytest.raises(actions.ServesElsewhere, match="autre cabinet"):
        actions.give_back_access(staff=zoe, password="provisoire", by=keller, at=NOW)
    user.refresh_from_db()
    assert user.password == before


def test_a_post_that_ended_elsewhere_does_not_count(zoe: Staff, keller: Staff, port: House) -> None:
    with scope([port.practice.pk]):
        port.staff["Zoé"].ends_on = TODAY - timedelta(days=1)
        port.staff["Zoé"].save()
    actions.give_back_access(staff=zoe, password="provisoire", by=keller, at=NOW)


def test_neither_a_secretary_nor_the_manager_for_herself(alice: Staff, keller: Staff) -> None:
    with pytest.raises(NotAllowed):
        actions.give_back_access(staff=keller, password="provisoire", by=alice, at=NOW)
    with pytest.raises(NotAllowed):
        actions.give_back_access(staff=keller, password="provisoire", by=keller, at=NOW)
