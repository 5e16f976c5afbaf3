"""Chains of reasons, and what weighs when times are proposed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.agenda.actions import protocols as actions
from secretariat.agenda.actions.ranking import set_ranking as write_ranking
from secretariat.agenda.protocol_forms import WEIGHTS, ProtocolForm, RankingForm
from secretariat.agenda.queries import protocols as queries
from secretariat.agenda.queries.desk import DEFAULT_ZONE
from secretariat.agenda.queries.reasons import visit_reasons
from secretariat.agenda.rule_forms import must_be_valid
from secretariat.agenda.views.answers import done, page, sheet
from secretariat.core import clock
from secretariat.practice.doors import Request, door


@require_safe
@door("agenda.rules")
def protocols(request: Request) -> HttpResponse:
    """Every chain, and the order of proposals."""
    context: dict[str, Any] = {"rows": queries.protocols(request.practice.pk)}
    if request.GET.get("part"):
        return page(request, "agenda/_protocols.html", context, zone=DEFAULT_ZONE)
    weights = queries.ranking(request.practice.pk)
    context["ranking"] = weights
    context["form"] = RankingForm(
        initial={name: getattr(weights, name) for name in WEIGHTS}, auto_id="ranking-%s"
    )
    return page(request, "agenda/protocols.html", context, zone=DEFAULT_ZONE)


@require_http_methods(["GET", "POST"])
@door("agenda.rules")
def new_protocol(request: Request) -> HttpResponse:
    """A chain to add."""
    if request.method == "GET":
        context = {"form": _form(request, auto_id="new-protocol-%s")}
        return sheet(request, "agenda/protocol.html", context, zone=DEFAULT_ZONE)
    form = _form(request, request.POST)
    name = must_be_valid(form)["name"]
    added = actions.add_protocol(name=name, steps=form.steps(), by=request.staff, at=clock.now())
    return done(f"Enchaînement ajouté : {added.name}.", ruled={}, sheetClose={})


@require_http_methods(["GET", "POST"])
@door("agenda.rules")
def protocol(request: Request, pk: int) -> HttpResponse:
    """A chain to change."""
    one = get_object_or_404(queries.protocols_of(request.practice.pk), pk=pk)
    if request.method == "GET":
        initial = {"name": one.name, "active": one.active}
        initial |= ProtocolForm.as_it_is(list(one.steps.all()))
        context = {
            "form": _form(request, initial=initial, auto_id=f"protocol-{pk}-%s"),
            "protocol": one,
        }
        return sheet(request, "agenda/protocol.html", context, zone=DEFAULT_ZONE)
    form = _form(request, request.POST)
    typed = must_be_valid(form)
    changed = actions.change_protocol(
        protocol=one, name=typed["name"], active=typed["active"], steps=form.steps(),
        by=request.staff, at=clock.now(),
    )  # fmt: skip
    return done(f"Enchaînement modifié : {changed.name}.", ruled={}, sheetClose={})


@require_POST
@door("agenda.rules")
def set_ranking(request: Request) -> HttpResponse:
    """Say what weighs."""
    typed = must_be_valid(RankingForm(request.POST))
    write_ranking(by=request.staff, at=clock.now(), **typed)
    return done("Ordre des propositions enregistré.", ruled={})


def _form(request: Request, *args: Any, **kwargs: Any) -> ProtocolForm:
    reasons = visit_reasons(request.practice.pk).filter(active=True).order_by("position", "name")
    return ProtocolForm(list(reasons), *args, **kwargs)
