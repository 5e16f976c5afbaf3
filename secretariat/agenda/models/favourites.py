from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from secretariat.agenda.models.books import Agenda
from secretariat.practice.models import Owned, Staff


class FavouriteAgenda(Owned):
    """An agenda that someone has before them when they open the day; theirs alone."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    agenda = models.ForeignKey(Agenda, on_delete=models.CASCADE, related_name="+")
    if TYPE_CHECKING:
        staff_id: int
        agenda_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "agenda"], name="agenda_favourite_once")
        ]
