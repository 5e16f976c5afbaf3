"""The patients of the standard load, by the tens of thousands: rows for COPY and their search keys.

Pure: nothing here reads a database. The keys are the product's own (`search_keys.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bench.names import Register
from secretariat.patients.search_keys import Identity, keys

EPOCH = date(1930, 1, 1)
DAYS = 35_000
MARRIED = 0.35
"""Share of the women who are known by another name than the one they were born with."""
TOWNS = ("VILLE-INVENTION", "SAINT-EXEMPLE", "BOURG-FICTIF", "PORT-IMAGINAIRE", "MODELE-SUR-MER")


@dataclass(frozen=True, slots=True)
class Townsperson:
    """One patient to be: what a file says, and nothing of a real person."""

    pk: int
    number: int
    birth_name: str
    given_names: str
    born: date
    sex: str
    used_name: str
    phone: str
    town: str

    def search_keys(self) -> set[str]:
        """The product's own search keys."""
        return keys(
            Identity(
                birth_name=self.birth_name,
                given_names=self.given_names,
                birth_date=self.born,
                used_name=self.used_name,
                phones=[self.phone],
                file_number=self.number,
            )
        )


def townsfolk(first_pk: int, first: int, count: int) -> Iterator[Townsperson]:
    """People number `first` and the following ones, always the same for the same numbers.

    Args:
        first_pk: primary key of person number 0.
        first: number of the first person made; a multiple of `count` keeps chunks apart.
        count: how many.
    """
    register = Register(seed=first)
    random = register.random
    sexes = ["F" if random.random() < 0.53 else "M" for _ in range(count)]
    families = register.family_names(count)
    married = iter(register.family_names(count))
    given = {sex: iter(register.given_names(sex, count)) for sex in "FM"}
    more = {sex: iter(register.given_names(sex, count)) for sex in "FM"}
    phone = ""
    for place, (sex, family) in enumerate(zip(sexes, families, strict=True)):
        # Three in ten share the phone of whoever came before: families.
        phone = phone if phone and random.random() < 0.3 else _phone(random)
        names = next(given[sex])
        if random.random() < 0.4:
            names += f" {next(more[sex])}"
        yield Townsperson(
            pk=first_pk + first + place,
            number=first + place + 1,
            birth_name=family,
            given_names=names,
            born=EPOCH + timedelta(days=random.randrange(DAYS)),
            sex=sex,
            used_name=next(married) if sex == "F" and random.random() < MARRIED else "",
            phone=phone,
            town=random.choice(TOWNS),
        )


def _phone(random: Random) -> str:
    return f"+33{random.choice('67')}{random.randrange(100_000_000):08d}"
