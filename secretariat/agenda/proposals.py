"""The first free times of several agendas, day by day, as one reads them out to a caller. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from secretariat.agenda.free_time import AgendaFacts, Offer, search
from secretariat.agenda.local_time import on_the_wall

NOON, EVENING = 12, 17


class PartOfDay(Enum):
    """When the patient would rather come."""

    ANY = ""
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    def holds(self, hour: int) -> bool:
        """Whether a visit that begins at this hour of the clock suits."""
        match self:
            case PartOfDay.MORNING:
                return hour < NOON
            case PartOfDay.AFTERNOON:
                return hour >= NOON
            case PartOfDay.EVENING:
                return hour >= EVENING
        return True


@dataclass(frozen=True)
class DayOfOffers:
    """Free times of one local day, soonest first."""

    day: date
    offers: list[Offer] = field(default_factory=list)
    more: int = 0
    """How many others that day."""


def by_day(
    agendas: Iterable[AgendaFacts],
    first_day: date,
    horizon: int,
    minutes: Mapping[int, int],
    *,
    part: PartOfDay = PartOfDay.ANY,
    not_before: int | None = None,
    days: int = 5,
    per_day: int = 12,
) -> list[DayOfOffers]:
    """The first `days` local days that have free times, with at most `per_day` each.

    Args:
        agendas: what is known of each; all of one time zone or each in its own.
        horizon: local days looked at.
        minutes: length of the visit in each agenda.
        part: part of the day that suits, on each site's clock.
        not_before: the present minute.
    """
    known = list(agendas)
    zones = {facts.agenda_id: facts.hours.site.zone for facts in known}
    found: list[DayOfOffers] = []
    for n in range(horizon):
        if len(found) == days:
            break
        day = first_day + timedelta(days=n)
        offers = [
            offer
            for offer in search(known, day, 1, minutes, _EVERY, not_before=not_before)
            if part.holds(on_the_wall(offer.start, zones[offer.agenda_id]).hour)
        ]
        if offers:
            shown = _spread(offers, per_day)
            found.append(DayOfOffers(day, shown, len(offers) - len(shown)))
    return found


_EVERY = 10_000


def _spread(offers: list[Offer], count: int) -> list[Offer]:
    """At most `count` of these, taken in turn from each agenda so that none is hidden."""
    if len(offers) <= count:
        return offers
    queues: dict[int, list[Offer]] = {}
    for offer in offers:
        queues.setdefault(offer.agenda_id, []).append(offer)
    kept: list[Offer] = []
    while len(kept) < count:
        for queue in queues.values():
            if queue and len(kept) < count:
                kept.append(queue.pop(0))
    return sorted(kept, key=lambda offer: offer.start)
