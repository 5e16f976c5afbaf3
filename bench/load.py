"""The standard load, written by SQL as the application's role, inside the practice's scope."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import psycopg

from bench.crowd import gather
from bench.townsfolk import Townsperson, townsfolk
from bench.unbound import unbound

PRACTITIONERS = 20
SLOTS = 38
"""A day: 08:00-12:30 and 13:30-18:30 by 15 minutes."""
AHEAD = 60
BEHIND = 753
"""Days behind with `--history`: with the 60 ahead, 617,880 slots."""
CHUNK = 10_000
CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Load:
    """How much is loaded."""

    patients: int = 100_000
    behind: int = 0
    ahead: int = AHEAD
    neighbours: int = 0
    """Other practices in the same tables, of 5,000 visits each."""

    @property
    def slots(self) -> int:
        """Slots of the load, taken or free."""
        return PRACTITIONERS * SLOTS * (self.behind + self.ahead)

    @property
    def key(self) -> str:
        """Names the load in the report."""
        people = f"{self.patients // 1000} k patients"
        crowd = f", among {self.neighbours:,} practices" if self.neighbours else ""
        return f"{people}, {'two years behind' if self.behind else 'no history'}{crowd}"


@dataclass(frozen=True)
class House:
    """The measured practice: keys of what the load hangs on."""

    practice: int
    staff: int
    agendas: tuple[int, ...]
    reason: int
    long_reason: int
    first_patient: int = 0


def scoped(address: str, practice: int) -> psycopg.Connection[Any]:
    """A connection as the application's role with the practice in view."""
    connection = psycopg.connect(address, autocommit=True)
    connection.execute("SELECT set_config('app.practices', %s, false)", [f"{{{practice}}}"])
    return connection


# 38 quarters of an hour, lunch left out, on the clock of the site.
_SLOTS = """
FROM unnest(%(agendas)s::bigint[]) AS agenda,
     generate_series(%(first)s::date, %(last)s::date, '1 day') AS day,
     generate_series(0, 37) AS n,
     LATERAL (SELECT (day::date + time '08:00' + (n * 15 + CASE WHEN n >= 18 THEN 60 ELSE 0 END)
                      * interval '1 minute') AT TIME ZONE 'Europe/Paris' AS starts_at) AS clock,
     LATERAL (SELECT agenda * 100000000 + extract(epoch FROM starts_at)::bigint / 60 AS slot) AS one
"""
# Seven times in ten, always the same ones.
_TAKEN = "(hashint8extended(slot, 7) & 1023) < 717"
_BOOK = f"""
INSERT INTO agenda_appointment (
  practice_id, agenda_id, patient_id, reason_id, title, starts_at, ends_at, minutes_before,
  minutes_after, note, squeezed, forced, forced_rule, cancelled_for, cancelled_why, import_key,
  created_at, created_by_id, version)
SELECT %(practice)s, agenda,
       %(first_patient)s + (hashint8extended(slot, 11) & 9007199254740991) %% %(patients)s,
       %(reason)s, '', starts_at, starts_at + interval '15 minutes', 0, 0, '', false, false,
       '', '', '', '', starts_at - interval '20 days', %(staff)s, 1
{_SLOTS} WHERE {_TAKEN} ORDER BY starts_at, agenda
"""
_FREE = f"SELECT agenda, starts_at {_SLOTS} WHERE NOT {_TAKEN} ORDER BY hashint8extended(slot, 13)"


def fill(address: str, house: House, load: Load, today: date, say: Callable[[str], None]) -> None:
    """Write patients, keys and appointments.

    Args:
        address: libpq address of the application's role.
        today: first day of those ahead.
    """
    with scoped(address, house.practice) as connection:
        with (
            unbound(connection, "patients_patient", say),
            unbound(connection, "patients_contactpoint", say),
            unbound(connection, "patients_searchkey", say),
        ):
            _people(address, house, load.patients, say)
        _count_files(connection, house, load.patients)
        say(f"{load.slots:,} slots, seven in ten taken")
        with unbound(connection, "agenda_appointment", say):
            connection.execute(_BOOK, _values(house, load, today))
            if load.neighbours:
                with scoped(address, house.practice) as other:
                    gather(other, load.neighbours, today, say)
        say("statistics")
        connection.execute("VACUUM (ANALYZE)")


def free_slots(
    connection: psycopg.Connection[Any], house: House, load: Load, today: date
) -> list[tuple[int, Any]]:
    """(agenda, start) of slots that the load leaves free from tomorrow on, shuffled."""
    values = _values(house, load, today) | {"first": today + timedelta(days=1)}
    return connection.execute(_FREE, values).fetchall()


