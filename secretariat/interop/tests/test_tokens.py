"""Another program's key: what it opens, and when it opens nothing any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from secretariat.core import scope
from secretariat.core.refusal import NotAllowed
from secretariat.interop.actions import tokens
from secretariat.interop.models import ApiToken
from secretariat.interop.tests.programs import Program, sentence
from secretariat.practice import actions as practice
from secretariat.practice.models import Staff
from secretariat.privacy.models import Access, Entry
from tests.cast import NOW, TODAY, House

pytestmark = pytest.mark.django_db
Make = Callable[..., Program]


@pytest.fixture(autouse=True)
def this_morning() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_secret_itself_is_nowhere_in_the_database(alice: Staff, keller: Staff) -> None:
    token, secret = tokens.issue(staff=alice, name="Agenda", may_write=True, by=keller, at=NOW)
    kept = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(kept)
    assert len(secret) > 40
    entry = Entry.objects.get(verb="interop.issue_token")
    assert secret not in entry.detail
    assert entry.staff_id == keller.pk


def test_only_who_manages_the_practice_gives_a_key(alice: Staff) -> None:
    with pytest.raises(NotAllowed):
        tokens.issue(staff=alice, name="Agenda", may_write=True, by=alice, at=NOW)


def test_without_a_scope_a_digest_shows_its_own_row_and_no_other(
    alice: Staff, program: Make
) -> None:
    program(alice)
    program(alice)
    digest = ApiToken.objects.order_by("pk").values_list("digest", flat=True)[0]
    scope.apply(())
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.token', %s, false)", [digest])
        assert [row.digest for row in ApiToken.objects.all()] == [digest]
        assert ApiToken.objects.update(name="x") == 0
        cursor.execute("SELECT set_config('app.token', '', false)")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "Bearer nonsense", "Bearer \xe9"])
def test_a_stranger_is_told_to_present_a_token(tilleuls: House, header: str) -> None:
    answer = Program("")("GET", "Schedule", Authorization=header)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["issue"][0]["code"] == "login"


def test_a_person_logged_in_is_a_stranger_without_a_token(
    alice: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    answer = at_desk(alice).get("/fhir/Schedule")
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_a_key_taken_back_opens_nothing(alice: Staff, keller: Staff, program: Make) -> None:
    asks = program(alice)
    asks.get("Schedule")
    tokens.revoke(token=ApiToken.objects.get(), by=keller, at=NOW)
    assert asks("GET", "Schedule").status_code == 401
    assert Entry.objects.filter(verb="interop.revoke_token", staff=keller).exists()


def test_a_closed_post_is_a_dead_key(alice: Staff, keller: Staff, program: Make) -> None:
    asks = program(alice)
    practice.dismiss(staff=alice, last_day=TODAY - timedelta(days=1), by=keller, at=NOW)
    assert asks("GET", "Schedule").status_code == 401


def test_a_right_withheld_from_the_post_is_withheld_from_the_program(
    alice: Staff, keller: Staff, program: Make
) -> None:
    asks = program(alice)
    practice.withhold(staff=alice, permissions=["patients.read"], by=keller, at=NOW)
    answer = asks("GET", "Patient?name=martin")
    assert answer.status_code == 403
    assert Access.objects.filter(denied=True, staff=alice).exists()


def test_a_key_for_reading_does_not_write(alice: Staff, program: Make) -> None:
    answer = program(alice, may_write=False)("POST", "Appointment", {})
    assert (answer.status_code, sentence(answer)) == (403, "Ce jeton ne permet que de lire.")


def test_use_is_noted_once_an_hour(alice: Staff, program: Make) -> None:
    asks = program(alice)
    for minutes, seen in ((0, 0), (59, 0), (61, 61)):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            asks.get("Location")
        assert ApiToken.objects.get().last_used_at == NOW + timedelta(minutes=seen)


def test_one_key_for_two_practices_sees_one_at_a_time(
    zoe: Staff, port: House, tilleuls: House
) -> None:
    posts = [zoe, port.staff["Zoé"]]
    _, secret = tokens.issue_for(posts=posts, name="Standard", may_write=False, by=None, at=NOW)
    asks = Program(secret)
    assert [one["name"] for one in asks.entries("Location")] == ["Cabinet des Tilleuls"]
    there = asks.get("Location", X_Practice="port")
    assert [one["resource"]["name"] for one in there["entry"]] == ["Centre du Port"]
    assert asks("GET", "Location", X_Practice="ailleurs").status_code == 401


def test_too_many_wrong_tokens_are_told_to_wait(tilleuls: House) -> None:
    asks = Program("wrong")
    answers = [asks("GET", "Location").status_code for _ in range(62)]
    assert set(answers[:60]) == {401}
    assert answers[-1] == 429
