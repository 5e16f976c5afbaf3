"""A call is a sheet from the first ring to its outcome."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from secretariat.core.refusal import BadInput
from secretariat.patients.actions.registering import register
from secretariat.practice.models import Staff
from secretariat.reception.actions import answer, close, jot, promise_kept, reopen
from secretariat.reception.actions.calls import CallChangedMeanwhile, CallIsClosed
from secretariat.reception.models import Call
from tests.cast import NOW, House

LATER = NOW + timedelta(hours=2)


def test_a_call_is_jotted_down_then_closed_with_a_message_and_a_promise(
    tilleuls: House, alice: Staff
) -> None:
    call = answer(by=alice, at=NOW, caller_phone="+33639980001")
    call = jot(call=call, version=1, by=alice, at=NOW, request="Résultats", message="Rappeler SVP")
    call = close(
        call=call, version=2, outcome="message", message_for=tilleuls.practitioners["Lefèvre"],
        call_back_by=LATER, by=alice, at=NOW,
    )  # fmt: skip
    assert (call.outcome, call.call_back_by, call.closed_at) == ("message", LATER, NOW)
    kept = promise_kept(call=call, by=alice, at=LATER)
    assert kept.settled_by == alice
    assert reopen(call=kept, by=alice, at=LATER).settled_at is None


def test_nobody_hangs_up_without_an_outcome(alice: Staff) -> None:
    call = answer(by=alice, at=NOW)
    for outcome in ("", "inventé"):
        with pytest.raises(BadInput):
            close(call=call, version=1, outcome=outcome, by=alice, at=NOW)
    with pytest.raises(BadInput, match="message"):
        close(call=call, version=1, outcome="message", by=alice, at=NOW)
    assert Call.objects.get().closed_at is None


def test_a_promise_is_made_for_later(alice: Staff) -> None:
    call = answer(by=alice, at=NOW)
    with pytest.raises(BadInput, match="déjà passée"):
        close(call=call, version=1, outcome="informed", call_back_by=NOW, by=alice, at=NOW)


def test_two_desks_on_one_sheet_overwrite_nothing(alice: Staff, zoe: Staff) -> None:
    call = answer(by=alice, at=NOW)
    jot(call=call, version=1, by=alice, at=NOW, request="Douleur au genou")
    with pytest.raises(CallChangedMeanwhile) as refused:
        jot(call=call, version=1, by=zoe, at=NOW, request="autre chose")
    assert refused.value.facts["call"].request == "Douleur au genou"


def test_two_sendings_of_one_desk_that_cross_are_no_conflict(alice: Staff) -> None:
    call = answer(by=alice, at=NOW)
    jot(call=call, version=1, by=alice, at=NOW, request="Certificat")
    kept = jot(call=call, version=1, by=alice, at=NOW, request="Certificat de sport")
    assert kept.request == "Certificat de sport"


def test_a_closed_call_is_reopened_to_be_corrected(alice: Staff) -> None:
    call = close(call=answer(by=alice, at=NOW), version=1, outcome="nothing", by=alice, at=NOW)
    with pytest.raises(CallIsClosed):
        jot(call=call, version=2, by=alice, at=NOW, request="x")
    assert reopen(call=call, by=alice, at=NOW).closed_at is None


def test_a_novel_is_refused_and_said_so(alice: Staff) -> None:
    call = answer(by=alice, at=NOW)
    with pytest.raises(BadInput, match="500 caractères"):
        jot(call=call, version=1, by=alice, at=NOW, request="x" * 501)


def test_a_patient_typed_over_is_no_longer_the_calls(tilleuls: House, alice: Staff) -> None:
    jeanne = register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Mésange", given_names="Jeanne",
        birth_date=date(1980, 5, 4), sex="F",
    )  # fmt: skip
    call = jot(call=answer(by=alice, at=NOW), version=1, by=alice, at=NOW, patient=jeanne)
    call = jot(call=call, version=2, by=alice, at=NOW, request="x")
    assert call.patient == jeanne
    assert jot(call=call, version=3, by=alice, at=NOW, unknown=True).patient is None
