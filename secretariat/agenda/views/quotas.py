"""How the day of one agenda is shared among reasons."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.agenda.actions import quotas as actions
from secretariat.agenda.queries import quotas as queries
from secretariat.agenda.queries import rules
from secretariat.agenda.queries.desk import DEFAULT_ZONE
from secretariat.agenda.queries.desk import agendas as every_agenda
from secretariat.agenda.quota_forms import QuotaForm
from secretariat.agenda.quota_words import quota_words
from secretariat.agenda.rule_forms import EndForm, must_be_valid
from secretariat.agenda.views.answers import done, page, sheet
from secretariat.core import clock
from secretariat.practice.doors import Request, door


@require_safe
@door("agenda.rules")
def quotas(request: Request) -> HttpResponse:
    """The quotas of one agenda; `part` answers the list alone."""
    known = every_agenda(request.practice.pk, every=True)
    wanted = request.GET.get("agenda")
    agenda = next((one for one in known if str(one.pk) == wanted), known[0] if known else None)
    context: dict[str, Any] = {"agendas": known, "agenda": agenda}
    if agenda is None:
        return page(request, "agenda/quotas.html", context, zone=DEFAULT_ZONE)
    zone = agenda.site.time_zone
    today = clock.local_date(clock.now(), zone)
    context |= {
        "today": today,
        "rows": queries.quotas(agenda, today),
        "form": QuotaForm(
            rules.reasons_of(agenda),
            initial={"from_date": today, "minutes": 15},
            auto_id="quota-%s",
        ),
    }
    part = "agenda/_quotas.html" if request.GET.get("part") else "agenda/quotas.html"
    return page(request, part, context, zone=zone)


@require_POST
@door("agenda.rules")
def set_quota(request: Request, pk: int) -> HttpResponse:
    """Add a quota to an agenda."""
    agenda = get_object_or_404(rules.agendas_of(request.practice.pk), pk=pk)
    typed = must_be_valid(QuotaForm(rules.reasons_of(agenda), request.POST))
    reasons = list(typed.pop("reasons"))
    actions.set_quota(agenda=agenda, reasons=reasons, by=request.staff, at=clock.now(), **typed)
    return done("Quota ajouté.", ruled={})


@require_http_methods(["GET", "POST"])
@door("agenda.rules")
def quota(request: Request, pk: int) -> HttpResponse:
    """A quota to change; it keeps its kind and its author."""
    one = get_object_or_404(queries.quotas_of(request.practice.pk), pk=pk)
    known = rules.reasons_of(one.agenda)
    if request.method == "GET":
        form = QuotaForm.changing(one, known, auto_id=f"quota-{pk}-%s")
        context = {"quota": one, "form": form, "words": quota_words(queries.spoken(one))}
        return sheet(request, "agenda/quota.html", context, zone=one.agenda.site.time_zone)
    typed = must_be_valid(QuotaForm.changing(one, known, request.POST))
    typed.pop("kind")
    actions.change_quota(
        quota=one, reasons=list(typed.pop("reasons")), by=request.staff, at=clock.now(), **typed
    )
    return done("Quota modifié.", ruled={}, sheetClose={})


@require_POST
@door("agenda.rules")
def end_quota(request: Request, pk: int) -> HttpResponse:
    """Let a quota end."""
    quota = get_object_or_404(queries.quotas_of(request.practice.pk), pk=pk)
    last_day = must_be_valid(EndForm(request.POST))["last_day"]
    left = actions.end_quota(quota=quota, last_day=last_day, by=request.staff, at=clock.now())
    return done("Quota arrêté." if left else "Quota supprimé.", ruled={})
