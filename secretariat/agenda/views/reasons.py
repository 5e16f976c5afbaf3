"""The reasons for a visit: their list, and the sheet of one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from secretariat.agenda.actions import reasons as actions
from secretariat.agenda.models import VisitReason
from secretariat.agenda.queries import rules as queries
from secretariat.agenda.queries.desk import DEFAULT_ZONE, agendas
from secretariat.agenda.rule_forms import ReasonForm, must_be_valid
from secretariat.agenda.views.answers import done, page, sheet
from secretariat.core import clock
from secretariat.practice.doors import Request, door


@require_safe
@door("agenda.rules")
def reasons(request: Request) -> HttpResponse:
    """Every reason, with its length and the agendas that offer it."""
    context = {"rows": queries.reasons(request.practice.pk)}
    part = "agenda/_reasons.html" if request.GET.get("part") else "agenda/reasons.html"
    return page(request, part, context, zone=DEFAULT_ZONE)


@require_http_methods(["GET", "POST"])
@door("agenda.rules")
def new_reason(request: Request) -> HttpResponse:
    """A reason to add."""
    known = agendas(request.practice.pk)
    if request.method == "GET":
        initial = {f"offered_{one.pk}": True for one in known} | {"minutes": 15}
        form = ReasonForm(known, initial=initial, auto_id="new-reason-%s")
        return _sheet(request, form, None)
    form = ReasonForm(known, request.POST)
    must_be_valid(form)
    with transaction.atomic():
        own = form.own()
        own.pop("active")
        reason = actions.add_reason(by=request.staff, at=clock.now(), **own)
        _offer(request, form, reason)
    return done(f"Motif ajouté : {reason.name}.", ruled={}, sheetClose={})


@require_http_methods(["GET", "POST"])
@door("agenda.rules")
def reason(request: Request, pk: int) -> HttpResponse:
    """A reason to change; visits already given keep their length."""
    one = get_object_or_404(queries.visit_reasons(request.practice.pk), pk=pk)
    known = agendas(request.practice.pk)
    if request.method == "GET":
        form = ReasonForm(known, initial=_as_it_is(one), auto_id=f"reason-{pk}-%s")
        return _sheet(request, form, one)
    form = ReasonForm(known, request.POST)
    must_be_valid(form)
    with transaction.atomic():
        changed = actions.change_reason(reason=one, by=request.staff, at=clock.now(), **form.own())
        _offer(request, form, changed)
    return done(f"Motif modifié : {changed.name}.", ruled={}, sheetClose={})


def _sheet(request: Request, form: ReasonForm, one: VisitReason | None) -> HttpResponse:
    context = {"form": form, "reason": one}
    return sheet(request, "agenda/reason.html", context, zone=DEFAULT_ZONE)


def _as_it_is(one: VisitReason) -> dict[str, Any]:
    initial: dict[str, Any] = {
        name: getattr(one, name)
        for name in (
            "name", "minutes", "kind", "colour", "instructions", "bookable_by_remote",
            "bookable_by_patient", "active",
        )
    }  # fmt: skip
    for agenda, minutes in queries.offers(one).items():
        initial |= {f"offered_{agenda}": True, f"minutes_{agenda}": minutes}
    return initial


def _offer(request: Request, form: ReasonForm, reason: VisitReason) -> None:
    """Offer the reason where it is ticked, withdraw it elsewhere; what did not change is left."""
    before = queries.offers(reason)
    by, at = request.staff, clock.now()
    for agenda in form.agendas:
        wanted = form.cleaned_data[f"offered_{agenda.pk}"]
        minutes = form.cleaned_data[f"minutes_{agenda.pk}"]
        if wanted and before.get(agenda.pk, -1) != minutes:
            actions.offer(agenda=agenda, reason=reason, minutes=minutes, by=by, at=at)
        elif not wanted and agenda.pk in before:
            actions.withdraw(agenda=agenda, reason=reason, by=by, at=at)
