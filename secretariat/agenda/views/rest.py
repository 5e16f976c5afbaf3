"""This visit and those of its group that follow: moved, cancelled, taken back together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from secretariat.agenda.actions.groups import (
    Moved,
    RestStays,
    Stood,
    cancel_rest,
    give_up,
    move_rest,
    put_back,
    restore_all,
)
from secretariat.agenda.actions.moving import ChangedMeanwhile
from secretariat.agenda.forms import CancelForm
from secretariat.agenda.models import Appointment
from secretariat.agenda.queries import together as groups
from secretariat.agenda.queries import visit as queries
from secretariat.agenda.queries.desk import Desk, agendas
from secretariat.agenda.rule_forms import must_be_valid
from secretariat.agenda.together_forms import MoveRestForm
from secretariat.agenda.views.answers import done, page, sheet
from secretariat.agenda.views.undoing import LASTS_S, TooLate
from secretariat.core import clock
from secretariat.practice.doors import Request, door

SALT = "agenda.undo.group"


def ticket(group_id: int, deed: str, **facts: Any) -> str:
    """The address that takes a deed on a whole group back when posted to, for an hour.

    Args:
        deed: "book", "move" or "cancel".
        facts: plain values: the visits' keys, with versions, or where they stood.
    """
    token = signing.dumps({"group": group_id, "deed": deed, **facts}, salt=SALT, compress=True)
    return reverse("agenda:undo_group", args=[group_id, token])


@require_http_methods(["GET", "POST"])
@door("agenda.book")
def move(request: Request, pk: int) -> HttpResponse:
    """Another place for a visit; those that follow go as many days and minutes further."""
    one = get_object_or_404(queries.appointments(request.practice.pk), pk=pk)
    desk = Desk(agendas(request.practice.pk))
    name = f"move-rest-{pk}-%s"
    if request.method == "GET":
        local = clock.local(one.starts_at, one.agenda.site.time_zone)
        first = {
            "agenda": one.agenda_id, "day": local.date(), "clock": local.time(),
            "version": one.version,
        }  # fmt: skip
        return _sheet(request, one, MoveRestForm(desk, initial=first, auto_id=name))
    form = MoveRestForm(desk, request.POST, auto_id=name)
    if not form.is_valid():
        return _sheet(request, one, form, status=422)
    try:
        moved = move_rest(
            appointment=one, version=form.cleaned_data["version"], starts_at=form.place(),
            to=form.wanted_agenda, those_that_can=form.cleaned_data["those_that_can"],
            by=request.staff, at=clock.now(),
        )  # fmt: skip
    except RestStays as refusal:
        context = {"refusal": refusal, "stayed": refusal.facts["stayed"]}
        context["some"] = len(refusal.facts["stayed"]) < len(_rest(one)) + 1
        zone = one.agenda.site.time_zone
        return page(
            request, "agenda/_rest_stays.html", context, zone=zone, status=refusal.status
        )  # fmt: skip
    return _moved(one, moved)


@require_POST
@door("agenda.book")
def cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel a visit and those that follow; « Annuler » in the notice gives them back."""
    one = get_object_or_404(queries.appointments(request.practice.pk), pk=pk)
    typed = must_be_valid(CancelForm(request.POST))
    gone = cancel_rest(appointment=one, by=request.staff, at=clock.now(), **typed)
    undo = None
    if one.group_id:
        undo = ticket(one.group_id, "cancel", visits=[[each.pk, 0] for each in gone])
    return done(f"{_count(gone)} annulés.", undo=undo, sheetClose={})


@require_POST
@door("agenda.book")
def undo(request: Request, pk: int, token: str) -> HttpResponse:
    """Take a deed on a whole group back."""
    group = get_object_or_404(groups.groups_of(request.practice.pk), pk=pk)
    try:
        told = signing.loads(token, salt=SALT, max_age=LASTS_S)
    except signing.BadSignature:
        told = {}
    if told.get("group") != group.pk:
        raise TooLate("Il est trop tard pour annuler ainsi : ouvrez les rendez-vous.")
    try:
        return done(_take_back(request, told))
    except ChangedMeanwhile as changed:
        raise TooLate(
            "L’un de ces rendez-vous a encore changé depuis : rien n’a été repris."
        ) from changed


def _take_back(request: Request, told: dict[str, Any]) -> str:
    by, at = request.staff, clock.now()
    keys = [each[0] for each in told["visits"]]
    found = {one.pk: one for one in queries.appointments(request.practice.pk).filter(pk__in=keys)}
    visits = [found[key] for key in keys]
    match told["deed"]:
        case "book":
            give_up(visits=visits, versions=dict(told["visits"]), by=by, at=at)
            return "Ces rendez-vous ne sont plus donnés."
        case "move":
            desk = Desk(agendas(request.practice.pk, every=True))
            put_back(stood=[_stood(found, desk, *each) for each in told["visits"]], by=by, at=at)
            return "Les rendez-vous sont revenus à leur place."
        case _:
            restore_all(visits=visits, by=by, at=at)
            return "Les rendez-vous sont rétablis."


def _stood(found: dict[int, Appointment], desk: Desk, key: int, *place: Any) -> Stood:
    version, agenda, starts_at, squeezed = place
    where = desk.agenda(agenda) or found[key].agenda
    return Stood(found[key], version, where, datetime.fromisoformat(starts_at), squeezed)


def _moved(one: Appointment, moved: Moved) -> HttpResponse:
    text = f"{_count(moved.moved)} déplacés"
    if moved.stayed:
        text += f", {len(moved.stayed)} resté{'s' if len(moved.stayed) > 1 else ''} en place"
    undo = None
    if one.group_id:
        stood = [
            [each.visit.pk, each.version, each.agenda.pk, each.starts_at.isoformat(), each.squeezed]
            for each in moved.stood
        ]
        undo = ticket(one.group_id, "move", visits=stood)
    events = {"appointmentMoved": {"id": one.pk}}
    return done(f"{text}.", undo=undo, sheetClose={}, **events)


def _sheet(
    request: Request, one: Appointment, form: MoveRestForm, status: int = 200
) -> HttpResponse:
    context = {"visit": one, "form": form, "rest": _rest(one)}
    zone = one.agenda.site.time_zone
    return sheet(request, "agenda/move_rest.html", context, zone=zone, status=status)


def _rest(one: Appointment) -> list[Appointment]:
    """Those of the group that stand and come after it."""
    return [each for each in groups.of_group(one) if groups.standing_after(one, each)]


def _count(visits: Sequence[Appointment]) -> str:
    return f"{len(visits)} rendez-vous"
