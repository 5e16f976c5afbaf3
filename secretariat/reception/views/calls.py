"""« Appels »: the sheets, the promises, the messages."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from secretariat.agenda.models import Appointment
from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.patients.access import patient_for
from secretariat.patients.models import Patient
from secretariat.patients.reaching import shown_phone
from secretariat.practice.doors import Request, door
from secretariat.practice.queries import practitioners
from secretariat.reception import actions, call_queries
from secretariat.reception.actions.calls import JOTTED, may_settle
from secretariat.reception.forms import CallForm
from secretariat.reception.models import Call
from secretariat.reception.views.answers import changed, day_asked, zone_of

# What ends a call, in the order of the keys.
OUTCOMES = [
    ("booked", "Donné"),
    ("moved", "Déplacé"),
    ("cancelled", "Annulé"),
    ("message", "Message"),
    ("informed", "Renseigné"),
    ("transferred", "Transféré"),
    ("emergency", "Vers le 15"),
    ("nothing", "Sans suite"),
]


@require_safe
@door("reception.work")
def calls(request: Request) -> HttpResponse:
    """What was promised, what is open, and the calls of a day."""
    zone, at = zone_of(request), clock.now()
    today = clock.local_date(at, zone)
    day = day_asked(request.GET.get("date", ""), today)
    context = {
        "day": day,
        "today": today,
        "at": at,
        "open_calls": call_queries.still_open(request.practice.pk),
        "to_settle": call_queries.to_settle(request.practice.pk),
        "calls": call_queries.of_day(request.practice.pk, day, zone),
    }
    part = "#lists" if request.GET.get("part") == "lists" else ""
    with timezone.override(zone):
        return render(request, f"reception/calls.html{part}", context)


@require_safe
@door("reception.work")
def new_call(request: Request) -> HttpResponse:
    """A sheet to fill while the caller talks; the same name finds the same sheet again.

    `patient`, `phone` and `request` in the address fill a sheet that is not begun.
    """
    name = request.GET.get("fiche", "")
    sheet = uuid5(NAMESPACE_OID, f"{request.staff.pk}/{name}") if name else uuid4()
    call = call_queries.by_sheet(request.practice.pk, sheet)
    return _sheet(request, sheet, call, _prefilled(request))


def _prefilled(request: Request) -> dict[str, Any]:
    """What another screen knows already of the call about to be made."""
    pk = request.GET.get("patient", "")
    found = call_queries.patient(request.practice.pk, int(pk)) if _a_key(pk) else None
    return {
        "caller_phone": shown_phone(request.GET.get("phone", "")[:20]),
        "patient": found.pk if found else None,
        "named": str(found or ""),
        "request": request.GET.get("request", "")[: JOTTED["request"]],
    }


def _a_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) < 2**63


@require_safe
@door("reception.work")
def call(request: Request, pk: int) -> HttpResponse:
    """A call that was written down."""
    found = get_object_or_404(call_queries.calls(request.practice.pk), pk=pk)
    return _sheet(request, found.sheet, found)


@require_safe
@door("reception.work")
def card(request: Request) -> HttpResponse:
    """Who the call is about: household, next visits, what may be said."""
    pk = request.GET.get("patient", "")
    if not pk.isdecimal():
        return render(request, "reception/_card.html", {"sheet": request.GET.get("sheet", "")})
    at = clock.now()
    patient = patient_for(request.staff, int(pk), at=at, screen="Fiche d’appel")
    context = {
        "card": call_queries.card(patient, at),
        "sheet": request.GET.get("sheet", ""),
        "today": clock.local_date(at, zone_of(request)),
    }
    with timezone.override(zone_of(request)):
        return render(request, "reception/_card.html", context)


@require_safe
@door("reception.work")
def caller(request: Request) -> HttpResponse:
    """Who is known under the number typed."""
    form = CallForm(request.GET, doctors=[])
    form.is_valid()
    known = call_queries.known_by(request.practice.pk, form.cleaned_data.get("caller_phone", ""))
    return render(request, "reception/_known.html", {"known": known})


@require_POST
@door("reception.work")
def jot(request: Request, sheet: UUID) -> HttpResponse:
    """Keep what is typed, at each pause."""
    form = _form(request)
    if not form.is_valid():
        return HttpResponse(status=422)
    known = call_queries.by_sheet(request.practice.pk, sheet)
    if known is not None and known.closed_at is not None and _says(known, form):
        return HttpResponse(status=204)  # a pause that arrives after its own outcome
    kept = _kept(request, sheet, form)
    return render(request, "reception/_version.html", {"call": kept})


@require_POST
@door("reception.work")
def outcome(request: Request, sheet: UUID) -> HttpResponse:
    """Hang up with an outcome."""
    form = _form(request)
    if not form.is_valid():
        raise BadInput("Donnez une issue à cet appel avant de raccrocher.")
    at = clock.now()
    if not form.cleaned_data["outcome"]:
        raise BadInput("Donnez une issue à cet appel avant de raccrocher.")
    known = call_queries.by_sheet(request.practice.pk, sheet)
    if known is not None and known.closed_at is not None:  # sent twice
        return changed("Appel déjà noté.", sheetClose={})
    kept = _kept(request, sheet, form)
    visit = form.cleaned_data["appointment"]
    closed = actions.close(
        call=kept,
        version=kept.version,
        outcome=form.cleaned_data["outcome"],
        appointment=get_object_or_404(Appointment, pk=visit) if visit else None,
        message_for=form.doctor(),
        call_back_by=form.promise(at, zone_of(request)),
        by=request.staff,
        at=at,
    )
    undo = reverse("reception:reopen", args=[closed.pk])
    return changed(f"Appel noté : {closed.get_outcome_display().lower()}.", undo, sheetClose={})


@require_POST
@door("reception.read")
def settle(request: Request, pk: int) -> HttpResponse:
    """Called back, or dealt with; a doctor settles the messages addressed to them."""
    found = _to_settle(request, pk)
    actions.promise_kept(call=found, by=request.staff, at=clock.now())
    return changed("C’est fait, retiré de la liste.", reverse("reception:reopen", args=[pk]))


@require_POST
@door("reception.read")
def reopen(request: Request, pk: int) -> HttpResponse:
    """Undo the closing or the settling."""
    found = _to_settle(request, pk)
    actions.reopen(call=found, by=request.staff, at=clock.now())
    return changed("Appel rouvert.")


def _sheet(
    request: Request, sheet: UUID, found: Call | None, initial: dict[str, Any] | None = None
) -> HttpResponse:
    zone = zone_of(request)
    initial = initial or {}
    named = initial.pop("named", "")
    prefilled = bool(named)  # a number to ring: the keyboard stays on the list that asked
    if found is not None:
        names = ("caller_name", "request", "message", "version")
        initial = {name: getattr(found, name) for name in names}
        initial |= {
            "caller_phone": found.shown_phone,
            "patient": found.patient_id,
            "message_for": found.message_for_id,
        }
        named = str(found.patient or "")
    form = CallForm(
        initial=initial, doctors=practitioners(request.practice.pk), auto_id=f"call-{sheet}-%s"
    )
    alone = bool(request.headers.get("HX-Request"))
    context = {
        "layout": "ui/sheet_alone.html" if alone else "ui/sheet_page.html",
        "form": form,
        "sheet": sheet,
        "named": named,
        "prefilled": prefilled,
        "call": found,
        "closed": found is not None and found.closed_at is not None,
        "outcomes": OUTCOMES,
        "at": found.started_at if found else clock.now(),
        "address": reverse("reception:call", args=[found.pk]) if found else request.get_full_path(),
    }
    with timezone.override(zone):
        return render(request, "reception/call.html", context)


def _to_settle(request: Request, pk: int) -> Call:
    found = get_object_or_404(Call, pk=pk)
    if not may_settle(found, request.staff):
        raise Http404
    return found


def _form(request: Request) -> CallForm:
    return CallForm(request.POST, doctors=practitioners(request.practice.pk))


def _says(call: Call, form: CallForm) -> bool:
    """Whether the call holds every word of the form already."""
    words = form.words()
    return all(getattr(call, name) == value for name, value in words.items())


def _kept(request: Request, sheet: UUID, form: CallForm) -> Call:
    """The call of this sheet with what is typed so far; made at its first words."""
    at = clock.now()
    found = actions.answer(by=request.staff, at=at, sheet=sheet)
    pk = form.cleaned_data["patient"]
    patient = get_object_or_404(Patient, pk=pk) if pk else None
    version = form.cleaned_data["version"] or found.version
    return actions.jot(
        call=found,
        version=version,
        by=request.staff,
        at=at,
        patient=patient,
        unknown=request.POST.get("patient") == "",
        **form.words(),
    )
