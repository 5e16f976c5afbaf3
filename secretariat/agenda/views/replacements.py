"""Locums: who stands in for whom, until when."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from secretariat.agenda.actions import replacements as actions
from secretariat.agenda.models import Agenda, VisitReason
from secretariat.agenda.queries import reasons, rules
from secretariat.agenda.queries import replacements as queries
from secretariat.agenda.queries.desk import DEFAULT_ZONE
from secretariat.agenda.replacement_forms import LimitsForm, ReplacementForm
from secretariat.agenda.rule_forms import EndForm, must_be_valid
from secretariat.agenda.views.answers import done, page
from secretariat.core import clock
from secretariat.practice import actions as practice
from secretariat.practice.doors import Request, door
from secretariat.practice.models import Practitioner


@require_safe
@door("agenda.rules")
def replacements(request: Request) -> HttpResponse:
    """The replacements in force or to come; `part` answers the list alone."""
    today = clock.local_date(clock.now(), DEFAULT_ZONE)
    rows = queries.coming(request.practice.pk, today)
    context = {"rows": rows, "today": today, "reasons": _given(request)}
    if request.GET.get("part"):
        return page(request, "agenda/_replacements.html", context, zone=DEFAULT_ZONE)
    context["form"] = _form(request, auto_id="locum-%s")
    return page(request, "agenda/replacements.html", context, zone=DEFAULT_ZONE)


@require_POST
@door("agenda.rules")
def replace(request: Request) -> HttpResponse:
    """Let a locum hold an agenda; says which visits given they will not take."""
    typed = must_be_valid(_form(request, request.POST))
    at = clock.now()
    agenda = get_object_or_404(rules.agendas_of(request.practice.pk), pk=typed["agenda"])
    with transaction.atomic():
        stand_in = actions.replace(
            agenda=agenda,
            practitioner=typed["practitioner"] or _newcomer(request, agenda, typed),
            from_date=typed["from_date"],
            to_date=typed["to_date"],
            not_taken=list(typed["not_taken"]),
            most_per_half_day=typed["most_per_half_day"],
            by=request.staff,
            at=at,
        )
    return done(f"Remplacement noté.{_hit(stand_in)}", ruled={})


@require_POST
@door("agenda.rules")
def limit(request: Request, pk: int) -> HttpResponse:
    """Change what a locum takes; says which visits given they will not take."""
    one = get_object_or_404(queries.replacements_of(request.practice.pk), pk=pk, cancelled_at=None)
    typed = must_be_valid(LimitsForm(_given(request), request.POST))
    stand_in = actions.limit(
        replacement=one, not_taken=list(typed["not_taken"]),
        most_per_half_day=typed["most_per_half_day"], by=request.staff, at=clock.now(),
    )  # fmt: skip
    return done(f"Limites du remplaçant changées.{_hit(stand_in)}", ruled={})


@require_POST
@door("agenda.rules")
def end(request: Request, pk: int) -> HttpResponse:
    """Let a locum leave earlier, or not come."""
    one = get_object_or_404(queries.replacements_of(request.practice.pk), pk=pk)
    last_day = must_be_valid(EndForm(request.POST))["last_day"]
    ended = actions.end_replacement(
        replacement=one, last_day=last_day, by=request.staff, at=clock.now()
    )
    return done("Remplacement annulé." if ended.cancelled_at else "Remplacement écourté.", ruled={})


def _hit(stand_in: actions.StandIn) -> str:
    count = len(stand_in.hit)
    return f" {count} rendez-vous déjà donnés sont de motifs qui lui restent." if count else ""


def _given(request: Request) -> QuerySet[VisitReason]:
    given = reasons.visit_reasons(request.practice.pk).filter(active=True)
    return given.order_by("position", "name")


def _form(request: Request, *args: Any, **kwargs: Any) -> ReplacementForm:
    pk = request.practice.pk
    agendas = rules.agendas_of(pk).filter(active=True).order_by("position", "name")
    who = queries.practitioners_of(pk)
    return ReplacementForm(agendas, who, _given(request), *args, **kwargs)


def _newcomer(request: Request, agenda: Agenda, typed: dict[str, Any]) -> Practitioner:
    """A locum who never came: of the same speciality as who they replace."""
    return practice.add_practitioner(
        practice=request.practice, family_name=typed["family_name"],
        given_name=typed["given_name"], speciality=agenda.practitioner.speciality,
        by=request.staff, at=clock.now(),
    )  # fmt: skip
