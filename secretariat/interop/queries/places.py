"""Where the practice is, and which agendas a calendar may go to."""

from __future__ import annotations

from secretariat.agenda.models import Agenda
from secretariat.practice.queries import sites


def zone_of(practice_id: int) -> str:
    """The clock on the wall of the practice's first site."""
    places = sites(practice_id)
    return places[0].time_zone if places else "Europe/Paris"


def agendas(practice_id: int) -> list[Agenda]:
    """The agendas in use, with their sites."""
    return list(
        Agenda.objects.filter(practice_id=practice_id, active=True)
        .select_related("site", "practitioner")
        .order_by("position", "name", "pk")
    )


def agenda(practice_id: int, pk: int | None) -> Agenda | None:
    """One agenda in use, with its site; None for another practice's."""
    return next((one for one in agendas(practice_id) if one.pk == pk), None)
