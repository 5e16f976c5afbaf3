"""« Mes agendas »: what someone wants before them when the day opens."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from secretariat.agenda.models import Agenda, FavouriteAgenda
from secretariat.core.refusal import NotAllowed
from secretariat.practice.models import Staff


@transaction.atomic
def keep_favourites(*, agendas: Iterable[Agenda], by: Staff) -> int:
    """These and no others; none: all agendas again. Answers how many.

    Nothing is written in the day book: it is a habit of the eye, and no deed.

    Raises:
        NotAllowed.
    """
    if not by.may("agenda.read"):
        raise NotAllowed("Votre rôle ne permet pas de voir l’agenda.")
    wanted = [
        FavouriteAgenda(practice_id=by.practice_id, staff=by, agenda=agenda) for agenda in agendas
    ]
    FavouriteAgenda.objects.filter(practice_id=by.practice_id, staff=by).exclude(
        agenda__in=[one.agenda_id for one in wanted]
    ).delete()
    FavouriteAgenda.objects.bulk_create(wanted, ignore_conflicts=True)
    return len(wanted)
