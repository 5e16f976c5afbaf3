"""« Accès d’autres logiciels » : given by who manages, shown once, cut at once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from secretariat.interop.models import ApiToken
from secretariat.interop.tests.programs import Program
from secretariat.practice.models import Staff

pytestmark = pytest.mark.django_db


def typed_password(desk: Client, seconds_ago: int) -> Client:
    session = desk.session
    at = time.time() - seconds_ago
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": at}]
    session.save()
    return desk


@pytest.fixture
def manager(keller: Staff, at_desk: Callable[[Staff], Client]) -> Client:
    """Mme Keller, who has just typed her password."""
    return typed_password(at_desk(keller), 0)


def test_a_program_is_linked_works_and_is_cut(manager: Client, alice: Staff) -> None:
    typed = {"name": "Agenda en ligne", "staff": alice.pk, "may_write": "on"}
    page = manager.post("/elsewhere/programs/new/", typed).content.decode()
    [secret] = re.findall(r'value="(sec_[\w-]+)"', page)
    asks = Program(secret)
    assert asks("GET", "Location").status_code == 200
    listed = manager.get("/elsewhere/programs/").content.decode()
    assert "Agenda en ligne" in listed
    assert secret not in listed
    token = ApiToken.objects.get()
    manager.post(f"/elsewhere/programs/{token.pk}/withdrawal/")
    assert asks("GET", "Location").status_code == 401


def test_a_program_needs_a_name_and_a_post_of_the_practice(manager: Client, charlie: Staff) -> None:
    refused = manager.post("/elsewhere/programs/new/", {"name": "", "staff": charlie.pk})
    assert refused.status_code == 422
    assert not ApiToken.objects.exists()


def test_an_old_password_is_asked_again(keller: Staff, at_desk: Callable[[Staff], Client]) -> None:
    keller.user.set_password("un mot de passe long")
    keller.user.save()
    answer = typed_password(at_desk(keller), 3600).get("/elsewhere/programs/new/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
