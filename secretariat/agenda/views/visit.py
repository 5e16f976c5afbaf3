"""One visit: its sheet, another place for it, its cancelling."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.agenda import actions
from secretariat.agenda.actions.moving import as_given
from secretariat.agenda.actions.noting import write_note
from secretariat.agenda.forms import CancelForm, MoveForm, NoteForm
from secretariat.agenda.models import Appointment
from secretariat.agenda.queries import visit as queries
from secretariat.agenda.queries.desk import Desk, agendas
from secretariat.agenda.queries.together import of_group, standing_after
from secretariat.agenda.refused_words import day_words
from secretariat.agenda.rule_forms import must_be_valid
from secretariat.agenda.views import refused
from secretariat.agenda.views.answers import done, page, sheet
from secretariat.agenda.views.undoing import before, ticket
from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.patients.access import patient_for, patient_still_open
from secretariat.patients.queries.rows import row, title
from secretariat.practice.doors import Request, door


@require_safe
@door("agenda.read")
def appointment(request: Request, pk: int) -> HttpResponse:
    """The sheet of a visit; opening it is written in the patient's register.

    `live` answers its facts alone, for a sheet that refreshes itself.
    """
    one = get_object_or_404(queries.appointments(request.practice.pk), pk=pk)
    at = clock.now()
    zone = one.agenda.site.time_zone
    patient = None
    if one.patient_id is not None:
        opened = patient_still_open if request.GET.get("live") else patient_for
        patient = opened(request.staff, one.patient_id, at=at, screen="Rendez-vous")
    context = {
        "visit": one,
        "minutes": _minutes(one),
        "patient": patient,
        "row": row(patient, clock.local_date(at, zone)) if patient else None,
        "title": title(patient) if patient else one.title,
        "phones": queries.phones(patient) if patient else [],
        "together": (linked := of_group(one)),
        "rest": sum(standing_after(one, each) for each in linked),
        "cancel_rest": CancelForm(auto_id=f"cancel-rest-{pk}-%s"),
        "coming": queries.other_visits(patient, at, but=one.pk) if patient else [],
        "story": queries.story(one, agendas(request.practice.pk, every=True)),
        "panels": queries.hung_panels(one, request.staff),
        "cancel": CancelForm(initial={"version": one.version}, auto_id=f"cancel-{pk}-%s"),
        "note": NoteForm(initial={"note": one.note}, auto_id=f"note-{pk}-%s"),
        "may_book": request.staff.may("agenda.book"),
    }
    if request.GET.get("live"):
        return page(request, "agenda/_visit.html", context, zone=zone)
    return sheet(request, "agenda/appointment.html", context, zone=zone)


@require_http_methods(["GET", "POST"])
@door("agenda.book")
def move(request: Request, pk: int) -> HttpResponse:
    """Another place for a visit: fields, drag and drop and a choice of free times all post here."""
    one = get_object_or_404(queries.appointments(request.practice.pk), pk=pk)
    desk = Desk(agendas(request.practice.pk))
    if request.method == "GET":
        form = MoveForm(desk, initial=_asked(request, one), auto_id=f"move-{pk}-%s")
        return _move_sheet(request, one, form)
    form = MoveForm(desk, request.POST, auto_id=f"move-{pk}-%s")
    if not form.is_valid():
        return _move_sheet(request, one, form, status=422)
    minutes = form.cleaned_data["minutes"] or _minutes(one)
    at = clock.now()
    stood = before(one)
    try:
        starts_at = None
        starts_at = form.place()
        moved = actions.move(
            appointment=one, version=form.cleaned_data["version"], to=form.wanted_agenda,
            starts_at=starts_at, minutes=minutes, squeeze=form.squeezes,
            force=form.forces, by=request.staff, at=at,
        )  # fmt: skip
    except Refusal as refusal:
        ask = as_given(one, minutes, at)
        return refused.answer(request, refusal, form.wanted_agenda, starts_at, ask, ignoring=one.pk)
    return done(
        f"Rendez-vous déplacé : {_place(moved)}.",
        undo=ticket(moved, "move", **stood),
        appointmentMoved={"id": moved.pk, "version": moved.version},
        sheetClose={},
    )


@require_POST
@door("agenda.book")
def note(request: Request, pk: int) -> HttpResponse:
    """Write the note of a visit again."""
    one = get_object_or_404(queries.appointments(request.practice.pk), pk=pk)
    typed = must_be_valid(NoteForm(request.POST))
    write_note(appointment=one, by=request.staff, at=clock.now(), **typed)
    return done("Note gardée.")


@require_POST
@door("agenda.book")
def cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel a visit; « Annuler » in the notice gives it back."""
    one = get_object_or_404(queries.appointments(request.practice.pk), pk=pk)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return appointment(request, pk)
    typed = form.cleaned_data
    cancelled = actions.cancel(
        appointment=one, version=typed["version"], wanted_by=typed["wanted_by"],
        why=typed["why"], by=request.staff, at=clock.now(),
    )  # fmt: skip
    return done(
        f"Rendez-vous annulé : {_place(cancelled)}.",
        undo=ticket(cancelled, "cancel"),
        sheetClose={},
    )


@require_POST
@door("agenda.book")
def restore(request: Request, pk: int) -> HttpResponse:
    """Give a cancelled visit its time again, if it is still free."""
    one = get_object_or_404(queries.appointments(request.practice.pk), pk=pk)
    restored = actions.restore(appointment=one, by=request.staff, at=clock.now())
    return done(f"Rendez-vous rétabli : {_place(restored)}.", sheetClose={})


def _asked(request: Request, one: Appointment) -> dict[str, Any]:
    """Where the address wants it (drag and drop that was refused), else where it stands."""
    zone = one.agenda.site.time_zone
    local = clock.local(one.starts_at, zone).replace(tzinfo=None)
    with suppress(ValueError):
        local = datetime.fromisoformat(request.GET.get("at", "")).replace(tzinfo=None)
    minutes = request.GET.get("minutes", "")
    return {
        "agenda": request.GET.get("agenda") or one.agenda_id,
        "day": local.date(),
        "clock": local.time(),
        "minutes": int(minutes) if minutes.isdecimal() else _minutes(one),
        "version": one.version,
    }


def _move_sheet(
    request: Request, one: Appointment, form: MoveForm, status: int = 200
) -> HttpResponse:
    context = {"visit": one, "form": form, "asked": "at" in request.GET}
    zone = one.agenda.site.time_zone
    return sheet(request, "agenda/move.html", context, zone=zone, status=status)


def _minutes(one: Appointment) -> int:
    return round((one.ends_at - one.starts_at).total_seconds() / 60)


def _place(one: Appointment) -> str:
    """« lundi 23 novembre à 09:15, Dr Lefèvre »."""
    local = clock.local(one.starts_at, one.agenda.site.time_zone)
    return f"{day_words(local.date())} à {local:%H:%M}, {one.agenda.name}"
