"""Which columns the day shows: those named, else one's own, else the first ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from secretariat.agenda.models import Agenda, FavouriteAgenda, Resource
from secretariat.agenda.queries.desk import chosen
from secretariat.practice.models import Staff

MOST_AT_ONCE = 12
"""More columns than this are shown only when asked for: each desk reads its columns again at each
change in the practice, and nobody reads fifty of them."""
ALL = "all"
"""As the address says that every column is wanted."""


@dataclass(frozen=True)
class Shown:
    """The columns of a day. `wanted` is empty when all are shown."""

    wanted: list[Agenda]
    mine: list[Agenda] = field(default_factory=list)
    """The favourites of who looks."""
    why: str = ""
    """« named », « mine », « first », or empty for all."""


def shown(agendas: Sequence[Agenda], staff: Staff, named: Sequence[str]) -> Shown:
    """What to show of `agendas`: one statement.

    Args:
        named: keys in the address, or `ALL`.
    """
    kept = set(
        FavouriteAgenda.objects.filter(practice_id=staff.practice_id, staff=staff).values_list(
            "agenda_id", flat=True
        )
    )
    mine = [agenda for agenda in agendas if agenda.pk in kept]
    if named:
        found = [] if ALL in named else chosen(agendas, named)
        return Shown(found, mine, "named" if found else "")
    if mine:
        return Shown(mine, mine, "mine")
    if len(agendas) > MOST_AT_ONCE:
        return Shown(list(agendas[:MOST_AT_ONCE]), mine, "first")
    return Shown([], mine)


def has_rooms(practice_id: int) -> bool:
    """Whether the practice has declared a room or equipment."""
    return Resource.objects.filter(practice_id=practice_id, active=True).exists()
