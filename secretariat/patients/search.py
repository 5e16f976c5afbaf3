"""Find patients, and those whom a newcomer resembles: one statement each, two at the worst.

The index ranges come from pure arithmetic (`search_plan.py`, `matching.py`); the database
reads them in order until enough people are found; the ranking is arithmetic again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from secretariat.core.prepared import fetch
from secretariat.patients.matching import Likeness, Person, Resemblance, blocks, resemblance
from secretariat.patients.ranking import Candidate, merge, rank
from secretariat.patients.search_plan import Range, last_resort, plan
from secretariat.patients.typed import parse

TOGETHER = 90
"""People ranked for one search, twice as many compared with a newcomer."""
CONVINCING = 0.9
"""A score that only names without any mistake reach (see ranking.py)."""
_NUMBERS = ("t:", "r:", "f:", "i:")

# Ranges are read one after the other and reading stops at the limit: a name spelt right
# never pays for misspellings. `practice_id =` stands beside the policy so that the index
# serves both. Only =, < and >= reach the index under row-level security; LIKE filters. The limit
# is written, not sent: the one plan that is kept is made for few people, whatever is typed and
# however many patients there are.
_READ = """
SELECT patient.id, patient.birth_name, patient.given_names, patient.birth_date,
       patient.used_name, patient.used_given_name, patient.sex, found.place
FROM (
  SELECT patient_id, min(place) AS place
  FROM (
    SELECT kept.patient_id, range.place
    FROM unnest(
           string_to_array(%s, ' & '), string_to_array(%s, ' & '),
           string_to_array(%s, ' & '), string_to_array(%s, ' & ')::int[]
         ) WITH ORDINALITY AS range(low, high, pattern, most, place)
    CROSS JOIN LATERAL (
      SELECT patient_id FROM patients_searchkey
      WHERE practice_id = %s AND key >= range.low AND key < range.high AND key LIKE range.pattern
      LIMIT range.most
    ) AS kept
    LIMIT {together}
  ) AS reading
  GROUP BY patient_id
) AS found
JOIN patients_patient AS patient ON patient.id = found.patient_id AND patient.practice_id = %s
"""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Somebody on file who may be the newcomer."""

    patient_id: int
    likeness: Likeness
    score: float
    swapped_names: bool = False
    swapped_date: bool = False


def patient_ids(practice_id: int, text: str, *, today: date, most: int = 12) -> list[int]:
    """The likeliest patients for what was typed, best first, at most `most`."""
    return [who.patient_id for _, who in found(practice_id, text, today=today)[:most]]


def found(practice_id: int, text: str, *, today: date) -> list[tuple[float, Candidate]]:
    """Everybody who answers every typed piece, with a score in 0..1, best first.

    Args:
        practice_id: the practice in view; the database's scope must be open on it.
        text: name fragments in any order, birth date, phone, file number, as typed.
        today: for two-digit years.
    """
    typed = parse(text, today)
    ranges = plan(typed)
    rows = _read(practice_id, ranges, TOGETHER)
    by_number = {row[0] for row in rows if ranges[row[7] - 1].low.startswith(_NUMBERS)}
    ranked = rank(typed, (Candidate(*row[:6]) for row in rows), by_number)
    if ranked and ranked[0][0] >= CONVINCING:
        return ranked
    known = {row[0] for row in rows}
    more = _read(practice_id, last_resort(typed), TOGETHER)
    further = (Candidate(*row[:6]) for row in more if row[0] not in known)
    return merge(ranked, rank(typed, further))


def likely_duplicates(practice_id: int, newcomer: Person, *, most: int = 5) -> list[Duplicate]:
    """People on file who resemble somebody being registered, the likeliest first.

    Args:
        newcomer: what has been typed so far; nothing is shown for less than a name and
            either another name or a birth date.
    """
    pieces = bool(newcomer.families) + bool(newcomer.givens) + bool(newcomer.birth_date)
    if pieces < 2 and not newcomer.matricule:
        return []
    rows = _read(practice_id, blocks(newcomer), 2 * TOGETHER)
    compared = [(row[0], resemblance(newcomer, Person(*row[1:7]))) for row in rows]
    alike = [(pk, how) for pk, how in compared if how.likeness]
    alike.sort(key=_likest_first)
    return [
        Duplicate(pk, how.likeness, how.score, how.swapped_names, how.swapped_date)
        for pk, how in alike[:most]
        if how.likeness
    ]


def explain(practice_id: int, text: str, *, today: date) -> list[str]:
    """How the database reads a search: lines of EXPLAIN, for the bench and the tests."""
    statement, values = _statement(practice_id, plan(parse(text, today)), TOGETHER)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", values)
        return [line for (line,) in cursor.fetchall()]


def _likest_first(alike: tuple[int, Resemblance]) -> tuple[int, float, int]:
    pk, how = alike
    aside = how.likeness in {Likeness.TWIN, Likeness.HOMONYM}
    return aside, -how.score, pk


def _read(practice_id: int, ranges: Sequence[Range], together: int) -> list[tuple[Any, ...]]:
    if not ranges:
        return []
    return fetch(*_statement(practice_id, ranges, together))


def _statement(practice_id: int, ranges: Sequence[Range], together: int) -> tuple[str, list[Any]]:
    # Text joined here and split there: adapting lists would cost more than the whole search.
    columns = zip(*((r.low, r.high, r.pattern, str(r.most)) for r in ranges), strict=True)
    text = _READ.format(together=together)
    return text, [*map(" & ".join, columns), practice_id, practice_id]
