"""Who enters the waiting list, on which terms, and how they leave it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

import pytest
from django.db import transaction

from secretariat.agenda.actions import book
from secretariat.agenda.actions.quotas import set_quota
from secretariat.agenda.actions.waiting import (
    Terms,
    WaitChanged,
    WaitsAlready,
    change,
    come_back,
    lapse,
    leave,
)
from secretariat.agenda.local_time import moment_of
from secretariat.agenda.models import Waiting
from secretariat.agenda.queries.waiting_fits import Place, fits
from secretariat.agenda.tests.waiting_scene import given, person, waits
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.models import Staff
from tests.cast import NOW, House

Paris = Callable[..., datetime]
HOUR = timedelta(hours=1)


def test_one_wait_for_a_reason(tilleuls: House, alice: Staff) -> None:
    patient = person(tilleuls, "ARNAUD")
    waiting = waits(tilleuls, patient)
    with pytest.raises(WaitsAlready):
        waits(tilleuls, patient)
    leave(waiting=waiting, version=1, outcome="no_longer", by=alice, at=NOW)
    again = waits(tilleuls, patient)
    with pytest.raises(WaitsAlready):
        come_back(waiting=waiting, by=alice, at=NOW)
    leave(waiting=again, version=1, outcome="mistake", by=alice, at=NOW)
    assert come_back(waiting=waiting, by=alice, at=NOW).ended_at is None


def test_a_priority_names_the_doctor_who_decided(tilleuls: House, alice: Staff) -> None:
    with pytest.raises(BadInput, match="médecin"):
        waits(tilleuls, person(tilleuls, "ARNAUD"), priority=1)


def test_a_change_made_elsewhere_is_not_lost(tilleuls: House, alice: Staff) -> None:
    waiting = waits(tilleuls, person(tilleuls, "ARNAUD"))
    moreau = tilleuls.practitioners["Moreau"]
    changed = change(waiting=waiting, version=1, terms=Terms(doctors=(moreau,)), by=alice, at=NOW)
    assert [one.practitioner for one in changed.doctors.all()] == [moreau]
    with pytest.raises(WaitChanged):
        change(waiting=waiting, version=1, terms=Terms(), by=alice, at=NOW)


def test_a_visit_given_by_the_day_wanted_ends_the_wait(tilleuls: House, paris: Paris) -> None:
    patient, other = person(tilleuls, "ARNAUD"), person(tilleuls, "BERGER")
    in_time = waits(tilleuls, patient, to_date=NOW.date() + timedelta(days=3))
    whenever = waits(tilleuls, other)
    given(tilleuls, patient, paris(11))
    visit = given(tilleuls, other, paris(16))
    in_time.refresh_from_db()
    whenever.refresh_from_db()
    assert in_time.outcome == "booked"
    # « As soon as possible » goes on: the visit is one to be moved earlier.
    assert (whenever.ended_at, whenever.visit_id) == (None, visit.pk)


def test_who_waits_for_a_day_that_is_past_waits_no_more(
    tilleuls: House, alice: Staff, paris: Paris
) -> None:
    patient = person(tilleuls, "ARNAUD")
    waits(tilleuls, patient, visit=given(tilleuls, patient, paris(16)))
    waits(tilleuls, person(tilleuls, "BERGER"), to_date=NOW.date())
    waits(tilleuls, person(tilleuls, "COLIN"))
    assert lapse(practice_id=tilleuls.practice.pk, by=alice, at=NOW) == 0
    assert lapse(practice_id=tilleuls.practice.pk, by=alice, at=NOW + 24 * HOUR) == 2
    assert Waiting.objects.get(ended_at=None).patient.birth_name == "COLIN"


@pytest.mark.parametrize("seed", range(6))
def test_whoever_is_proposed_a_time_can_be_given_it(
    tilleuls: House, alice: Staff, paris: Paris, seed: int
) -> None:
    random, agenda = Random(seed), tilleuls.agenda("Lefèvre")
    for number in range(14):
        reason = random.choice(list(tilleuls.reasons))
        at = paris(random.randrange(9, 18), random.randrange(0, 60, 5))
        with suppress(Refusal):
            given(tilleuls, person(tilleuls, f"A{'BCDEFGHIJKLMNOP'[number]}"), at, reason=reason)
    set_quota(
        agenda=agenda, kind="keep", amount=4, minutes=10, part="day", release="never",
        reasons=[tilleuls.reasons["Urgence"]], from_date=NOW.date(), by=alice, at=NOW,
    )  # fmt: skip
    for number, reason in enumerate(tilleuls.reasons):
        waits(tilleuls, person(tilleuls, f"Z{'ABC'[number]}"), reason=reason)
    proposed = 0
    for minute in range(9 * 60, 18 * 60, 25):
        starts_at = paris(minute // 60, minute % 60)
        for one in fits(Place(agenda, starts_at, starts_at + timedelta(minutes=15)), NOW):
            proposed += 1
            with suppress(_Undone), transaction.atomic():
                book(
                    agenda=agenda, patient=one.waiting.patient, reason=one.waiting.reason,
                    starts_at=moment_of(one.fit.start), minutes=one.fit.wait.minutes, by=alice,
                    at=NOW,
                )  # fmt: skip
                raise _Undone
    assert proposed


class _Undone(Exception):
    """The visit was only tried."""
