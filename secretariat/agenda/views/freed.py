"""A time to propose: who fits, to whom it was proposed, what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.agenda import typed_time
from secretariat.agenda.actions import accepting, offering
from secretariat.agenda.local_time import moment_of
from secretariat.agenda.models import Agenda, FreedTime, Waiting, WaitingOffer
from secretariat.agenda.queries import waiting as queries
from secretariat.agenda.queries.desk import agendas
from secretariat.agenda.queries.waiting import line
from secretariat.agenda.queries.waiting_fits import Fitting, Place, fits
from secretariat.agenda.views.answers import done, sheet
from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.patients.reaching import shown_phone
from secretariat.practice.doors import Request, door

SHOWN = 30
"""How many patients the short list shows."""
LENGTH = timedelta(minutes=15)
"""Of a time chosen in the grid, until a patient's own length is known."""
STATES = {
    "open": ("hourglass", "info"), "accepted": ("check", "good"), "refused": ("x", ""),
    "no_answer": ("phone-off", "warn"), "expired": ("clock-off", ""),
    "unreached": ("message-circle-x", "warn"), "taken": ("user-check", ""),
}  # fmt: skip


@require_safe
@door("agenda.book")
def freed(request: Request, pk: int) -> HttpResponse:
    """The sheet of a freed time."""
    one = get_object_or_404(queries.one_freed(request.practice.pk), pk=pk)
    return _sheet(request, one)


@require_http_methods(["GET", "POST"])
@door("agenda.book")
def chosen_time(request: Request) -> HttpResponse:
    """Who could come at a free time of the grid; posted, the time is proposed.

    Address: `agenda`, `at` (local, or exact with its offset), `minutes`.
    """
    agenda, starts_at, ends_at = _chosen(request)
    if request.method == "GET":
        return _chosen_sheet(request, agenda, starts_at, ends_at)
    one = offering.choose_time(
        agenda=agenda, starts_at=starts_at, ends_at=ends_at, by=request.staff, at=clock.now()
    )
    if request.POST.get("how") == "message":
        return _written(request, one)
    return _sheet(request, _again(request, one.pk))


@require_POST
@door("agenda.book")
def write_to(request: Request, pk: int) -> HttpResponse:
    """Propose it by message to the first who fit, or to one of them."""
    one = get_object_or_404(queries.one_freed(request.practice.pk), pk=pk)
    return _written(request, one)


@require_POST
@door("agenda.book")
def keep(request: Request, pk: int) -> HttpResponse:
    """Hold it while patients are called."""
    one = get_object_or_404(queries.one_freed(request.practice.pk), pk=pk)
    kept = accepting.keep_while_calling(freed=one, by=request.staff, at=clock.now())
    if not kept:
        return done("Un autre poste tient ce créneau.")
    return _sheet(request, _again(request, pk))


@require_POST
@door("agenda.book")
def called(request: Request, pk: int, waiting: int) -> HttpResponse:
    """What a patient said on the telephone."""
    one = get_object_or_404(queries.one_freed(request.practice.pk), pk=pk)
    who = get_object_or_404(queries.one_waiting(request.practice.pk), pk=waiting)
    answer = request.POST.get("answer", "")
    if answer not in {"accepted", "refused", "no_answer"}:
        raise BadInput("Dites ce qu’a répondu le patient : pris, refusé, ne répond pas.")
    offer = accepting.by_phone(
        freed=one, waiting=who, answer=answer, by=request.staff, at=clock.now()
    )
    if offer.state == WaitingOffer.State.ACCEPTED:
        return done(f"Créneau donné à {who.patient}.", sheetClose={})
    return _sheet(request, _again(request, pk))


@require_POST
@door("agenda.book")
def leave_free(request: Request, pk: int) -> HttpResponse:
    """Propose it to nobody any more."""
    one = get_object_or_404(queries.one_freed(request.practice.pk), pk=pk)
    offering.leave_free(freed=one, by=request.staff, at=clock.now())
    return done("Créneau laissé libre.", sheetClose={})


