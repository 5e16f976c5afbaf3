"""The French sentence of a refused time, with the hours of the site's clock.

No sentence names a patient or tells what a visit is for.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, time

from secretariat.agenda.local_time import minutes_showing, on_the_wall
from secretariat.agenda.openings import Interval
from secretariat.agenda.quotas import Quota
from secretariat.agenda.refused_time import Cause, NotFree
from secretariat.core.day_names import DAYS, MONTHS


def sentence(refused: NotFree) -> str:
    """Why the time is refused, in one French sentence."""
    return typeset(_sentence(refused))


def skipped_sentence(day: date, clock: time) -> str:
    """Said when the site's clock never shows the time typed (spring clock change)."""
    shown = f"{clock:%H:%M} n’existe pas le {day_words(day)}"
    return typeset(f"{shown} : on passe à l’heure d’été cette nuit-là. Choisissez une autre heure.")


def twice_sentence(day: date, clock: time) -> str:
    """Said when the site's clock shows the time typed twice (autumn clock change)."""
    shown = f"{clock:%H:%M} revient deux fois le {day_words(day)}"
    return typeset(f"{shown} : précisez l’heure d’été ou l’heure d’hiver.")


def day_words(day: date) -> str:
    """« lundi 23 novembre », « samedi 1er mai »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]}"


def clock_words(minute: int, zone: str) -> str:
    """« 09:15 », and which one when the clock shows it twice: « 02:30 (heure d’hiver) »."""
    wall = on_the_wall(minute, zone)
    shown = f"{wall:%H:%M}"
    if len(twice := minutes_showing(wall.date(), wall.time(), zone)) > 1:
        shown += " (heure d’été)" if minute == twice[0] else " (heure d’hiver)"
    return shown


def _sentence(refused: NotFree) -> str:
    day = day_words(on_the_wall(refused.at, refused.zone).date())
    return f"{_SAID[refused.cause](refused, clock_words(refused.at, refused.zone), day)}."


def _past(_: NotFree, clock: str, day: str) -> str:
    return f"{clock}, le {day}, est déjà passé"


def _notice(refused: NotFree, *_: str) -> str:
    return f"Trop tôt pour réserver en ligne : possible à partir du {_moment(refused)}"


def _horizon(refused: NotFree, *_: str) -> str:
    return f"Trop loin pour réserver en ligne : possible jusqu’au {_moment(refused)}"


def _no_opening(_: NotFree, __: str, day: str) -> str:
    return f"Aucune ouverture n’est prévue le {day}"


def _outside_hours(refused: NotFree, clock: str, day: str) -> str:
    hours = _hours(refused.hours, refused.zone)
    return f"Fermé à {clock} le {day} : ouvert {hours}{_rules(refused.hours)}"


def _holiday(refused: NotFree, _: str, day: str) -> str:
    return f"Fermé le {day}, jour férié ({refused.label}){_except(refused)}"


def _closure(refused: NotFree, _: str, day: str) -> str:
    when = _between(refused.span, refused.zone) if refused.span else "toute la journée"
    return f"Fermé exceptionnellement le {day} {when}{_except(refused)}{_signed(refused)}"


def _protected(refused: NotFree, clock: str, day: str) -> str:
    return f"Plage protégée à {clock} le {day}{_signed(refused)}"


def _kept_for_others(refused: NotFree, clock: str, day: str) -> str:
    return f"Plage gardée pour d’autres motifs à {clock} le {day}{_signed(refused)}"


def _locum(refused: NotFree, _: str, day: str) -> str:
    written = f" (réglé par {refused.author})" if refused.author else ""
    return f"{refused.label}, qui remplace le {day}, ne prend pas ce motif{written}"


def _absence(refused: NotFree, *_: str) -> str:
    return f"Absence {_from_to(refused)}{_signed(refused)}"


def _taken(refused: NotFree, _: str, day: str) -> str:
    return f"Déjà pris le {day} {_between(refused.span, refused.zone)}"


def _buffer(refused: NotFree, _: str, day: str) -> str:
    visit = f"Trop près du rendez-vous {_between(refused.span, refused.zone)} le {day}"
    return f"{visit} : il faut le temps de préparer ou de nettoyer"


def _elsewhere(refused: NotFree, _: str, day: str) -> str:
    road = f", avec {refused.left} min de trajet" if refused.left else ""
    return (
        f"Reçoit ailleurs{_at_site(refused)} {_between(refused.span, refused.zone)} le {day}{road}"
    )


def _held(refused: NotFree, *_: str) -> str:
    until = f" jusqu’à {clock_words(refused.span[1], refused.zone)}" if refused.span else ""
    return f"Créneau tenu par {refused.label}{until}"


def _room(refused: NotFree, clock: str, day: str) -> str:
    if not refused.rooms:
        return "Ce motif demande une salle ou un matériel que ce site n’a pas"
    return f"Rien de libre à {clock} le {day} : {', '.join(refused.rooms)}"


def _room_closed(refused: NotFree, *_: str) -> str:
    shut, *others = refused.rooms
    rest = f" ; rien d’autre de libre ({', '.join(others)})" if others else ""
    return f"{shut} : indisponible {_from_to(refused)}{_signed(refused)}{rest}"


def _too_short(refused: NotFree, clock: str, day: str) -> str:
    left = f"Il ne reste que {refused.left} min à {clock} le {day}"
    return f"{left}, pour une durée de {refused.asked} min : {_what_comes(refused)}"


def _quota(refused: NotFree, _: str, day: str) -> str:
    quota = refused.quota
    assert quota is not None  # noqa: S101 - a quota refused
    part = _PARTS[quota.part]
    match quota.kind:
        case "keep":
            stay = "restent gardés" if quota.amount > 1 else "reste gardé"
            rule = f"{quota.amount} temps de {quota.minutes} min {stay} {part}{_released(quota)}"
        case "most":
            rule = f"au plus {quota.amount} {part}"
        case _:
            rule = f"au plus {quota.amount} % du temps ouvert {part}"
    return f"Quota du {day} : {rule}{_signed(refused)}"


_SAID: dict[Cause, Callable[[NotFree, str, str], str]] = {
    Cause.PAST: _past, Cause.NOTICE: _notice, Cause.HORIZON: _horizon,
    Cause.NO_OPENING: _no_opening, Cause.OUTSIDE_HOURS: _outside_hours, Cause.HOLIDAY: _holiday,
    Cause.CLOSURE: _closure, Cause.PROTECTED: _protected,
    Cause.KEPT_FOR_OTHERS: _kept_for_others, Cause.LOCUM: _locum, Cause.ABSENCE: _absence,
    Cause.TAKEN: _taken, Cause.BUFFER: _buffer, Cause.ELSEWHERE: _elsewhere, Cause.HELD: _held,
    Cause.ROOM: _room, Cause.ROOM_CLOSED: _room_closed, Cause.QUOTA: _quota,
    Cause.TOO_SHORT: _too_short,
}  # fmt: skip
_PARTS = {
    "day": "dans la journée", "morning": "le matin", "afternoon": "l’après-midi",
    "half": "par demi-journée",
}  # fmt: skip


def _released(quota: Quota) -> str:
    freed = "libérés" if quota.amount > 1 else "libéré"
    match quota.release:
        case "day":
            return f", {freed} le jour même"
        case "notice":
            return f", {freed} {quota.release_hours} h avant"
    return ""


def _moment(refused: NotFree) -> str:
    assert refused.span is not None  # noqa: S101 - a bound is a moment
    wall = on_the_wall(refused.span[0], refused.zone)
    return f"{day_words(wall.date())} à {wall:%H:%M}"


def _at_site(refused: NotFree) -> str:
    return f" ({refused.label})" if refused.label else ""


def _what_comes(refused: NotFree) -> str:
    then = refused.then
    assert then is not None  # noqa: S101 - `why_not` always tells what comes
    clock = clock_words(then.at, refused.zone)
    said = {
        Cause.TAKEN: f"déjà pris à partir de {clock}",
        Cause.ABSENCE: f"absence à partir de {clock}{_signed(then)}",
        Cause.PROTECTED: f"plage protégée à partir de {clock}{_signed(then)}",
        Cause.KEPT_FOR_OTHERS: f"plage gardée pour d’autres motifs à partir de {clock}",
        Cause.BUFFER: f"préparation ou nettoyage à partir de {clock}",
        Cause.ELSEWHERE: f"reçoit ailleurs{_at_site(then)} ensuite, départ à {clock}",
        Cause.HELD: f"créneau tenu par {then.label} à partir de {clock}",
        Cause.ROOM: f"salle ou matériel pris à partir de {clock} ({', '.join(then.rooms)})",
        Cause.ROOM_CLOSED: f"{_first(then.rooms)} indisponible à partir de {clock}{_signed(then)}",
        Cause.LOCUM: f"remplacement à partir de {clock}",
    }
    return said.get(then.cause, f"fermé à partir de {clock}")


def _first(names: tuple[str, ...]) -> str:
    return names[0] if names else "salle"


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


def typeset(text: str) -> str:
    """With the no-break spaces of French typography."""
    return re.sub(r"(?<=«) | (?=[»:;?!%])|(?<=\d) (?=(min|h)\b)", "\N{NO-BREAK SPACE}", text)
