"""Login, second factor, and the desk that locks itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from secretariat.practice import second_factor
from secretariat.practice.actions import LoginTaken, create_login
from secretariat.practice.models import Staff, User
from tests.cast import NOW, House

AtDesk = Callable[[Staff], Client]
PASSWORD = "quatre mots bien rangés"


@pytest.fixture
def alice_types(alice: Staff) -> Staff:
    """Alice with a password of her own."""
    user = User.objects.get(pk=alice.user_id)
    user.set_password(PASSWORD)
    user.save()
    return alice


def test_passwords_are_kept_with_argon2(alice_types: Staff) -> None:
    assert User.objects.get(pk=alice_types.user_id).password.startswith("argon2$argon2id$")


def test_an_idle_desk_locks_itself_and_opens_with_the_password(
    alice_types: Staff, at_desk: AtDesk
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        desk = at_desk(alice_types)
        assert desk.get("/pulse/").status_code == 200
        assert desk.get("/day/").status_code == 200
        clock.shift(timedelta(minutes=11))
        assert desk.get("/pulse/").status_code == 423
        assert desk.get("/day/").status_code == 423
        assert desk.post("/desk/unlock/", {"password": "faux"}).status_code == 422
        assert desk.get("/day/").status_code == 423
        assert desk.post("/desk/unlock/", {"password": PASSWORD}).status_code == 302
        assert desk.get("/day/").status_code == 200


def test_a_page_that_refreshes_itself_is_not_a_person(alice: Staff, at_desk: AtDesk) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        desk = at_desk(alice)
        desk.get("/day/")
        for _ in range(11):
            clock.shift(timedelta(minutes=1))
            answer = desk.get("/pulse/")
        assert answer.status_code == 423


def test_five_wrong_passwords_end_the_session(alice_types: Staff, at_desk: AtDesk) -> None:
    with time_machine.travel(NOW, tick=False):
        desk = at_desk(alice_types)
        desk.post("/desk/lock/")
        for _ in range(4):
            assert desk.post("/desk/unlock/", {"password": "faux"}).status_code == 422
        assert desk.post("/desk/unlock/", {"password": "faux"}).status_code == 302
        assert "_auth_user_id" not in desk.session


@pytest.mark.parametrize("password", [PASSWORD, "faux", ""])
@pytest.mark.parametrize("second", ["right", "wrong", "absent"])
def test_only_a_right_password_and_a_right_second_factor_open(
    alice_types: Staff, password: str, second: str
) -> None:
    user = User.objects.get(pk=alice_types.user_id)
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": password})
    if second != "absent":
        client.post("/accounts/2fa/authenticate/", {"code": _code(secret, right=second == "right")})
    opened = "_auth_user_id" in client.session
    assert opened == (password == PASSWORD and second == "right")


def test_without_a_second_factor_nothing_opens_outside_the_demo(
    alice: Staff, at_desk: AtDesk, settings: Any
) -> None:
    settings.DEMO = False
    desk = at_desk(alice)
    session = desk.session
    session[second_factor.SEEN] = False
    session.save()
    answer = desk.get("/day/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")


def test_failures_are_limited_whatever_the_address_pretended(
    alice_types: Staff, settings: Any
) -> None:
    statuses = set()
    for number in range(12):
        answer = Client().post(
            "/accounts/login/", {"login": "alice", "password": f"faux{number}"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )  # fmt: skip
        statuses.add(answer.status_code)
    last = Client().post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert "_auth_user_id" not in last.client.session
    assert 500 not in statuses


def test_nobody_opens_an_account_alone(db: None) -> None:
    answer = Client().post(
        "/accounts/signup/", {"username": "intrus", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert answer.status_code in (200, 403, 404)
    assert not User.objects.filter(username="intrus").exists()


def test_two_spellings_of_a_login_are_one(tilleuls: House) -> None:
    create_login(login="Zoë-B", password=PASSWORD)
    with pytest.raises(LoginTaken):
        create_login(login="zoe-b", password=PASSWORD)


def _code(secret: str, *, right: bool) -> str:
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    good = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    return good if right else f"{(int(good) + 1) % 10**6:06d}"
