"""Fill an empty database with the two practices of the demonstration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random

from secretariat.core import clock, scope
from secretariat.demo import documents, told, waiting
from secretariat.demo import today as living
from secretariat.demo.calendar import AHEAD, BEHIND, Filler
from secretariat.demo.people import Town
from secretariat.demo.practices import House, furnish

SEED = 20_26
PEOPLE = {"tilleuls": 1000, "port": 500}
DAYS = range(-BEHIND, AHEAD + 1)
ZONE = "Europe/Paris"

Say = Callable[[str], None]


def run(
    progress: Say,
    at: datetime | None = None,
    people: dict[str, int] | None = None,
    days: range = DAYS,
) -> None:
    """Make everything, through actions, the same for a seed and a day.

    Args:
        progress: told in words how far it is.
        at: the present moment of the demonstration; now by default.
        people: how many patients each practice has.
        days: the days filled, counted from today.
    """
    at = at or clock.now()
    today = clock.local_date(at, ZONE)
    progress("  deux cabinets, leurs médecins et leurs horaires…")
    for house in furnish(at, today):
        with scope.scope([house.practice.pk]):
            count = (people or PEOPLE)[house.practice.slug]
            _furnish(house, count, days=days, at=at, progress=progress)


def _furnish(house: House, count: int, *, days: range, at: datetime, progress: Say) -> None:
    random = Random(f"{SEED}-{house.practice.slug}")
    name, today = house.practice.name, clock.local_date(at, house.site.time_zone)
    desk = next(staff for staff in house.staff.values() if staff.may("patients.import"))
    town = Town(house.practice, desk, at, random)
    patients = town.settle(count, _every(250, f"{name} : {{}} patients", progress))
    living.open_if_closed(house, today, at)
    said = _every(15, f"{name} : agenda, jour {{}} sur {len(days)}", progress)
    Filler(house, patients, random).fill(today, days, said)
    living.live(house, patients, today, at, random)
    documents.bring(house, at)
    told.tell(house, at)
    waiting.wait(house, patients, at, random)


def _every(step: int, words: str, progress: Say) -> Callable[[int], None]:
    """Say `words` each time the count passes a multiple of `step`."""
    last = 0

    def said(count: int) -> None:
        nonlocal last
        if count // step > last:
            last = count // step
            progress("  " + words.format(count))

    return said
