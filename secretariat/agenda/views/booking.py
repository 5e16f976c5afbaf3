"""Give a time: the booking sheet, and « pourquoi pas ? »."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from secretariat.agenda import actions, loading
from secretariat.agenda.actions.moving import as_given
from secretariat.agenda.facts import Ask
from secretariat.agenda.forms import BookForm, PlaceForm
from secretariat.agenda.models import Appointment
from secretariat.agenda.queries import visit
from secretariat.agenda.queries.desk import Desk, desk
from secretariat.agenda.queries.find import reason_of_refusal
from secretariat.agenda.refused_words import day_words
from secretariat.agenda.typed_time import exact
from secretariat.agenda.views import refused
from secretariat.agenda.views.answers import done, sheet
from secretariat.agenda.views.undoing import ticket
from secretariat.agenda.wishes import Wish
from secretariat.core import clock
from secretariat.core.idempotency import once
from secretariat.core.refusal import Refusal
from secretariat.patients.models import Patient
from secretariat.patients.queries.rows import row
from secretariat.practice.doors import Request, door


@require_http_methods(["GET", "POST"])
@door("agenda.book")
def book(request: Request) -> HttpResponse:
    """The booking sheet. Posted, it gives the time and says `appointmentBooked` to the page.

    `keep` in the form leaves the sheet open: the call sheet books without closing itself.
    """
    # An id that starts with a digit could not be aimed at by htmx.
    name = f"book-{slugify(request.GET.get('fiche', ''))}"
    if request.method == "GET":
        choices = desk(request.practice.pk)
        form = BookForm(
            choices, request.staff, initial=_asked(request, choices), auto_id=f"{name}-%s"
        )
        return _sheet(request, choices, form)
    # The agenda named is enough to give a time; a form sent back offers them all again.
    choices = desk(request.practice.pk, wanted=_named(request))
    form = BookForm(choices, request.staff, request.POST, auto_id=f"{name}-%s")
    if not form.is_valid():
        choices = desk(request.practice.pk)
        form = BookForm(choices, request.staff, request.POST, auto_id=f"{name}-%s")
        return _sheet(request, choices, form, status=422)
    written: list[Appointment] = []

    def give(moment: datetime) -> str:
        written.append(_give(request, form, moment))
        return str(written[0].pk)

    try:
        starts_at = None
        starts_at = form.place()
        reference, new = once(
            token=str(form.cleaned_data["form_token"]),
            user_id=request.staff.user_id,
            at=clock.now(),
            work=lambda: give(starts_at),
        )
    except Refusal as refusal:
        ask = _ask(request, form)
        return refused.answer(request, refusal, form.wanted_agenda, starts_at, ask)
    given = written[0] if new else visit.placed(request.practice.pk, int(reference))
    return _given(request, given, new=new)


@require_safe
@door("agenda.book")
def why(request: Request) -> HttpResponse:
    """« Pourquoi pas ? »: the rule that refuses this time and its author, or that it is free."""
    choices = desk(request.practice.pk)
    form = PlaceForm(choices, request.GET)
    if not form.is_valid():
        return HttpResponse(status=204)
    agenda = form.wanted_agenda
    minutes = form.cleaned_data["minutes"] or _usual_minutes(request, choices, agenda.pk)
    try:
        starts_at = form.place()
    except Refusal as refusal:
        context: dict[str, Any] = {"refusal": refusal}
        if both := refusal.facts.get("both"):
            context["nearest"] = refused.times_in_words(both, agenda)
        return render(request, "agenda/_refused.html", context)
    at = clock.now()
    moving = _moving(request)
    ask = (
        as_given(moving, minutes, at)
        if moving
        else loading.ask(choices.reason(request.GET.get("reason")), minutes, at=at)
    )
    wish = Wish(agenda, starts_at, ask, request.staff, at, ignoring=moving.pk if moving else None)
    found = reason_of_refusal(wish)
    if found is None:
        return render(request, "agenda/_free.html", {"minutes": minutes})
    context = {"refusal": found, **refused.ways_out(request, found, agenda, starts_at)}
    return render(request, "agenda/_refused.html", context)


def _named(request: Request) -> list[str]:
    """The agendas that the form names: the one chosen, and that of a time proposed instead."""
    proposed = (request.POST.get(name, "") for name in ("instead", "squeeze", "force"))
    return [request.POST.get("agenda", ""), *(text.partition("@")[0] for text in proposed)]


def _moving(request: Request) -> Appointment | None:
    """The visit for which another place is looked for, if any."""
    pk = request.GET.get("visit", "")
    visits = visit.appointments(request.practice.pk)
    return visits.filter(pk=pk).first() if pk.isdecimal() else None


def _ask(request: Request, form: BookForm) -> Ask | None:
    """The visit that was refused, to look for another time; None while its length is unknown."""
    minutes = form.length(visit.patient(request.practice.pk, form.cleaned_data["patient"]))
    return loading.ask(form.wanted_reason, minutes, at=clock.now()) if minutes else None


def _asked(request: Request, choices: Desk) -> dict[str, Any]:
    """What the address says of the time wanted: `at` is a day, local, or exact with its offset."""
    zone = choices.zone
    agenda = choices.agenda(request.GET.get("agenda")) or next(iter(choices.agendas), None)
    if agenda:
        zone = agenda.site.time_zone
    text = request.GET.get("at", "")
    if moment := exact(text):
        local = clock.local(moment, zone)
    else:
        local = _local(text) or clock.local(clock.now(), zone)
    asked: dict[str, Any] = {
        "agenda": agenda.pk if agenda else None,
        "day": local.date(),
        # A day alone is no hour: it would read as midnight, closed.
        "clock": local.time() if "T" in text else None,
        "patient": request.GET.get("patient", ""),
        "reason": request.GET.get("reason", ""),
        "minutes": request.GET.get("minutes", ""),
    }
    return asked


def _local(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _sheet(request: Request, choices: Desk, form: BookForm, status: int = 200) -> HttpResponse:
    pk = str(form["patient"].value() or "")
    patient = visit.patient(request.practice.pk, int(pk)) if pk.isdecimal() else None
    agenda = choices.agenda(form["agenda"].value())
    today = clock.local_date(clock.now(), choices.zone)
    context = {
        "form": form,
        "lengths": json.dumps(choices.table()),
        "patient": patient,
        "chosen": row(patient, today) if patient else None,
        "coming": visit.other_visits(patient, clock.now()) if patient else [],
        "agenda": agenda,
        "draft": request.GET.get("fiche", ""),
    }
    return sheet(request, "agenda/book.html", context, zone=choices.zone, status=status)


def _give(request: Request, form: BookForm, starts_at: datetime) -> Appointment:
    typed = form.cleaned_data
    patient: Patient | None = None
    if typed["patient"]:
        patient = visit.patient(request.practice.pk, typed["patient"])
        if patient is None:
            raise Http404
    return actions.book(
        agenda=form.wanted_agenda,
        patient=patient,
        reason=form.wanted_reason,
        starts_at=starts_at,
        minutes=typed["minutes"],
        title=typed["title"],
        note=typed["note"],
        squeeze=form.squeezes,
        force=form.forces,
        sheet=str(typed["form_token"]),
        by=request.staff,
        at=clock.now(),
    )


def _given(request: Request, given: Appointment, *, new: bool) -> HttpResponse:
    zone = given.agenda.site.time_zone
    local = clock.local(given.starts_at, zone)
    label = f"{day_words(local.date())} à {local:%H:%M}, {given.agenda.name}"
    text = f"Rendez-vous donné : {label}." if new else f"Déjà enregistré : {label}."
    events: dict[str, Any] = {"appointmentBooked": {"id": given.pk, "label": label}}
    if not request.POST.get("keep"):
        events["sheetClose"] = {}
    return done(text, undo=ticket(given, "book"), **events)


def _usual_minutes(request: Request, choices: Desk, agenda_id: int) -> int:
    """The length of the reason for who comes, else the shortest that may be given there."""
    reason = choices.reason(request.GET.get("reason"))
    if reason and (agenda_id, reason.pk) in choices.minutes:
        pk = request.GET.get("patient", "")
        patient = visit.patient(request.practice.pk, int(pk) if pk.isdecimal() else None)
        return choices.lengths_for(reason, patient)[agenda_id]
    lengths = [length for (agenda, _), length in choices.minutes.items() if agenda == agenda_id]
    return min(lengths, default=5)
