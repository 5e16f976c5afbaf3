"""Open an appointment book."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import Agenda
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.models import Practitioner, Site, Staff
from secretariat.privacy import daybook

COLOURS = range(1, 9)


class AgendaExists(Refusal):
    """One practitioner has one agenda at one site."""


@transaction.atomic
def open_agenda(
    *,
    practitioner: Practitioner,
    site: Site,
    by: Staff,
    at: datetime,
    name: str = "",
    colour: int = 1,
    position: int = 0,
) -> Agenda:
    """Open the appointment book of `practitioner` at `site`.

    Args:
        name: heading of its column; the practitioner's name when empty.
        colour: 1 to 8.
        position: columns stand in this order.

    Raises:
        AgendaExists, NotAllowed, BadInput.
    """
    must_rule(by)
    if colour not in COLOURS:
        raise BadInput("Choisissez une des huit couleurs.")
    if Agenda.objects.filter(practitioner=practitioner, site=site).exists():
        raise AgendaExists(f"{practitioner} a déjà un agenda à {site.name} : rien n’a été écrit.")
    agenda = Agenda.objects.create(
        practice_id=by.practice_id,
        practitioner=practitioner,
        site=site,
        name=name.strip()[:80] or str(practitioner),
        colour=colour,
        position=position,
    )
    daybook.note(
        practice_id=agenda.practice_id,
        by=by,
        at=at,
        verb="agenda.open_agenda",
        subject=agenda,
        practitioner=practitioner.pk,
        site=site.pk,
    )
    return agenda
