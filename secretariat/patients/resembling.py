"""Whom do many newcomers resemble? One statement for a whole page of an imported file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

from secretariat.patients.matching import Person, blocks, resemblance
from secretariat.patients.search import Duplicate

# The same reading as for one newcomer (search.py); every range says for whom it is read.
_READ = """
SELECT found.who, patient.id, patient.birth_name, patient.given_names, patient.birth_date,
       patient.used_name, patient.used_given_name, patient.sex
FROM (
  SELECT DISTINCT range.who, kept.patient_id
  FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::int[])
       AS range(who, low, high, pattern, most)
  CROSS JOIN LATERAL (
    SELECT patient_id FROM patients_searchkey
    WHERE practice_id = %s AND key >= range.low AND key < range.high AND key LIKE range.pattern
    LIMIT range.most
  ) AS kept
) AS found
JOIN patients_patient AS patient ON patient.id = found.patient_id AND patient.practice_id = %s
"""


def duplicates_of_each(
    practice_id: int, newcomers: Sequence[Person], *, most: int = 5
) -> list[list[Duplicate]]:
    """People on file who resemble each of `newcomers`, the likeliest first, at most `most`.

    Args:
        newcomers: a thousand at most, each with a name and a birth date.
    """
    ranges = [(who, r) for who, newcomer in enumerate(newcomers) for r in blocks(newcomer)]
    found: dict[int, list[Duplicate]] = defaultdict(list)
    if ranges:
        with connection.cursor() as cursor:
            cursor.execute(
                _READ,
                [
                    [who for who, _ in ranges],
                    [r.low for _, r in ranges],
                    [r.high for _, r in ranges],
                    [r.pattern for _, r in ranges],
                    [r.most for _, r in ranges],
                    practice_id,
                    practice_id,
                ],
            )
            for who, pk, *known in cursor.fetchall():
                how = resemblance(newcomers[who], Person(*known))
                if how.likeness:
                    found[who].append(
                        Duplicate(pk, how.likeness, how.score, how.swapped_names, how.swapped_date)
                    )
    return [
        sorted(found[who], key=lambda one: (-one.score, one.patient_id))[:most]
        for who in range(len(newcomers))
    ]
