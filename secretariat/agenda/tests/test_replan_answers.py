"""What patients answer to a replanned day: on its line, and when it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from secretariat.agenda.actions import book, by_patient
from secretariat.agenda.actions import replanning as ours
from secretariat.agenda.models import Appointment
from secretariat.agenda.queries import replan_facts, replans
from secretariat.notices import actions as notices
from secretariat.notices.models import Notice
from secretariat.patients.actions import register
from secretariat.practice.actions import automatic_post
from secretariat.practice.models import Staff
from tests.cast import House

EARLY = datetime(2026, 11, 23, 6, 40, tzinfo=UTC)
AT = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "confirmed", "said"),
    [
        ("confirmed", True, "accepte"),
        ("", True, "accepte"),
        ("cancelled", True, "Annule"),
        ("other", True, "Demande un autre moment"),
        ("", False, "Prévenu"),
    ],
)
def test_the_last_answer_is_shown(answer: str, confirmed: bool, said: str) -> None:
    """Who accepts, then cancels, does not come."""
    visit = SimpleNamespace(
        pk=1, patient="Jeanne", title="", confirmed_at=AT if confirmed else None
    )
    notice = Notice(answer=answer, state=Notice.State.TOLD)
    line = SimpleNamespace(pk=1, was_at=AT, starts_at=AT, choice="move")
    with override("fr"):
        page = render_to_string(
            "agenda/_replan_row.html",
            {"row": SimpleNamespace(notice=notice), "line": line, "visit": visit},
        )
    reach = unescape(page).partition('class="reach small">')[2]
    assert said in reach
    assert ("accepte" in reach) == (said == "accepte")


def test_taken_back_it_leaves_what_a_patient_chose_by_the_link(
    tilleuls: House, alice: Staff, paris: Callable[..., datetime]
) -> None:
    agenda = tilleuls.agenda("Lefèvre")
    for minute, name in enumerate(("Arnaud", "Bertin")):
        patient = register(
            practice=tilleuls.practice, by=alice, at=EARLY, birth_name=name, given_names="Anne",
            birth_date=date(1960, 3, 4 + minute), sex="F",
        )  # fmt: skip
        book(
            agenda=agenda, patient=patient, reason=tilleuls.reasons["Consultation"], by=alice,
            starts_at=paris(9, 15 * minute), at=EARLY - timedelta(days=1),
        )  # fmt: skip
    draft = ours.replan(
        agenda=agenda, period=ours.Period(paris(7), paris(20), close=True), by=alice, at=EARLY
    )
    ours.approve(replan=draft, by=alice, at=EARLY)
    anne, _ = replan_facts.lines_of(draft)
    link = automatic_post(practice_id=alice.practice_id, role_key="patient_link", at=EARLY)
    visit = anne.appointment
    by_patient.give_up(appointment=visit, version=visit.version, by=link, at=EARLY)
    proposed = Notice.objects.get(kind="replan.proposed", about_id=visit.pk)
    notices.answer(notice=proposed, answer=Notice.Answer.CANCELLED, by=link, at=EARLY)

    undone = ours.undo(replan=draft, by=alice, at=EARLY)
    assert replans.left_aside(undone) == [str(visit.patient)]
    given_up, back = Appointment.objects.order_by("pk")
    assert given_up.cancelled_at is not None
    assert back.starts_at == paris(9, 15)
