"""Public holidays, territory by territory."""

from datetime import date

import pytest

from secretariat.agenda.openings import AgendaHours, SiteClock
from secretariat.agenda.public_holidays import REGIONS, holiday_name, holidays_of
from secretariat.agenda.tests.hours_given import hours, weekly

GOOD_FRIDAY = date(2027, 3, 26)


def test_the_eleven_days_of_the_law_in_metropolitan_france() -> None:
    assert {f"{day:%d/%m}": name for day, name in holidays_of(2027).items()} == {
        "01/01": "Jour de l'an",
        "29/03": "Lundi de Pâques",
        "01/05": "Fête du Travail",
        "06/05": "Ascension",
        "08/05": "Fête de la Victoire",
        "17/05": "Lundi de Pentecôte",
        "14/07": "Fête nationale",
        "15/08": "Assomption",
        "01/11": "Toussaint",
        "11/11": "Armistice",
        "25/12": "Noël",
    }


def test_good_friday_closes_strasbourg_and_not_paris() -> None:
    rule = weekly(GOOD_FRIDAY, "08:00", "12:00")
    strasbourg = AgendaHours(SiteClock(region="Alsace-Moselle"), [rule])
    paris = AgendaHours(SiteClock(region=""), [rule])
    assert hours(strasbourg.on(GOOD_FRIDAY)) == []
    assert hours(paris.on(GOOD_FRIDAY)) == ["08:00-12:00"]


def test_alsace_moselle_adds_good_friday_and_saint_stephen_only() -> None:
    added = {
        d: n for d, n in holidays_of(2027, "Alsace-Moselle").items() if d not in holidays_of(2027)
    }
    assert added == {GOOD_FRIDAY: "Vendredi saint", date(2027, 12, 26): "Saint-Étienne"}


@pytest.mark.parametrize(
    ("region", "day"),
    [
        ("GP", date(2027, 5, 27)),
        ("MQ", date(2027, 5, 22)),
        ("GF", date(2027, 6, 10)),
        ("RE", date(2027, 12, 20)),
        ("YT", date(2027, 4, 27)),
        ("BL", date(2027, 10, 9)),
        ("MF", date(2027, 5, 28)),
    ],
)
def test_overseas_each_territory_has_its_own_day_of_abolition_and_no_other(
    region: str, day: date
) -> None:
    added = {d: n for d, n in holidays_of(2027, region).items() if d not in holidays_of(2027)}
    assert added == {day: "Abolition de l'esclavage"}


def test_every_territory_keeps_at_least_the_eleven_days() -> None:
    for region in REGIONS:
        assert holidays_of(2027).items() <= holidays_of(2027, region).items(), region


def test_two_holidays_on_one_day_are_both_named() -> None:
    assert holiday_name(date(2008, 5, 1)) == "Ascension et Fête du Travail"


def test_an_ordinary_day_has_no_name() -> None:
    assert holiday_name(date(2027, 5, 3)) is None


def test_an_unknown_territory_is_an_error_not_an_open_door() -> None:
    with pytest.raises(KeyError):
        holidays_of(2027, "Bretagne")
