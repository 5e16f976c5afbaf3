"""Why a time is refused, in words that can be said on the phone."""

from datetime import date, timedelta

import pytest

from secretariat.agenda.facts import Absence, AgendaFacts, Busy
from secretariat.agenda.openings import SiteClock
from secretariat.agenda.quotas import Quota
from secretariat.agenda.refused_time import Cause, NotFree, why_not
from secretariat.agenda.refused_words import (
    clock_words,
    day_words,
    sentence,
    skipped_sentence,
    twice_sentence,
)
from secretariat.agenda.tests.hours_given import (
    AUTUMN_SUNDAY,
    MONDAY,
    PARIS,
    SPRING_SUNDAY,
    at,
    clock,
    closed,
    facts,
    opened,
    weekly,
)

MORNING = weekly(MONDAY, "08:00", "12:30")
AFTERNOON = weekly(MONDAY, "13:30", "18:30")
NBSP = "\N{NO-BREAK SPACE}"


def refusal(agenda: AgendaFacts, text: str, minutes: int = 15, day: date = MONDAY) -> NotFree:
    refused = why_not(agenda, at(day, text), minutes)
    assert refused is not None
    return refused


def said(agenda: AgendaFacts, text: str, minutes: int = 15, day: date = MONDAY) -> str:
    return sentence(refusal(agenda, text, minutes, day)).replace(NBSP, " ")


def test_a_free_time_is_not_refused() -> None:
    agenda = facts(MORNING, busy=[Busy(at(MONDAY, "09:15"), at(MONDAY, "09:30"))])
    assert why_not(agenda, at(MONDAY, "09:00"), 15) is None
    assert why_not(agenda, at(MONDAY, "12:15"), 15) is None


def test_no_rule_opens_a_sunday() -> None:
    sunday = MONDAY - timedelta(days=1)
    assert refusal(facts(MORNING), "09:00", day=sunday).cause is Cause.NO_OPENING
    assert (
        said(facts(MORNING), "09:00", day=sunday)
        == "Aucune ouverture n’est prévue le dimanche 7 mars."
    )


def test_outside_the_hours_the_hours_are_told_with_their_author() -> None:
    assert said(facts(MORNING, AFTERNOON), "13:00") == (
        "Fermé à 13:00 le lundi 8 mars : ouvert de 08:00 à 12:30 et de 13:30 à 18:30"
        " (horaires fixés par Mme Keller)."
    )


def test_a_public_holiday_is_named() -> None:
    may_day = date(2027, 5, 1)
    agenda = facts(weekly(may_day, "08:00", "12:00"))
    assert (
        said(agenda, "09:00", day=may_day)
        == "Fermé le samedi 1er mai, jour férié (Fête du Travail)."
    )


def test_the_duty_hours_of_a_public_holiday_are_told() -> None:
    may_day = date(2027, 5, 1)
    rule, duty = weekly(may_day, "08:00", "12:00"), opened(may_day, "10:00", "11:00")
    assert said(facts(rule, exceptions=[duty]), "09:00", day=may_day) == (
        "Fermé le samedi 1er mai, jour férié (Fête du Travail), sauf de 10:00 à 11:00."
    )
    assert why_not(facts(rule, exceptions=[duty]), at(may_day, "10:00"), 60) is None


def test_a_closed_afternoon_is_told_with_its_label_and_author() -> None:
    agenda = facts(AFTERNOON, exceptions=[closed(MONDAY, "14:00", "16:00")])
    refused = refusal(agenda, "15:00")
    assert (refused.cause, refused.label, refused.author, refused.id) == (
        Cause.CLOSURE,
        "Formation",
        "Mme Keller",
        2,
    )
    assert said(agenda, "15:00") == (
        "Fermé exceptionnellement le lundi 8 mars de 14:00 à 16:00 : « Formation »"
        " (par Mme Keller)."
    )


def test_of_two_closures_the_more_precise_is_told() -> None:
    exceptions = [closed(MONDAY, label="Pont"), closed(MONDAY, "14:00", "16:00")]
    assert refusal(facts(AFTERNOON, exceptions=exceptions), "15:00").label == "Formation"
    assert refusal(facts(AFTERNOON, exceptions=exceptions), "17:00").label == "Pont"


def test_a_closed_day_is_told_with_the_hours_open_all_the_same() -> None:
    exceptions = [closed(MONDAY, label=""), opened(MONDAY, "09:00", "10:00")]
    assert said(facts(MORNING, exceptions=exceptions), "11:00") == (
        "Fermé exceptionnellement le lundi 8 mars toute la journée, sauf de 09:00 à 10:00"
        " (par Mme Keller)."
    )


def test_a_holiday_the_site_does_not_keep_refuses_nothing() -> None:
    may_day = date(2027, 5, 1)
    site = SiteClock(closes_on_holidays=False)
    agenda = facts(weekly(may_day, "08:00", "12:00"), site=site)
    assert why_not(agenda, at(may_day, "09:00"), 15) is None


def test_an_absence_is_told_with_its_label_and_author() -> None:
    away = Absence(at(MONDAY, "09:00"), at(MONDAY, "11:00"), 7, "Congés", "Alice")
    agenda = facts(MORNING, absences=[away])
    assert refusal(agenda, "10:00").id == 7
    assert said(agenda, "10:00") == (
        "Absence le lundi 8 mars de 09:00 à 11:00 : « Congés » (par Alice)."
    )


