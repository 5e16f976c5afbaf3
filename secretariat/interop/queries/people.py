"""Patients as other programs look for them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from secretariat.interop.fhir.asking import Token
from secretariat.patients import search
from secretariat.patients.models import ContactPoint, Patient
from secretariat.patients.naming import plain

MOST_NAMED = 90
"""People that one name can bring; the search itself ranks no more."""


@dataclass
class Wish:
    """Which patients; what is None or empty narrows nothing."""

    ids: list[int] | None = None
    file_numbers: list[Token] | None = None
    file_system: str = ""
    born: tuple[date, date] | None = None
    """First day, and day after the last."""
    phones: list[str] | None = None
    words: list[str] = field(default_factory=list)
    """Beginnings of names, plain capitals; each must begin a name of the patient."""


@dataclass(frozen=True)
class Found:
    """Patients of a page, with where the next one begins."""

    rows: list[Patient]
    next: list[int] | None = None
    total: int | None = None
    cut: bool = False
    """More people bear that name than a search brings."""


def find(
    practice_id: int, wish: Wish, after: Sequence[int] | None, most: int, today: date
) -> Found:
    """The first `most`, oldest file first; by likeness when only a name was given."""
    found = _narrowed(practice_id, wish)
    if not wish.words:
        if after is not None:
            found = found.filter(pk__gt=after[0])
        rows = list(found.order_by("pk")[: most + 1])
        follows = [rows[most - 1].pk] if len(rows) > most > 0 else None
        return Found(rows[:most], follows)
    ids = search.patient_ids(practice_id, " ".join(wish.words), today=today, most=MOST_NAMED + 1)
    if wish.born is None and wish.phones is None and wish.ids is None:
        found = found.filter(pk__in=ids)
    likeliest = {pk: place for place, pk in enumerate(ids)}
    rows = [one for one in found.order_by("pk")[:1000] if named(one, wish.words)]
    rows.sort(key=lambda one: likeliest.get(one.pk, MOST_NAMED + 1))
    start = after[0] if after is not None else 0
    here = rows[max(start, 0) : max(start, 0) + most]
    more = start + most < len(rows) and most > 0
    return Found(here, [start + most] if more else None, len(rows), len(ids) > MOST_NAMED)


def count(practice_id: int, wish: Wish) -> int:
    """How many there are, when no name narrows them."""
    return _narrowed(practice_id, wish).count()


def points(practice_id: int, patient_ids: Sequence[int]) -> dict[int, list[ContactPoint]]:
    """The ways to reach these patients, the first to use first: one statement."""
    found: dict[int, list[ContactPoint]] = defaultdict(list)
    rows = ContactPoint.objects.filter(practice_id=practice_id, patient_id__in=patient_ids)
    for point in rows.order_by("rank", "pk"):
        found[point.patient_id].append(point)
    return found


def words(text: str) -> list[str]:
    """Names as compared: plain capitals, in pieces."""
    return re.findall("[A-Z]+", plain(text))


def named(who: Patient, wanted: Sequence[str]) -> bool:
    """Whether each wanted word begins one of the patient's names."""
    kept = words(
        f"{who.birth_name} {who.used_name} {who.given_names} {who.first_given_name} "
        f"{who.used_given_name}"
    )
    joined = [*kept, "".join(words(who.birth_name)), "".join(words(who.used_name))]
    return all(any(name.startswith(word) for name in joined) for word in wanted)


def _narrowed(practice_id: int, wish: Wish) -> QuerySet[Patient]:
    found = Patient.objects.filter(practice_id=practice_id)
    if wish.ids is not None:
        found = found.filter(pk__in=wish.ids)
    if wish.file_numbers is not None:
        numbers = [
            int(one.code)
            for one in wish.file_numbers
            if one.system in {None, wish.file_system} and re.fullmatch(r"[0-9]{1,18}", one.code)
        ]
        found = found.filter(file_number__in=numbers)
    if wish.born is not None:
        found = found.filter(birth_date__gte=wish.born[0], birth_date__lt=wish.born[1])
    if wish.phones is not None:
        reached = ContactPoint.objects.filter(practice_id=practice_id, value__in=wish.phones)
        found = found.filter(pk__in=reached.values("patient_id"))
    return found