def _values(house: House, load: Load, today: date) -> dict[str, Any]:
    return {
        "practice": house.practice,
        "agendas": list(house.agendas),
        "reason": house.reason,
        "staff": house.staff,
        "first_patient": house.first_patient,
        "patients": load.patients,
        "first": today - timedelta(days=load.behind),
        "last": today + timedelta(days=load.ahead - 1),
    }


def _people(address: str, house: House, count: int, say: Callable[[str], None]) -> None:
    """All patients, by chunks, on two processes."""
    chunks = range(0, count, CHUNK)
    work = partial(_chunk, address, house, count)
    with CONTEXT.Pool(2) as pool:
        for done, _ in enumerate(pool.imap(work, chunks), start=1):
            if done % 5 == 0 or done == len(chunks):
                say(f"{min(done * CHUNK, count):,} of {count:,} patients")


def _chunk(address: str, house: House, count: int, first: int) -> None:
    people = list(townsfolk(house.first_patient, first, min(CHUNK, count - first)))
    with scoped(address, house.practice) as connection, connection.transaction():
        _patients(connection, house, people)
        _points(connection, house, people)
        _keys(connection, house, people)


_ADD_PATIENTS = """
INSERT INTO patients_patient (
  id, practice_id, file_number, birth_name, given_names, first_given_name, birth_date, sex,
  birth_place_code, birth_place, used_name, used_given_name, identity_status, identity_document,
  homonym, doubtful, address, address_more, postcode, town, needs_interpreter, needs_wheelchair,
  is_deaf, needs_more_time, note, import_key, created_at, created_by, version)
SELECT id, %s, file_number, birth_name, given_names, first_given_name, birth_date, sex,
       '', '', used_name, '', 'PROV', '', false, false, '', '', '', town, '', false,
       false, false, '', '', now(), %s, 1
FROM arriving
"""
_ADD_POINTS = """
INSERT INTO patients_contactpoint (
  practice_id, patient_id, system, use, value, holder, accepts_calls, accepts_messages, rank)
SELECT %s, id, 'phone', 'mobile', value, '', true, false, 1 FROM arriving
"""
_ADD_KEYS = """
INSERT INTO patients_searchkey (practice_id, patient_id, key) SELECT %s, id, value FROM arriving
"""


def _patients(
    connection: psycopg.Connection[Any], house: House, people: Sequence[Townsperson]
) -> None:
    lines = (
        (who.pk, who.number, who.birth_name, who.given_names, who.given_names.split()[0],
         who.born, who.sex, who.used_name, who.town)
        for who in people
    )  # fmt: skip
    columns = "id bigint, file_number bigint, birth_name text, given_names text, "
    columns += "first_given_name text, birth_date date, sex text, used_name text, town text"
    _arrive(connection, columns, ("\t".join(map(str, line)) for line in lines))
    connection.execute(_ADD_PATIENTS, [house.practice, house.staff])


def _points(
    connection: psycopg.Connection[Any], house: House, people: Sequence[Townsperson]
) -> None:
    _arrive(connection, "id bigint, value text", (f"{who.pk}\t{who.phone}" for who in people))
    connection.execute(_ADD_POINTS, [house.practice])


def _keys(connection: psycopg.Connection[Any], house: House, people: Sequence[Townsperson]) -> None:
    lines = (f"{who.pk}\t{key}" for who in people for key in who.search_keys())
    _arrive(connection, 'id bigint, value text COLLATE "C"', lines)
    connection.execute(_ADD_KEYS, [house.practice])


def _arrive(connection: psycopg.Connection[Any], columns: str, lines: Any) -> None:
    """COPY into a table of passage: COPY refuses tables under row-level security."""
    connection.execute("DROP TABLE IF EXISTS arriving")
    connection.execute(f"CREATE TEMP TABLE arriving ({columns})")
    with connection.cursor().copy("COPY arriving FROM STDIN") as copy:
        copy.write("\n".join(lines))


def _count_files(connection: psycopg.Connection[Any], house: House, count: int) -> None:
    """The counters know what was written beside them."""
    connection.execute(
        "INSERT INTO patients_filecounter (practice_id, last) VALUES (%s, %s)",
        [house.practice, count],
    )
    connection.execute(
        "SELECT setval(pg_get_serial_sequence('patients_patient', 'id'), %s)",
        [house.first_patient + count],
    )
