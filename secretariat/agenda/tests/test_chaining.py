"""Visits that follow each other, as a secretary would lay them out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from secretariat.agenda.chaining import Candidate, Chain, Step, apart, chains
from secretariat.agenda.facts import AgendaFacts, Ask, Room
from secretariat.agenda.quotas import Quota
from secretariat.agenda.tests.hours_given import MONDAY, at, facts, visit, walls, weekly

ECG, DOCTOR, CHILD = Ask(10, 1), Ask(20, 2), Ask(15, 3)


def book(number: int, *busy: tuple[str, str], needs: list[list[Room]] | None = None) -> AgendaFacts:
    taken = [visit(MONDAY, *one) for one in busy]
    made = facts(weekly(MONDAY, "09:00", "11:00"), busy=taken, agenda_id=number)
    return AgendaFacts(number, made.hours, made.busy, needs=needs or [])


def step(ask: Ask, *books: AgendaFacts, wait: tuple[int, int] = (0, 0)) -> Step:
    return Step([Candidate(one, ask) for one in books], *wait)


def told(chain: Chain) -> str:
    return ", ".join(f"{walls([link.start])[0]} chez {link.agenda_id}" for link in chain)


def test_an_ecg_then_the_cardiologist() -> None:
    nurse, doctor = book(1, ("09:00", "09:20")), book(2, ("09:30", "10:00"))
    found = list(chains([step(ECG, nurse), step(DOCTOR, doctor, wait=(0, 30))], MONDAY))
    assert told(found[0]) == "09:20 chez 1, 10:00 chez 2"
    assert told(found[-1]) == "10:30 chez 1, 10:40 chez 2"


def test_the_assistant_ten_minutes_before_the_doctor_leaves_no_hole() -> None:
    assistant, doctor = book(1), book(2, ("09:00", "09:15"))
    found = chains([step(ECG, assistant), step(DOCTOR, doctor)], MONDAY)
    # The doctor is free from 09:15, the assistant begins on a line that is not the usual one.
    assert told(next(found)) == "09:05 chez 1, 09:15 chez 2"


def test_three_children_in_a_row_stay_with_one_doctor() -> None:
    usual, other = book(1, ("09:30", "09:45")), book(2)
    family = [step(CHILD, usual, other, wait=(0, 15)) for _ in range(3)]
    quickest = next(chains(family, MONDAY))
    assert told(quickest) == "09:00 chez 2, 09:15 chez 2, 09:30 chez 2"
    waits = [step(CHILD, usual, wait=(0, 15)) for _ in range(3)]
    assert told(next(chains(waits, MONDAY))) == "09:00 chez 1, 09:15 chez 1, 09:45 chez 1"


def test_one_doctor_for_all_is_worth_some_waiting_to_a_family() -> None:
    usual, other = book(1, ("09:15", "09:25")), book(2, ("09:00", "09:15"), ("09:30", "11:00"))
    family = [step(CHILD, usual, other, wait=(0, 15)) for _ in range(2)]
    assert told(next(chains(family, MONDAY))) == "09:00 chez 1, 09:15 chez 2"
    assert told(next(chains(family, MONDAY, together=True))) == "09:00 chez 1, 09:25 chez 1"


def test_two_steps_never_want_the_same_machine_at_once() -> None:
    laser = [[Room(7, "Laser")]]
    cleaned = Ask(10, 1, after=10)
    one, two = book(1, needs=laser), book(2, needs=laser)
    found = chains([step(cleaned, one), step(cleaned, two, wait=(0, 30))], MONDAY)
    assert told(next(found)) == "09:00 chez 1, 09:20 chez 2"


def test_the_same_practitioner_is_not_at_two_sites() -> None:
    roads = {(1, 2): 20, (2, 1): 20}
    steps = [step(ECG, book(1)), step(ECG, book(2), wait=(0, 60))]
    assert told(next(chains(steps, MONDAY))) == "09:00 chez 1, 09:10 chez 2"
    assert told(next(chains(steps, MONDAY, roads=roads))) == "09:00 chez 1, 09:30 chez 2"


def test_a_time_kept_for_urgent_visits_is_owed_no_more_once_one_is_given() -> None:
    urgent, other = Ask(10, 1), Ask(10, 2)
    kept = Quota("keep", 1, frozenset({1}), minutes=15)
    full = replace(book(1, ("09:20", "11:00")), quotas=[kept])
    # Alone, the second visit would take the time that is kept; after the first it does not.
    found = chains([step(urgent, full), step(other, full)], MONDAY)
    assert told(next(found)) == "09:00 chez 1, 09:10 chez 1"
    assert list(chains([step(other, full), step(other, full)], MONDAY)) == []


def test_proposals_stand_apart() -> None:
    found = list(apart(chains([step(ECG, book(1)), step(DOCTOR, book(2))], MONDAY), 30))
    assert [walls([one[0].start])[0] for one in found] == ["09:00", "09:30", "10:00", "10:30"]


def test_nobody_comes_sooner_only_to_wait_longer() -> None:
    doctor = book(2, ("09:00", "10:00"))
    found = apart(chains([step(ECG, book(1)), step(DOCTOR, doctor, wait=(0, 45))], MONDAY))
    assert told(next(found)) == "09:50 chez 1, 10:00 chez 2"
    assert told(next(found)) == "10:00 chez 1, 10:10 chez 2"


def test_nothing_begins_in_the_past_and_no_step_is_no_chain() -> None:
    soon = at(MONDAY, "10:12")
    found = chains([step(ECG, book(1)), step(ECG, book(2))], MONDAY, not_before=soon)
    assert told(next(found)) == "10:15 chez 1, 10:25 chez 2"
    assert list(chains([], MONDAY)) == []
    with pytest.raises(ValueError, match="wait"):
        step(ECG, book(1), wait=(10, 5))
