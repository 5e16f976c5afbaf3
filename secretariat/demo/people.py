"""Households: couples with children on one phone, people alone, widows with two names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import cast

from django.db import transaction

from secretariat.demo import names
from secretariat.patients.actions.registering import register
from secretariat.patients.actions.relating import add_related_person, join_household
from secretariat.patients.actions.traits import NewContactPoint, Traits
from secretariat.patients.models import Patient
from secretariat.practice.models import Practice, Staff


class Town:
    """Makes the people of a practice, always the same ones for a seed."""

    def __init__(self, practice: Practice, by: Staff, at: datetime, random: Random) -> None:
        self.practice, self.by, self.at, self.random = practice, by, at, random
        self.patients: list[Patient] = []

    def settle(self, count: int, progress: Callable[[int], None]) -> list[Patient]:
        """Register about `count` people, household by household, one transaction each."""
        while len(self.patients) < count:
            with transaction.atomic():
                self._household()
            progress(len(self.patients))
        return self.patients

    def _household(self) -> None:
        kind = self.random.random()
        address = self._address()
        if kind < 0.35:
            self._family(address)
        elif kind < 0.55:
            self._couple(address)
        else:
            self._person(self._sex(), self._adult(), address, phone=names.mobile(self.random))

    def _family(self, address: dict[str, str]) -> None:
        """Parents and one to four children: the mother's mobile is everybody's."""
        phone, family = names.mobile(self.random), self._family_name()
        mother = self._person(
            "F", self._born(28, 45), address, phone=phone, used=family if self._chance(0.7) else ""
        )
        father = self._person("M", self._born(28, 48), address, phone=phone, family=family)
        for _ in range(self.random.choice((1, 2, 2, 3, 4))):
            child = self._person(
                self._sex(),
                self._born(0, 16),
                address,
                phone=phone,
                family=family,
                holder="sa mère",
            )
            for parent in (mother, father):
                child = add_related_person(
                    patient=child, version=child.version, relation="parent", person=parent,
                    by=self.by, at=self.at,
                )  # fmt: skip
            self._together(child, mother)
        self._together(father, mother)

    def _couple(self, address: dict[str, str]) -> None:
        family, phone = self._family_name(), names.landline(self.random)
        born = self._born(50, 88)
        him = self._person("M", born, address, phone=phone, family=family)
        her = self._person("F", born + timedelta(days=700), address, phone=phone, used=family)
        self._together(her, him)

    def _together(self, one: Patient, other: Patient) -> None:
        join_household(patient=one, version=one.version, other=other, by=self.by, at=self.at)

    def _person(
        self,
        sex: str,
        born: date,
        address: dict[str, str],
        *,
        phone: str,
        family: str = "",
        used: str = "",
        holder: str = "",
    ) -> Patient:
        family = family or self._family_name()
        given = self.random.sample(names.GIVEN[sex], self.random.choice((1, 2, 3)))
        consents = self._chance(0.8)
        points = [
            NewContactPoint(
                value=phone, use="mobile" if phone.startswith("06") else "home", holder=holder,
                accepts_messages=consents and phone.startswith("06"),
            )
        ]  # fmt: skip
        if self._chance(0.5) and not holder:
            mail = names.email(given[0], family)
            points.append(NewContactPoint(value=mail, system="email", accepts_messages=consents))
        traits = {
            "birth_name": family, "given_names": " ".join(given), "first_given_name": given[0],
            "birth_date": born, "sex": sex, "used_name": used, "contact_points": points,
            "birth_place": address["town"], **address, **self._needs(),
        }  # fmt: skip
        patient = register(
            practice=self.practice,
            by=self.by,
            at=self.at,
            despite_duplicates=True,
            **cast(Traits, traits),
        )
        self.patients.append(patient)
        return patient

    def _needs(self) -> dict[str, object]:
        draw = self.random.random()
        if draw < 0.02:
            return {"needs_wheelchair": True}
        if draw < 0.03:
            return {"is_deaf": True, "note": "Préfère les messages écrits."}
        if draw < 0.045:
            return {"needs_interpreter": self.random.choice(("arabe", "turc", "portugais", "LSF"))}
        if draw < 0.09:
            return {"needs_more_time": True}
        return {}

    def _address(self) -> dict[str, str]:
        postcode, town = self.random.choice(names.TOWNS)
        number = self.random.randrange(1, 120)
        street = self.random.choice(names.STREETS)
        return {"address": f"{number} {street}", "postcode": postcode, "town": town}

    def _adult(self) -> date:
        return self._born(18, 95)

    def _born(self, youngest: int, oldest: int) -> date:
        days = self.random.randrange(youngest * 365 + 20, oldest * 365 + 300)
        return self.at.date() - timedelta(days=days)

    def _sex(self) -> str:
        return self.random.choice("FM")

    def _family_name(self) -> str:
        return self.random.choice(names.FAMILY)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share
