"""The other practices of a big host: their people and visits lie in the same tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg

EACH = 5_000
"""Visits of each other practice."""
AGENDAS = 2
FIRST = 1_000_000
"""Keys of what is written here begin there: far from those that the measure makes."""

# One site, one post, two agendas: all that a visit hangs on. All the posts are one person's, who
# never logs in.
_PERSON = """
INSERT INTO practice_user (id, password, is_superuser, username, first_name, last_name, email,
  is_staff, is_active, date_joined)
VALUES (%(pk)s, '!', false, 'voisin', '', '', '', false, false, now())
"""
_PRACTICE = """
INSERT INTO practice_practice (id, name, slug, colour, idle_minutes, created_at)
VALUES (%(pk)s, 'Cabinet voisin ' || %(pk)s, 'voisin-' || %(pk)s, 1, 10, now());
"""
_SITE = """
INSERT INTO practice_site (id, practice_id, name, time_zone, region, school_zone, accessible,
  closes_on_holidays, address, postcode, town, phone, access)
VALUES (%(pk)s, %(pk)s, 'Voisin', 'Europe/Paris', '', '', true, true, '', '', '', '', '')
"""
_STAFF = """
INSERT INTO practice_staff (id, practice_id, user_id, role_key, display_name, withheld)
VALUES (%(pk)s, %(pk)s, %(person)s, 'manager', 'Voisin', '[]')
"""
_DOCTORS = """
INSERT INTO practice_practitioner (id, practice_id, title, family_name, given_name, rpps,
  speciality, sector, optam)
SELECT %(pk)s * 10 + n, %(pk)s, 'Dr', 'Voisin', '', '', 'Médecine générale', '1', false
FROM generate_series(1, %(agendas)s) AS n
"""
_AGENDAS = """
INSERT INTO agenda_agenda (
  id, practice_id, practitioner_id, site_id, name, colour, position, active)
SELECT id, practice_id, id, practice_id, 'Dr Voisin', 1, 0, true
FROM practice_practitioner WHERE practice_id = %(pk)s
"""
_VISITS = """
INSERT INTO agenda_appointment (practice_id, agenda_id, title, starts_at, ends_at, minutes_before,
  minutes_after, note, squeezed, forced, forced_rule, cancelled_for, cancelled_why, import_key,
  created_at, created_by_id, version)
SELECT %(pk)s, agenda.id, 'Quelqu’un', starts_at, starts_at + interval '15 minutes', 0, 0, '',
  false, false, '', '', '', '', starts_at, %(pk)s, 1
FROM agenda_agenda AS agenda, generate_series(0, %(each)s / %(agendas)s - 1) AS n,
  LATERAL (SELECT (%(last)s::date - n / 26 + time '08:00' + n %% 26 * interval '20 minutes')
                  AT TIME ZONE 'Europe/Paris' AS starts_at) AS clock
WHERE agenda.practice_id = %(pk)s
ORDER BY starts_at
"""
_STEPS = (_PRACTICE, _SITE, _STAFF, _DOCTORS, _AGENDAS, _VISITS)


def gather(
    connection: psycopg.Connection[Any], count: int, today: date, say: Callable[[str], None]
) -> None:
    """Write `count` practices of `EACH` visits, the last of them sixty days ahead.

    Args:
        connection: as the application's role; its scope is left on the last practice.
    """
    connection.execute(_PERSON, {"pk": FIRST})
    values = {"person": FIRST, "agendas": AGENDAS, "each": EACH, "last": today + timedelta(days=60)}
    for number in range(count):
        key = FIRST + number
        connection.execute("SELECT set_config('app.practices', %s, false)", [f"{{{key}}}"])
        with connection.transaction():
            for sql in _STEPS:
                connection.execute(sql, values | {"pk": key})
        if (number + 1) % 250 == 0:
            say(f"{number + 1:,} of {count:,} other practices")
