"""What a secretary asks of the product all day, as addresses; each with other values each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from random import Random
from typing import Any
from urllib.parse import quote

from bench.browser import Browser
from bench.load import House, scoped
from bench.site import Site

ASKED = 60
"""Different addresses of one operation, taken in turn."""


@dataclass(frozen=True)
class Operation:
    """A question and the addresses that ask it."""

    name: str
    paths: list[str]
    aim: str = ""
    wanted: tuple[str, ...] = ()
    """For each path, a text that a right answer holds; empty when any answer is right."""
    hot: bool = False
    """Taken apart in the report."""

    def call(self, browser: Browser) -> Callable[[int], None]:
        """Asks number n. A wrong status stops the bench: a quick refusal is no figure."""

        def ask(number: int) -> None:
            path = self.paths[number % len(self.paths)]
            answer = browser.get(path)
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status}")

        return ask

    def hits(self, browser: Browser) -> float | None:
        """Share of the questions whose answer holds what was wanted; None when any does."""
        if not self.wanted:
            return None
        found = sum(
            wanted.encode() in browser.get(path).body
            for path, wanted in zip(self.paths, self.wanted, strict=True)
        )
        return found / len(self.paths)


def operations(site: Site) -> list[Operation]:
    """All reads, floor first."""
    return [floor(site), *_agenda(site), *_patients(site)]


def floor(site: Site) -> Operation:
    """The smallest answer behind the login: session, person, post, practice, one number."""
    return Operation("floor: authenticated empty page", ["/pulse/"], hot=True)


def _agenda(site: Site) -> list[Operation]:
    house, first = site.house, site.today + timedelta(days=1)
    days = [first + timedelta(days=n % 40) for n in range(ASKED)]
    some = list(islice(cycle(house.agendas), ASKED))
    pairs = list(zip(some, days, strict=True))
    find = f"/agenda/find/?reason={house.reason}&bare=1"
    none = f"/agenda/find/?reason={house.long_reason}&bare=1"
    return [
        Operation(
            "one practitioner, one day (visits and closed times)",
            [f"/agenda/times/?agenda={agenda}&date={day}" for agenda, day in pairs], "4",
        ),
        Operation(
            "free times of one practitioner (first 5 days with room, of 60)",
            [f"{find}&agenda={agenda}&from={day}" for agenda, day in pairs], "10", hot=True,
        ),
        Operation(
            "first free times among 20 practitioners (5 days, of 60)",
            [f"{find}&from={day}" for day in days], "15", hot=True,
        ),
        Operation(
            "the same when nothing is free in 60 days (a visit of 4 h)",
            [f"{none}&from={day}" for day in days],
        ),
        Operation(
            "whole day, 20 practitioners, with names",
            [f"/agenda/times/?date={day}" for day in days], "40", hot=True,
        ),
        Operation("day board, whole page", [f"/day/?date={day}" for day in days]),
        Operation(
            "day board, refreshed part", [f"/day/?part=board&date={day}" for day in days], hot=True
        ),
        Operation("month picker", [f"/agenda/month/?date={day}" for day in days]),
        Operation("agenda, whole page", [f"/agenda/?date={day}" for day in days]),
        Operation("rail", ["/rail/"]),
    ]  # fmt: skip


@dataclass(frozen=True)
class Somebody:
    """A patient to look for."""

    pk: int
    family: str
    given: str
    born: Any
    phone: str


def somebodies(address: str, house: House, count: int) -> list[Somebody]:
    """Patients spread over the whole file, the same ones each time."""
    with scoped(address, house.practice) as connection:
        (most,) = connection.execute("SELECT max(id) FROM patients_patient").fetchone() or (1,)
        rows = connection.execute(
            "SELECT p.id, birth_name, first_given_name, birth_date, c.value "
            "FROM patients_patient p JOIN patients_contactpoint c ON c.patient_id = p.id "
            "WHERE p.id = ANY(%s) ORDER BY p.id",
            [[Random(n).randrange(1, most) for n in range(count)]],
        ).fetchall()
    return [Somebody(*row) for row in rows]


def _patients(site: Site) -> list[Operation]:
    people = somebodies(site.address, site.house, ASKED)
    typed: dict[str, list[str]] = {
        "patient by part of both names": [f"{p.family[:5]} {p.given[:3]}" for p in people],
        "patient by part of a name": [p.family[:4] for p in people],
        "patient by name and given name with a typo": [
            f"{misspelt(p.family, n)} {p.given}" for n, p in enumerate(people)
        ],
        "patient by name, nobody": [nobody(n) for n in range(len(people))],
        "patient by phone": [_said(p.phone) for p in people],
        "patient by birth date": [f"{p.born:%d/%m/%Y}" for p in people],
        "patient by birth date and name": [f"{p.born:%d/%m/%Y} {p.family[:3]}" for p in people],
    }
    certain = {
        "patient by name and given name with a typo", "patient by phone",
        "patient by birth date and name",
    }  # fmt: skip
    wanted = tuple(f'data-value="{p.pk}"' for p in people)
    return [
        Operation(name, _find(texts), "5", wanted if name in certain else (), "typo" in name)
        for name, texts in typed.items()
    ]


def _find(texts: Sequence[str]) -> list[str]:
    return [f"/patients/find/?q={quote(text)}" for text in texts]


def misspelt(name: str, number: int) -> str:
    """`name` with one letter exchanged, left out or changed; short names stay right."""
    if len(name) < 5:
        return name
    place = 1 + number % (len(name) - 2)
    match number % 3:
        case 0:
            return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
        case 1:
            return name[:place] + name[place + 1 :]
    return name[:place] + "EAIOU"[number % 5] + name[place + 1 :]


def nobody(number: int) -> str:
    """A name that nobody bears."""
    random = Random(number)
    return "".join(random.choice("KWXYZQJV") for _ in range(7)) + " " + random.choice("KWXYZ") * 3


def _said(phone: str) -> str:
    """0612345678 as one types it: 06 12 34 56 78."""
    digits = "0" + phone[3:]
    return " ".join(digits[n : n + 2] for n in range(0, 10, 2))
