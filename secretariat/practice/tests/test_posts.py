"""Who works here, in which role, until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.practice import actions
from secretariat.practice.models import Practice, Site, Staff, User
from secretariat.practice.roles import PERMISSIONS, ROLES
from secretariat.privacy import daybook
from secretariat.privacy.models import Access, Entry
from tests.cast import NOW, TODAY, House

AtDesk = Callable[[Staff], Client]


def _locum(house: House, first: date, last: date) -> Staff:
    return actions.engage(
        practice=house.practice, user=User.objects.create(username="bob"), role_key="locum",
        display_name="Bob", starts_on=first, ends_on=last, by=None, at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("offset", "opens"), [(-1, False), (0, True), (9, True), (10, False)], ids=str
)
def test_a_locum_opens_the_desk_on_his_dates_and_no_other(
    tilleuls: House, at_desk: AtDesk, offset: int, opens: bool
) -> None:
    bob = _locum(tilleuls, TODAY, TODAY + timedelta(days=9))
    with time_machine.travel(NOW + timedelta(days=offset), tick=False):
        answer = at_desk(bob).get("/pulse/")
    assert (answer.status_code == 200) is opens
    if not opens:
        assert "n’a pas de poste ouvert" in answer.content.decode()


def test_a_dated_role_has_its_dates(tilleuls: House) -> None:
    with pytest.raises(actions.DatesMissing):
        actions.engage(
            practice=tilleuls.practice, user=User.objects.create(username="x"), by=None, at=NOW,
            role_key="trainee", display_name="X",
        )  # fmt: skip


def test_a_post_taken_away_closes_the_next_page(
    tilleuls: House, alice: Staff, keller: Staff, at_desk: AtDesk
) -> None:
    with time_machine.travel(NOW, tick=False):
        desk = at_desk(alice)
        assert desk.get("/pulse/").status_code == 200
        actions.dismiss(staff=alice, last_day=TODAY - timedelta(days=1), by=keller, at=NOW)
        assert desk.get("/pulse/").status_code == 404


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.key)
def test_a_withheld_right_always_wins_and_adds_none(role: type) -> None:
    for permission in PERMISSIONS:
        staff = Staff(role_key=role.key, withheld=[permission])  # type: ignore[attr-defined]
        assert not staff.may(permission)
        others = {other for other in PERMISSIONS if staff.may(other)}
        assert others == role.permissions - {permission}  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.key)
def test_a_role_lists_rights_that_exist_and_says_who_may_hold_it(role: type) -> None:
    assert role.permissions <= set(PERMISSIONS)  # type: ignore[attr-defined]
    assert len(role.paragraph()) > 100  # type: ignore[attr-defined]


def test_only_the_manager_changes_rights(alice: Staff, keller: Staff) -> None:
    with pytest.raises(NotAllowed):
        actions.withhold(staff=keller, permissions=[], by=alice, at=NOW)
    with pytest.raises(BadInput):
        actions.withhold(staff=alice, permissions=["tout.voir"], by=keller, at=NOW)
    actions.withhold(staff=alice, permissions=["agenda.force"], by=keller, at=NOW)
    assert not Staff.objects.get(pk=alice.pk).may("agenda.force")
    assert Entry.objects.order_by("-number")[0].verb == "practice.withhold"


def test_a_shut_door_looks_like_no_door_and_leaves_a_trace(alice: Staff, at_desk: AtDesk) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = at_desk(alice).get("/people/")
    assert answer.status_code == 404
    assert Access.objects.get(denied=True).screen == "/people/"


def test_the_remote_secretary_changes_practice_and_never_mixes_them(
    port: House, zoe: Staff, at_desk: AtDesk
) -> None:
    with time_machine.travel(NOW, tick=False):
        desk = at_desk(zoe)
        assert "Dr Lefèvre" in desk.get("/day/").content.decode()
        desk.post(f"/practices/{port.practice.pk}/view/")
        there = desk.get("/day/").content.decode()
    assert "Dr Le Goff" in there
    assert "Dr Lefèvre" not in there


def test_a_page_left_open_on_a_practice_goes_on_there(
    port: House, zoe: Staff, at_desk: AtDesk
) -> None:
    with time_machine.travel(NOW, tick=False):
        desk = at_desk(zoe)
        desk.post(f"/practices/{port.practice.pk}/view/")
        still = desk.get("/day/", headers={"X-Practice": str(zoe.practice_id)}).content.decode()
        chosen = desk.get("/day/").content.decode()
    assert "Dr Lefèvre" in still
    assert "Dr Le Goff" in chosen


def test_a_page_cannot_stand_in_a_practice_that_is_not_theirs(
    port: House, alice: Staff, at_desk: AtDesk
) -> None:
    with time_machine.travel(NOW, tick=False):
        desk, there = at_desk(alice), str(port.practice.pk)
        read = desk.get("/day/", headers={"X-Practice": there})
        sent = desk.post(f"/patients/new/?in_practice={there}")
        after = desk.get("/day/")
    assert read.status_code == sent.status_code == 404
    assert "Le Goff" not in read.content.decode()
    assert "Dr Lefèvre" in after.content.decode()


def test_nobody_looks_at_a_practice_that_is_not_theirs(
    port: House, alice: Staff, at_desk: AtDesk
) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = at_desk(alice).post(f"/practices/{port.practice.pk}/view/")
    assert answer.status_code == 404


def test_one_person_has_one_post_in_a_practice_however_the_login_is_spelt(
    tilleuls: House, keller: Staff
) -> None:
    with pytest.raises(actions.AlreadyHere):
        actions.engage_by_login(
            practice=tilleuls.practice, login=" Zoé ", password="un mot de passe",
            role_key="secretary", display_name="Zoé 2", by=keller, at=NOW,
        )  # fmt: skip


def test_a_person_from_elsewhere_keeps_their_login(
    tilleuls: House, port: House, keller: Staff
) -> None:
    staff, new = actions.engage_by_login(
        practice=tilleuls.practice, login="charlie", password="un mot de passe",
        role_key="secretary", display_name="Charlie", by=keller, at=NOW,
    )  # fmt: skip
    assert (new, staff.user_id) == (False, port.staff["Charlie"].user_id)


def test_no_request_leaves_the_practice_open_behind_it(
    tilleuls: House, alice: Staff, at_desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(NOW, tick=False):
        desk = Client()  # the cast's own opens the test's scope again
        desk.cookies = at_desk(alice).cookies
        assert Site.objects.exists()
        assert desk.get("/pulse/").status_code == 200
        assert not Site.objects.exists()

        def breaks(practice_id: int) -> None:
            assert Site.objects.exists()
            raise ValueError("panne")

        monkeypatch.setattr(daybook, "head", breaks)
        with pytest.raises(ValueError, match="panne"):
            desk.get("/pulse/")
    assert not Site.objects.exists()
    assert not Practice.objects.exists()
