"""The French sentence of a refused time, with the hours of the site's clock.

No sentence names a patient or tells what a visit is for.
"""

import re
from collections.abc import Iterable
from datetime import date, time

from secretariat.agenda.local_time import minutes_showing, on_the_wall
from secretariat.agenda.openings import Interval
from secretariat.agenda.refused_time import Cause, NotFree

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def sentence(refused: NotFree) -> str:
    """Why the time is refused, in one French sentence."""
    return _typeset(_sentence(refused))


def skipped_sentence(day: date, clock: time) -> str:
    """Said when the site's clock never shows the time typed (spring clock change)."""
    shown = f"{clock:%H:%M} n’existe pas le {day_words(day)}"
    return _typeset(
        f"{shown} : on passe à l’heure d’été cette nuit-là. Choisissez une autre heure."
    )


def twice_sentence(day: date, clock: time) -> str:
    """Said when the site's clock shows the time typed twice (autumn clock change)."""
    shown = f"{clock:%H:%M} revient deux fois le {day_words(day)}"
    return _typeset(f"{shown} : précisez l’heure d’été ou l’heure d’hiver.")


def day_words(day: date) -> str:
    """« lundi 23 novembre », « samedi 1er mai »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{_DAYS[day.weekday()]} {number} {_MONTHS[day.month - 1]}"


def clock_words(minute: int, zone: str) -> str:
    """« 09:15 », and which one when the clock shows it twice: « 02:30 (heure d’hiver) »."""
    wall = on_the_wall(minute, zone)
    shown = f"{wall:%H:%M}"
    if len(twice := minutes_showing(wall.date(), wall.time(), zone)) > 1:
        shown += " (heure d’été)" if minute == twice[0] else " (heure d’hiver)"
    return shown


def _sentence(refused: NotFree) -> str:
    zone = refused.zone
    clock = clock_words(refused.at, zone)
    day = day_words(on_the_wall(refused.at, zone).date())
    match refused.cause:
        case Cause.PAST:
            text = f"{clock}, le {day}, est déjà passé"
        case Cause.NO_OPENING:
            text = f"Aucune ouverture n’est prévue le {day}"
        case Cause.OUTSIDE_HOURS:
            hours = _hours(refused.hours, zone)
            text = f"Fermé à {clock} le {day} : ouvert {hours}{_rules(refused.hours)}"
        case Cause.HOLIDAY:
            text = f"Fermé le {day}, jour férié ({refused.label}){_except(refused)}"
        case Cause.CLOSURE:
            when = _between(refused.span, zone) if refused.span else "toute la journée"
            text = f"Fermé exceptionnellement le {day} {when}{_except(refused)}{_signed(refused)}"
        case Cause.ABSENCE:
            text = f"Absence {_from_to(refused)}{_signed(refused)}"
        case Cause.TAKEN:
            text = f"Déjà pris le {day} {_between(refused.span, zone)}"
        case Cause.TOO_SHORT:
            left = f"Il ne reste que {refused.left} min à {clock} le {day}"
            text = f"{left}, pour une durée de {refused.asked} min : {_what_comes(refused)}"
    return f"{text}."


def _what_comes(refused: NotFree) -> str:
    assert refused.then is not None  # noqa: S101 - `why_not` always tells what comes
    clock = clock_words(refused.then.at, refused.zone)
    match refused.then.cause:
        case Cause.TAKEN:
            return f"déjà pris à partir de {clock}"
        case Cause.ABSENCE:
            return f"absence à partir de {clock}{_signed(refused.then)}"
        case _:
            return f"fermé à partir de {clock}"


def _between(span: tuple[int, int] | None, zone: str) -> str:
    assert span is not None  # noqa: S101 - what takes a time covers something
    return f"de {clock_words(span[0], zone)} à {clock_words(span[1], zone)}"


def _hours(opened: Iterable[Interval], zone: str) -> str:
    return " et ".join(_between((hours.start, hours.end), zone) for hours in opened)


def _except(refused: NotFree) -> str:
    """The hours open all the same on a closed day."""
    if not refused.hours or refused.span:
        return ""
    return f", sauf {_hours(refused.hours, refused.zone)}"


def _from_to(refused: NotFree) -> str:
    assert refused.span is not None  # noqa: S101 - an absence has its times
    first, last = (on_the_wall(minute, refused.zone) for minute in refused.span)
    if first.date() == last.date():
        return f"le {day_words(first)} {_between(refused.span, refused.zone)}"
    begins = f"du {day_words(first)} à {clock_words(refused.span[0], refused.zone)}"
    return f"{begins} au {day_words(last)} à {clock_words(refused.span[1], refused.zone)}"


def _signed(refused: NotFree) -> str:
    """« : « Congés » (par Mme Keller) », as far as it is known."""
    label = f" : « {refused.label} »" if refused.label else ""
    return label + (f" (par {refused.author})" if refused.author else "")


def _rules(opened: Iterable[Interval]) -> str:
    """Who wrote the hours."""
    sources = [source for hours in opened for source in hours.why]
    authors = list(dict.fromkeys(source.author for source in sources if source.author))
    return f" (horaires fixés par {' et '.join(authors)})" if authors else ""


def _typeset(text: str) -> str:
    """With the no-break spaces of French typography."""
    return re.sub(r"(?<=«) | (?=[»:;?!])|(?<=\d) (?=min\b)", "\N{NO-BREAK SPACE}", text)
