"""A time as a person types it: a day and what the site's clock shows, made one moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from secretariat.agenda.local_time import day_bounds, minutes_showing, moment_of
from secretariat.agenda.refused_words import skipped_sentence, twice_sentence
from secretariat.core.refusal import BadInput


class HourSkipped(BadInput):
    """The clock never shows this time that day (spring)."""


class HourTwice(BadInput):
    """The clock shows this time twice that day (autumn). Facts: both, the two moments."""


def moment(day: date, clock: time, zone: str) -> datetime:
    """The moment at which the clock of `zone` shows `clock` on `day`.

    Raises:
        HourSkipped, HourTwice.
    """
    match minutes_showing(day, clock.replace(second=0, microsecond=0), zone):
        case (minute,):
            return moment_of(minute)
        case ():
            raise HourSkipped(skipped_sentence(day, clock))
        case both:
            raise HourTwice(twice_sentence(day, clock), both=[moment_of(one) for one in both])


def exact(text: str) -> datetime | None:
    """A moment the server itself wrote in a button, with its offset; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def end_of(day: date, zone: str) -> datetime:
    """The moment at which `day` is over."""
    return moment_of(day_bounds(day, zone)[1])
