"""Warnings, not walls: what to know before giving a time. None of them refuses anything. Pure.

Ages, letters and distances between visits are the desk's to judge (a patient who books alone is
refused instead, see `refused_time`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from secretariat.agenda.refused_words import day_words, typeset


class Warned(NamedTuple):
    """One line: an icon and a French sentence."""

    icon: str
    words: str
    serious: bool = False
    """Something that is most often a mistake, rather than something to know."""


@dataclass(frozen=True, slots=True)
class Person:
    """What matters of a patient."""

    birth_date: date
    usual: int | None = None
    """The usual practitioner."""
    usual_name: str = ""
    usual_speciality: str = ""
    wheelchair: bool = False
    deceased_on: date | None = None

    def age(self, day: date) -> int:
        """Whole years on that day."""
        before = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before


@dataclass(frozen=True, slots=True)
class Motive:
    """What matters of a reason; see `VisitReason`."""

    id: int
    name: str
    age_from: int | None = None
    age_to: int | None = None
    """Included."""
    referral_only: bool = False
    again_after_days: int | None = None
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the visit would stand, as far as it is chosen."""

    practitioner: int
    practitioner_name: str
    speciality: str
    accessible: bool = True
    """A wheelchair can enter the site."""
    rooms: Sequence[Sequence[bool]] = ()
    """For each thing the reason takes at that site: whether a wheelchair can enter each that
    would do."""
    day: date | None = None
    start: int | None = None
    """In minutes of UTC."""
    end: int | None = None


class Other(NamedTuple):
    """Another visit of the same patient, given and not missed."""

    start: int
    end: int
    day: date
    clock: str
    """« 14:00 » on its site's wall."""
    where: str
    reason: int | None


def warnings(
    person: Person | None,
    motive: Motive | None,
    place: Place | None,
    others: Iterable[Other],
    today: date,
    *,
    days: Collection[date] = (),
) -> list[Warned]:
    """What to know, the most serious first.

    Args:
        others: the patient's other visits near that time, and those of that reason.
        today: the present day at the site.
        days: those of the times proposed, while none is chosen.
    """
    on = place.day if place and place.day else None
    known = sorted(others)
    found = [
        *_deceased(person),
        *_past(place, today),
        *_same_time(place, known),
        *_same_day(place, known),
        *(() if on else _same_days(days, known, today)),
        *_wheelchair(person, place),
        *_age(person, motive, on or today),
        *_too_late(motive, on, today),
        *_again(motive, known, on, today),
        *_usual(person, place),
        *_letter(motive),
    ]
    return [one._replace(words=typeset(one.words)) for one in found]


def _deceased(person: Person | None) -> Iterator[Warned]:
    if person and person.deceased_on:
        yield Warned("alert-circle", "Le dossier dit que ce patient est décédé.", serious=True)


def _past(place: Place | None, today: date) -> Iterator[Warned]:
    """A day gone by: written afterwards, or a slip in the date."""
    if place and place.day and place.day < today:
        words = f"Jour passé : {_day(place.day, today)}."
        yield Warned("calendar-exclamation", words, serious=True)


def _same_time(place: Place | None, others: Sequence[Other]) -> Iterator[Warned]:
    for one in _overlapping(place, others):
        words = f"Déjà attendu à cette heure-là : {one.clock}, {one.where}."
        yield Warned("calendar-x", words, serious=True)


def _same_day(place: Place | None, others: Sequence[Other]) -> Iterator[Warned]:
    if place is None or place.day is None:
        return
    same = set(_overlapping(place, others))
    that_day = [f"{one.clock}, {one.where}" for one in others
                if one.day == place.day and one not in same]  # fmt: skip
    if that_day:
        words = f"Déjà un rendez-vous ce jour-là : {' ; '.join(that_day)}."
        yield Warned("calendar-event", words, serious=True)


def _same_days(days: Collection[date], others: Sequence[Other], today: date) -> Iterator[Warned]:
    for one in others:
        if one.day in days:
            words = f"Déjà un rendez-vous le {_day(one.day, today)} : {one.clock}, {one.where}."
            yield Warned("calendar-event", words)


