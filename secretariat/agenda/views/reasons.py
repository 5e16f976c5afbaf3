"""The reasons for a visit: their list, and the sheet of one."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from secretariat.agenda.actions import reasons as actions
from secretariat.agenda.models import VisitReason
from secretariat.agenda.queries import reasons as queries
from secretariat.agenda.queries.desk import DEFAULT_ZONE, agendas
from secretariat.agenda.reason_forms import NEEDS, OWN, ReasonForm
from secretariat.agenda.rule_forms import must_be_valid
from secretariat.agenda.views.answers import done, page, sheet
from secretariat.agenda.views.outside import done_and_left, left_outside
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
    if request.method == "GET":
        known = agendas(request.practice.pk)
        initial = {f"offered_{one.pk}": True for one in known} | {"minutes": 15}
        form = _form(request, initial=initial, auto_id="new-reason-%s")
        return _sheet(request, form, None)
    form = _form(request, request.POST)
    must_be_valid(form)
    with transaction.atomic():
        own = form.own()
        own.pop("active")
        reason = actions.add_reason(by=request.staff, at=clock.now(), **own)
        _take_and_offer(request, form, reason)
    return done(f"Motif ajouté : {reason.name}.", ruled={}, sheetClose={})


@require_http_methods(["GET", "POST"])
@door("agenda.rules")
def reason(request: Request, pk: int) -> HttpResponse:
    """A reason to change; visits already given keep their length."""
    one = get_object_or_404(queries.visit_reasons(request.practice.pk), pk=pk)
    if request.method == "GET":
        form = _form(request, initial=_as_it_is(one), auto_id=f"reason-{pk}-%s")
        return _sheet(request, form, one)
    form = _form(request, request.POST)
    must_be_valid(form)
    now = clock.now()

    def write() -> None:
        changed = actions.change_reason(reason=one, by=request.staff, at=now, **form.own())
        _take_and_offer(request, form, changed)

    with transaction.atomic():
        left = left_outside(agendas(request.practice.pk), now, write)
    name = form.cleaned_data["name"]
    return done_and_left(f"Motif modifié : {name}.", left, ruled={}, sheetClose={})


def _form(request: Request, *args: Any, **kwargs: Any) -> ReasonForm:
    practice = request.practice.pk
    return ReasonForm(agendas(practice), list(queries.resources(practice)), *args, **kwargs)


def _sheet(request: Request, form: ReasonForm, one: VisitReason | None) -> HttpResponse:
    context = {"form": form, "reason": one}
    return sheet(request, "agenda/reason.html", context, zone=DEFAULT_ZONE)


def _as_it_is(one: VisitReason) -> dict[str, Any]:
    initial: dict[str, Any] = {name: getattr(one, name) for name in OWN}
    for agenda, (minutes, first) in queries.offers(one).items():
        initial |= {
            f"offered_{agenda}": True, f"minutes_{agenda}": minutes, f"first_{agenda}": first
        }  # fmt: skip
    return initial | dict(zip(NEEDS, queries.needs(one), strict=False))


def _take_and_offer(request: Request, form: ReasonForm, reason: VisitReason) -> None:
    """Rooms and agendas as they are ticked; what did not change is left, and not noted."""
    by, at = request.staff, clock.now()
    needed = form.needed()
    wanted = [sorted(one.pk for one in group) for group in needed if group]
    if wanted != [sorted(group) for group in queries.needs(reason)]:
        actions.set_needs(reason=reason, needs=needed, by=by, at=at)
    before = queries.offers(reason)
    for agenda in form.agendas:
        own = form.offered_in(agenda)
        if own is None and agenda.pk in before:
            actions.withdraw(agenda=agenda, reason=reason, by=by, at=at)
        elif own is not None and before.get(agenda.pk) != own:
            minutes, first = own
            actions.offer(
                agenda=agenda, reason=reason, minutes=minutes, first_minutes=first, by=by, at=at
            )
