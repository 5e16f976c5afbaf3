"""How a day is shared: who may say so, what it says, how it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.actions import quotas
from secretariat.agenda.models import Quota
from secretariat.agenda.quota_words import SpokenQuota, quota_words, weekday_bits
from secretariat.agenda.tests.desk_forms import HTMX
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, TODAY, House

Desk = Callable[[Staff], Client]
URL = "/agenda/settings/"


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


def keep(house: House, by: Staff, **how: Any) -> Quota:
    wanted: dict[str, Any] = {
        "agenda": house.agenda("Lefèvre"), "kind": "keep", "amount": 2, "minutes": 15,
        "part": "morning", "release": "day", "reasons": [house.reasons["Urgence"]],
        "from_date": TODAY, "by": by, "at": NOW,
    } | how  # fmt: skip
    return quotas.set_quota(**wanted)


def test_times_are_kept_under_someone_s_name(tilleuls: House, alice: Staff) -> None:
    quota = keep(tilleuls, alice, label="  Fièvres  ")
    assert (quota.author, quota.created_at, quota.label) == (alice, NOW, "Fièvres")
    assert [counted.reason.name for counted in quota.reasons.all()] == ["Urgence"]
    line = Entry.objects.latest("number")
    assert (line.verb, line.subject_id) == ("agenda.set_quota", quota.pk)


@pytest.mark.parametrize(
    "facts",
    [
        {"reasons": []}, {"amount": 0}, {"amount": 51}, {"minutes": 0}, {"part": "night"},
        {"weekdays": 0}, {"to_date": date(2026, 11, 1)}, {"kind": "dream", "minutes": 0},
        {"release": "notice"}, {"release": "day", "release_hours": 4}, {"release": "later"},
        {"kind": "share", "amount": 101, "minutes": 0, "release": "never"},
        {"kind": "most", "amount": 201, "minutes": 0, "release": "never"},
        {"kind": "most", "amount": 3},
    ],
)  # fmt: skip
def test_a_quota_that_means_nothing_is_refused(
    tilleuls: House, alice: Staff, facts: dict[str, Any]
) -> None:
    with pytest.raises(BadInput):
        keep(tilleuls, alice, **facts)
    assert not Quota.objects.exists()


def test_a_quota_that_has_lived_ends_and_another_goes(tilleuls: House, alice: Staff) -> None:
    quota = keep(tilleuls, alice, from_date=date(2026, 11, 2))
    ended = quotas.end_quota(quota=quota, last_day=date(2026, 11, 22), by=alice, at=NOW)
    assert ended is not None
    assert ended.to_date == date(2026, 11, 22)
    coming = keep(tilleuls, alice, from_date=date(2027, 1, 1))
    assert quotas.end_quota(quota=coming, last_day=TODAY, by=alice, at=NOW) is None
    assert list(Quota.objects.all()) == [quota]


def test_the_remote_secretary_shares_nothing(tilleuls: House, zoe: Staff, alice: Staff) -> None:
    with pytest.raises(NotAllowed):
        keep(tilleuls, zoe)
    with pytest.raises(NotAllowed):
        quotas.end_quota(quota=keep(tilleuls, alice), last_day=TODAY, by=zoe, at=NOW)


@pytest.mark.parametrize(
    ("quota", "words"),
    [
        (
            SpokenQuota("keep", 2, ["Urgence"], "morning", minutes=15, release="day"),
            "Le matin, garder 2 créneaux de 15 min libres pour : Urgence — libérés le jour même",
        ),
        (
            SpokenQuota(
                "keep", 1, ["Urgence"], "day", 31, 20, "notice", release_hours=48, label="Hiver"
            ),
            "Chaque jour du lundi au vendredi, garder 1 créneau de 20 min libre pour : Urgence "
            "— libéré 48 h avant (Hiver)",
        ),
        (
            SpokenQuota("most", 3, ["Petite chirurgie"], weekdays=weekday_bits([0, 1, 3])),
            "Chaque demi-journée (lundi, mardi et jeudi), au plus 3 : Petite chirurgie",
        ),
        (
            SpokenQuota("share", 30, ["Bilan", "Première consultation"], "afternoon", 0b1000),
            "L’après-midi (jeudi), au plus 30 % du temps ouvert pour : "
            "Bilan, Première consultation",
        ),
    ],
)
def test_a_quota_is_a_sentence(quota: SpokenQuota, words: str) -> None:
    assert quota_words(quota) == words


def test_quotas_are_added_read_and_stopped_on_the_screen(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    client, agenda = at_desk(alice), tilleuls.agendas["Lefèvre"].pk

    def read() -> str:
        return unescape(client.get(f"{URL}quotas/").content.decode())

    assert "Aucun quota" in read()
    form = {
        "kind": "most", "amount": "4", "part": "half", "from_date": "2026-11-23", "minutes": "15",
        "release": "day", "reasons": [str(tilleuls.reasons["Première consultation"].pk)],
    }  # fmt: skip
    url = f"{URL}agendas/{agenda}/quotas/"
    assert client.post(url, form, headers=HTMX).status_code == 204
    assert "Chaque demi-journée, au plus 4 : Première consultation" in read()
    assert "fixé par Alice le 23 novembre 2026" in read()
    refused = client.post(url, form | {"reasons": []}, headers=HTMX)
    assert refused.status_code == 400
    assert "Cochez au moins un motif" in refused.content.decode()
    quota = Quota.objects.get()
    client.post(f"{URL}quotas/{quota.pk}/end/", {"last_day": "2026-11-22"}, headers=HTMX)
    assert "Aucun quota" in read()
