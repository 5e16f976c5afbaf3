"""The cast of the opening-hours tests: Dr Lefèvre's week, said shortly."""

from collections.abc import Sequence
from datetime import date, time

from secretariat.agenda.facts import Absence, AgendaFacts, Taken
from secretariat.agenda.local_time import minutes_showing, on_the_wall
from secretariat.agenda.openings import (
    AgendaHours,
    Interval,
    OpeningException,
    OpeningRule,
    SiteClock,
)

PARIS = "Europe/Paris"
MONDAY = date(2027, 3, 8)
SPRING_SUNDAY = date(2027, 3, 28)
AUTUMN_SUNDAY = date(2027, 10, 31)
LONG_AGO = date(2026, 1, 5)


def clock(text: str) -> time:
    return time.fromisoformat(text)


def weekly(
    day: date, starts: str, ends: str, *, since: date = LONG_AGO, until: date | None = None
) -> OpeningRule:
    """A weekly rule on the weekday of `day`, written by Mme Keller."""
    return OpeningRule(
        day.weekday(), clock(starts), clock(ends), since, until, 1, "Mme Keller", "Consultations"
    )


def closed(
    day: date, starts: str = "", ends: str = "", label: str = "Formation"
) -> OpeningException:
    hours = (clock(starts) if starts else None, clock(ends) if ends else None)
    return OpeningException(day, *hours, "closed", 2, "Mme Keller", label)


def opened(day: date, starts: str, ends: str) -> OpeningException:
    return OpeningException(day, clock(starts), clock(ends), "open", 3, "Alice", "Vaccinations")


def at(day: date, text: str, zone: str = PARIS) -> int:
    """The minute of UTC when the clock shows `text` (the only one)."""
    (minute,) = minutes_showing(day, clock(text), zone)
    return minute


def visit(day: date, starts: str, ends: str) -> tuple[int, int]:
    return at(day, starts), at(day, ends)


def walls(minutes: Sequence[int], zone: str = PARIS) -> list[str]:
    """What the clock shows at each of these minutes."""
    return [f"{on_the_wall(minute, zone):%H:%M}" for minute in minutes]


def hours(intervals: Sequence[Interval], zone: str = PARIS) -> list[str]:
    """« 08:00-12:00 » for each interval."""
    return ["-".join(walls((one.start, one.end), zone)) for one in intervals]


def facts(
    *rules: OpeningRule,
    busy: Sequence[Taken] = (),
    absences: Sequence[Absence] = (),
    exceptions: Sequence[OpeningException] = (),
    site: SiteClock | None = None,
    agenda_id: int = 1,
) -> AgendaFacts:
    """An agenda of these rules, with what is taken in it."""
    booked = AgendaHours(site or SiteClock(PARIS), rules, exceptions)
    return AgendaFacts(agenda_id, booked, busy, absences)
