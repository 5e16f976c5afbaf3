"""Why each proposal, in one short French sentence. Pure."""

from __future__ import annotations

from datetime import date

from secretariat.agenda.local_time import on_the_wall
from secretariat.agenda.refused_words import day_words
from secretariat.agenda.replanning.asked import Moving
from secretariat.agenda.replanning.problem import Place, Problem


def why(one: Moving, place: Place | None, asked: Problem, doctors: dict[int, str]) -> str:
    """What speaks for that time, or why there is none.

    Args:
        doctors: names by agenda.
    """
    visit = next(visit for visit in asked.visits if visit.id == one.id)
    if place is None:
        last = day_words(one.last_day)
        if not visit.places:
            return f"aucun créneau libre d’ici le {last}"
        return f"plus aucun créneau d’ici le {last}, les autres les prennent"
    if place[:2] == (one.start, one.agenda_id):
        return "garde son heure"
    said = [_whose(one, place, doctors), _when(one, place, asked.zone)]
    said += _promised(one, place, [other.start for other in visit.places], asked.zone)
    said += _wished(one, place, asked.zone)
    said += _tied(one, asked)
    return ", ".join(part for part in said if part)


def _whose(one: Moving, place: Place, doctors: dict[int, str]) -> str:
    if place.agenda_id in one.own:
        return "même médecin"
    return f"chez {doctors.get(place.agenda_id, '')}".strip()


def _when(one: Moving, place: Place, zone: str) -> str:
    days = (_day(place.start, zone) - _day(one.start, zone)).days
    if days == 0:
        return "le jour même"
    count = abs(days)
    return f"{count} jour{'s' if count > 1 else ''} plus {'tard' if days > 0 else 'tôt'}"


def _promised(one: Moving, place: Place, starts: list[int], zone: str) -> list[str]:
    if one.promised is None:
        return []
    day = _day(place.start, zone)
    if day > one.promised:
        late = (day - one.promised).days
        return [f"{late} jour{'s' if late > 1 else ''} après le délai promis"]
    in_time = [start for start in starts if _day(start, zone) <= one.promised]
    if len(in_time) == 1:
        return [f"seul créneau jusqu’au {day_words(one.promised)}"]
    return ["urgence"] if one.urgent else ["dans le délai promis"]


def _wished(one: Moving, place: Place, zone: str) -> list[str]:
    """What the patient asked for, kept or not."""
    told, said = one.wishes, []
    if told.of_days:
        kept = told.day_kept(place.start, zone)
        said.append("jour souhaité" if kept else "pas un jour souhaité")
    if told.of_hours:
        kept = told.hour_kept(place.start, one.ask.minutes, zone)
        said.append("heure souhaitée" if kept else "pas une heure souhaitée")
    return said


def _tied(one: Moving, asked: Problem) -> list[str]:
    for tie in asked.ties:
        if one.id in tie.members:
            return ["avec son enchaînement" if tie.kind == "chain" else "avec sa famille"]
    return []


def _day(minute: int, zone: str) -> date:
    return on_the_wall(minute, zone).date()
