"""« Annuler »: one press takes back what was just done, for an hour, under a signed ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from secretariat.agenda import actions
from secretariat.agenda.actions.moving import ChangedMeanwhile
from secretariat.agenda.models import Appointment
from secretariat.agenda.queries.desk import Desk, agendas
from secretariat.agenda.queries.visit import appointments
from secretariat.agenda.views.answers import done
from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.practice.doors import Request, door

SALT = "agenda.undo"
LASTS_S = 3600


class TooLate(Refusal):
    """The ticket is too old, or was made for something else."""


def ticket(appointment: Appointment, deed: str, **facts: Any) -> str:
    """The address that takes `deed` back when posted to.

    Args:
        appointment: as the deed left it.
        deed: "book", "move" or "cancel".
        facts: plain values; for "move", where the visit stood (see `before`).
    """
    told = {"pk": appointment.pk, "deed": deed, "version": appointment.version, **facts}
    token = signing.dumps(told, salt=SALT, compress=True)
    return reverse("agenda:undo", args=[appointment.pk, token])


def before(appointment: Appointment) -> dict[str, Any]:
    """Where a visit stands, to put it back there."""
    return {
        "agenda": appointment.agenda_id,
        "starts_at": appointment.starts_at.isoformat(),
        "minutes": round((appointment.ends_at - appointment.starts_at).total_seconds() / 60),
        "squeezed": appointment.squeezed,
    }


@require_POST
@door("agenda.book")
def undo(request: Request, pk: int, token: str) -> HttpResponse:
    """Take a deed back."""
    appointment = get_object_or_404(appointments(request.practice.pk), pk=pk)
    try:
        told = signing.loads(token, salt=SALT, max_age=LASTS_S)
    except signing.BadSignature:
        told = {}
    if told.get("pk") != pk:
        raise TooLate("Il est trop tard pour annuler ainsi : ouvrez le rendez-vous.")
    try:
        return done(_take_back(request, appointment, told))
    except ChangedMeanwhile as changed:
        raise TooLate(
            "Ce rendez-vous a encore changé depuis : rien n’a été repris, ouvrez-le."
        ) from changed


def _take_back(request: Request, appointment: Appointment, told: dict[str, Any]) -> str:
    by, at = request.staff, clock.now()
    match told["deed"]:
        case "book":
            actions.cancel(
                appointment=appointment, version=told["version"], wanted_by="mistake", why="",
                by=by, at=at,
            )  # fmt: skip
            return "Le rendez-vous n’est plus donné."
        case "move":
            # Where it stood, whatever the rules say now, under the name of who puts it back.
            actions.move(
                appointment=appointment, version=told["version"],
                to=Desk(agendas(request.practice.pk, every=True)).agenda(told["agenda"]),
                starts_at=datetime.fromisoformat(told["starts_at"]), minutes=told["minutes"],
                squeeze=told["squeezed"], force=by.may("agenda.force"), by=by, at=at, back=True,
            )  # fmt: skip
            return "Le rendez-vous est revenu à sa place."
        case _:
            actions.restore(appointment=appointment, by=by, at=at)
            return "Le rendez-vous est rétabli."