def test_an_absence_of_several_days_is_told_from_end_to_end() -> None:
    until = at(MONDAY + timedelta(days=7), "00:00")
    agenda = facts(MORNING, absences=[Absence(at(MONDAY, "00:00"), until)])
    assert said(agenda, "08:00") == "Absence du lundi 8 mars à 00:00 au lundi 15 mars à 00:00."


def test_an_absence_explains_better_than_the_visits_left_inside_it() -> None:
    span = (at(MONDAY, "09:00"), at(MONDAY, "11:00"))
    agenda = facts(MORNING, busy=[Busy(*span, 44)], absences=[Absence(*span, 7)])
    assert refusal(agenda, "09:00").cause is Cause.ABSENCE


def test_a_taken_time_is_told_without_naming_anyone() -> None:
    agenda = facts(MORNING, busy=[Busy(at(MONDAY, "09:00"), at(MONDAY, "09:15"), 44)])
    refused = refusal(agenda, "09:05")
    assert (refused.cause, refused.id) == (Cause.TAKEN, 44)
    assert said(agenda, "09:05") == "Déjà pris le lundi 8 mars de 09:00 à 09:15."


@pytest.mark.parametrize(
    ("text", "minutes", "what_comes"),
    [
        ("08:50", 15, "Il ne reste que 10 min à 08:50 le lundi 8 mars, pour une durée de 15 min :"
         " déjà pris à partir de 09:00."),
        ("10:20", 45, "Il ne reste que 40 min à 10:20 le lundi 8 mars, pour une durée de 45 min :"
         " absence à partir de 11:00 : « Réunion » (par Alice)."),
        ("12:25", 15, "Il ne reste que 5 min à 12:25 le lundi 8 mars, pour une durée de 15 min :"
         " fermé à partir de 12:30."),
    ],
)  # fmt: skip
def test_a_gap_too_short_says_what_comes_next(text: str, minutes: int, what_comes: str) -> None:
    agenda = facts(
        MORNING,
        busy=[Busy(at(MONDAY, "09:00"), at(MONDAY, "09:15"), 44)],
        absences=[Absence(at(MONDAY, "11:00"), at(MONDAY, "12:00"), 7, "Réunion", "Alice")],
    )
    refused = refusal(agenda, text, minutes)
    assert refused.cause is Cause.TOO_SHORT
    assert said(agenda, text, minutes) == what_comes


def test_a_visit_may_run_past_midnight_when_both_days_are_open() -> None:
    tuesday = MONDAY + timedelta(days=1)
    evening, night = weekly(MONDAY, "22:00", "00:00"), weekly(tuesday, "00:00", "02:00")
    assert why_not(facts(evening, night), at(MONDAY, "23:50"), 20) is None
    refused = refusal(facts(evening), "23:50", 20)
    assert (refused.cause, refused.left) == (Cause.TOO_SHORT, 10)


def test_the_past_is_refused_when_now_is_given() -> None:
    ten = at(MONDAY, "10:00")
    refused = why_not(facts(MORNING), at(MONDAY, "09:00"), 15, not_before=ten)
    assert refused is not None
    assert sentence(refused) == "09:00, le lundi 8 mars, est déjà passé."
    assert why_not(facts(MORNING), ten, 15, not_before=ten) is None


@pytest.mark.parametrize(
    ("amount", "said"),
    [(1, "1 temps de 15 min reste gardé le matin, libéré le jour même"),
     (2, "2 temps de 15 min restent gardés le matin, libérés le jour même")],
)  # fmt: skip
def test_times_kept_are_counted_in_french(amount: int, said: str) -> None:
    quota = Quota("keep", amount, None, "morning", minutes=15, release="day")
    refused = NotFree(Cause.QUOTA, at(MONDAY, "09:00"), PARIS, author="Alice", quota=quota)
    told = sentence(refused).replace(NBSP, " ")
    assert told == f"Quota du lundi 8 mars : {said} (par Alice)."


def test_the_hour_skipped_in_spring_has_its_sentence() -> None:
    told = skipped_sentence(SPRING_SUNDAY, clock("02:30")).replace(NBSP, " ")
    assert told == (
        "02:30 n’existe pas le dimanche 28 mars : on passe à l’heure d’été cette nuit-là."
        " Choisissez une autre heure."
    )


def test_the_hour_lived_twice_in_autumn_has_its_sentence() -> None:
    told = twice_sentence(AUTUMN_SUNDAY, clock("02:30")).replace(NBSP, " ")
    assert told == (
        "02:30 revient deux fois le dimanche 31 octobre :"
        " précisez l’heure d’été ou l’heure d’hiver."
    )


def test_a_closure_in_the_hour_lived_twice_is_told_without_ambiguity() -> None:
    shut = closed(AUTUMN_SUNDAY, "02:00", "03:00")
    agenda = facts(weekly(AUTUMN_SUNDAY, "00:00", "06:00"), exceptions=[shut])
    winter = at(AUTUMN_SUNDAY, "03:00") - 30
    refused = why_not(agenda, winter, 15)
    assert refused is not None
    assert refused.span == (winter - 30, winter + 30)
    assert clock_words(winter, PARIS) == "02:30 (heure d’hiver)"


def test_french_spaces_do_not_break() -> None:
    agenda = facts(AFTERNOON, exceptions=[closed(MONDAY, "14:00", "16:00")])
    told = sentence(refusal(agenda, "15:00"))
    assert f"16:00{NBSP}: «{NBSP}Formation{NBSP}»" in told
    assert f"14:00{NBSP}" not in told


def test_the_first_of_the_month_is_said_premier() -> None:
    assert day_words(date(2027, 8, 1)) == "dimanche 1er août"
    assert day_words(date(2027, 12, 21)) == "mardi 21 décembre"