@require_POST
@door("agenda.book")
def leave_all_free(request: Request) -> HttpResponse:
    """Propose several to nobody: those that someone was asked about meanwhile stay."""
    keys = [int(one) for one in request.POST.getlist("freed") if one.isdecimal() and len(one) < 19]
    found = queries.one_freed(request.practice.pk).filter(pk__in=keys[: queries.PAGE])
    left = offering.leave_all_free(freed=list(found), by=request.staff, at=clock.now())
    if not left:
        return done("Ces créneaux ont été proposés ou donnés entre-temps.")
    return done(
        f"{left} créneaux laissés libres." if left > 1 else "Créneau laissé libre.", sheetClose={}
    )


def _written(request: Request, one: FreedTime) -> HttpResponse:
    text = request.POST.get("only", "")
    offering.write_to(
        freed=one, by=request.staff, at=clock.now(),
        only=[int(text)] if text.isdecimal() and len(text) < 19 else (),
    )  # fmt: skip
    return _sheet(request, _again(request, one.pk))


def _again(request: Request, pk: int) -> FreedTime:
    return queries.one_freed(request.practice.pk).get(pk=pk)


def _sheet(request: Request, one: FreedTime) -> HttpResponse:
    at, zone = clock.now(), one.agenda.site.time_zone
    offers = queries.offers_of(one)
    going = one.closed_at is None and one.starts_at > at
    found = fits(offering.place_of(one), at)[:SHOWN] if going else []
    context = {
        "freed": one,
        "offers": [(offer, *STATES[offer.state]) for offer in offers],
        "people": _people(found, at, zone),
        "called": _phones([offer.waiting for offer in offers]),
        "going": going,
        "awaited": [offer for offer in offers if offer.state == "open"],
        "starts_at": one.starts_at, "ends_at": one.ends_at, "agenda": one.agenda,
    }  # fmt: skip
    return sheet(request, "agenda/waiting_freed.html", context, zone=zone)


def _chosen_sheet(
    request: Request, agenda: Agenda, starts_at: datetime, ends_at: datetime
) -> HttpResponse:
    at, zone = clock.now(), agenda.site.time_zone
    found = fits(Place(agenda, starts_at, ends_at), at)[:SHOWN] if starts_at > at else []
    context = {
        "people": _people(found, at, zone), "agenda": agenda, "starts_at": starts_at,
        "ends_at": ends_at, "going": True, "post_to": request.get_full_path(),
    }  # fmt: skip
    return sheet(request, "agenda/waiting_freed.html", context, zone=zone)


def _people(found: list[Fitting], at: datetime, zone: str) -> list[dict[str, Any]]:
    """Those who fit, with their numbers and whether they may be written to."""
    patients = {one.waiting.patient_id for one in found}
    may, phones = queries.writable(patients), queries.phones_of(patients)
    return [
        {
            "line": line(one.waiting, at, zone),
            "starts_at": moment_of(one.fit.start),
            "minutes": one.fit.wait.minutes,
            "writable": one.waiting.patient_id in may,
            "phones": [
                (value, shown_phone(value)) for value in phones.get(one.waiting.patient_id, [])[:2]
            ],
        }
        for one in found
    ]


def _phones(waiting: list[Waiting]) -> dict[int, list[tuple[str, str]]]:
    found = queries.phones_of({one.patient_id for one in waiting})
    return {pk: [(one, shown_phone(one)) for one in some] for pk, some in found.items()}


def _chosen(request: Request) -> tuple[Agenda, datetime, datetime]:
    def said(name: str) -> str:
        return request.POST.get(name) or request.GET.get(name, "")

    keys = [said("agenda")]
    found = [one for one in agendas(request.practice.pk, wanted=keys) if str(one.pk) in keys]
    if not found:
        raise Http404
    agenda, text = found[0], said("at")
    starts_at = typed_time.exact(text)
    if starts_at is None:
        try:
            local = datetime.fromisoformat(text)
        except ValueError as error:
            raise Http404 from error
        starts_at = typed_time.moment(local.date(), local.time(), agenda.site.time_zone)
    minutes = said("minutes")
    whole = minutes.isdecimal() and 0 < int(minutes[:4]) <= 480
    length = timedelta(minutes=int(minutes)) if whole else LENGTH
    return agenda, starts_at, starts_at + length