def _overlapping(place: Place | None, others: Sequence[Other]) -> list[Other]:
    if place is None or place.start is None or place.end is None:
        return []
    return [one for one in others if one.start < place.end and place.start < one.end]


def _wheelchair(person: Person | None, place: Place | None) -> Iterator[Warned]:
    if person is None or not person.wheelchair or place is None:
        return
    if not place.accessible:
        yield Warned("wheelchair", "En fauteuil roulant : ce site n’est pas accessible.", True)
    elif any(not any(choice) for choice in place.rooms if choice):
        words = "En fauteuil roulant : la salle de ce motif n’est pas accessible."
        yield Warned("wheelchair", words, serious=True)


def outside_ages(motive: Motive, age: int) -> bool:
    """Whether someone of that age is too young or too old for a reason."""
    young = motive.age_from is not None and age < motive.age_from
    return young or (motive.age_to is not None and age > motive.age_to)


def _age(person: Person | None, motive: Motive | None, day: date) -> Iterator[Warned]:
    if person is None or motive is None:
        return
    age = person.age(day)
    if outside_ages(motive, age):
        bounds = _ages(motive.age_from, motive.age_to)
        words = f"« {motive.name} » est prévu {bounds} : ce patient a {_years(age)}."
        yield Warned("friends", words, serious=True)


def _ages(first: int | None, last: int | None) -> str:
    if first is not None and last is not None:
        return f"de {first} à {_years(last)}"
    return f"à partir de {_years(first)}" if first is not None else f"jusqu’à {_years(last or 0)}"


def _years(count: int) -> str:
    return f"{count} an" if count < 2 else f"{count} ans"


def _too_late(motive: Motive | None, day: date | None, today: date) -> Iterator[Warned]:
    if motive is None or motive.within_days is None or day is None:
        return
    last = today + timedelta(days=motive.within_days)
    if day > last:
        days = f"{motive.within_days} jour{'s' * (motive.within_days > 1)}"
        words = f"« {motive.name} » se donne dans les {days} : le {_day(last, today)} au plus tard."
        yield Warned("clock-exclamation", words, serious=True)


def _again(
    motive: Motive | None, others: Sequence[Other], day: date | None, today: date
) -> Iterator[Warned]:
    """Too early after the last one; or, as soon, before one that is given already."""
    if motive is None or not motive.again_after_days:
        return
    apart, on = timedelta(days=motive.again_after_days), day or today
    same = [one for one in others if one.reason == motive.id and one.day != day]
    last = max((one.day for one in same if one.day <= on), default=None)
    next_one = min((one.day for one in same if one.day > on), default=None)
    if last and on < last + apart:
        verb = "Dernier" if last < today else "Déjà donné :"
        words = f"{verb} « {motive.name} » le {_day(last, today)} : pas avant le {_day(last + apart, today)}."  # noqa: E501
        yield Warned("repeat", words)
    if next_one and next_one - apart < on:
        words = f"« {motive.name} » déjà donné le {_day(next_one, today)}, à moins de {motive.again_after_days} jours."  # noqa: E501
        yield Warned("repeat", words)


def _usual(person: Person | None, place: Place | None) -> Iterator[Warned]:
    """Someone else than the usual practitioner, of the same speciality: else it is no surprise."""
    if person is None or person.usual is None or place is None:
        return
    if person.usual == place.practitioner or person.usual_speciality != place.speciality:
        return
    words = f"Médecin habituel : {person.usual_name}. Ce temps est avec {place.practitioner_name}."
    yield Warned("user-question", words)


def _letter(motive: Motive | None) -> Iterator[Warned]:
    if motive and motive.referral_only:
        yield Warned("mail", "Sur courrier : demander la lettre du médecin qui adresse.")


def _day(day: date, today: date) -> str:
    """With its year when it is another than today's."""
    return day_words(day) + (f" {day.year}" if day.year != today.year else "")
