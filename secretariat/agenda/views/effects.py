"""What a change of hours would do, shown while it is typed: nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from secretariat.agenda.actions import openings, quotas
from secretariat.agenda.models import Agenda
from secretariat.agenda.queries import effects
from secretariat.agenda.queries import quotas as quota_queries
from secretariat.agenda.queries import reasons as reason_queries
from secretariat.agenda.queries import rules as queries
from secretariat.agenda.queries.desk import DEFAULT_ZONE, agendas
from secretariat.agenda.queries.reason_effect import of_a_reason
from secretariat.agenda.quota_forms import QuotaForm
from secretariat.agenda.reason_forms import ReasonForm
from secretariat.agenda.rule_forms import EndForm, ExceptionForm, RuleForm
from secretariat.agenda.views.answers import page
from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.practice.doors import Request, door

QUOTA = "agenda/_quota_effect.html"


@require_safe
@door("agenda.rules")
def of_rule(request: Request, pk: int) -> HttpResponse:
    """What adding weekly hours would do."""
    agenda = get_object_or_404(queries.agendas_of(request.practice.pk), pk=pk)
    form = RuleForm(queries.reasons_of(agenda), request.GET)
    if not form.is_valid():
        return _shown(request, agenda, None)
    typed = dict(form.cleaned_data)
    days, reasons = typed.pop("weekdays"), list(typed.pop("reasons"))

    def look(today: date) -> effects.Preview:
        rules = [openings.rule_from(agenda=agenda, weekday=day, **typed) for day in days]
        for rule in rules:
            openings.check_rule(rule, reasons)
        return effects.of_new_rules(agenda, rules, reasons, today)

    return _shown(request, agenda, look)


@require_safe
@door("agenda.rules")
def of_end(request: Request, pk: int) -> HttpResponse:
    """What ending weekly hours would do."""
    rule = get_object_or_404(queries.rules_of(request.practice.pk), pk=pk)
    form = EndForm(request.GET)
    if not form.is_valid():
        return _shown(request, rule.agenda, None)
    last_day = form.cleaned_data["last_day"]
    return _shown(request, rule.agenda, lambda today: effects.of_an_end(rule, last_day, today))


@require_safe
@door("agenda.rules")
def of_day(request: Request, pk: int) -> HttpResponse:
    """What letting a day differ would do."""
    agenda = get_object_or_404(queries.agendas_of(request.practice.pk), pk=pk)
    form = ExceptionForm(request.GET)
    if not form.is_valid():
        return _shown(request, agenda, None)

    def look(today: date) -> effects.Preview:
        exception = openings.exception_from(agenda=agenda, **form.cleaned_data)
        openings.check_exception(exception)
        return effects.of_a_day(exception, today)

    return _shown(request, agenda, look)


@require_safe
@door("agenda.rules")
def of_removal(request: Request, pk: int) -> HttpResponse:
    """What letting a day be like the others would do."""
    exception = get_object_or_404(queries.exceptions_of(request.practice.pk), pk=pk)
    return _shown(
        request, exception.agenda, lambda today: effects.of_a_day_as_usual(exception, today)
    )


@require_safe
@door("agenda.rules")
def of_quota(request: Request, pk: int) -> HttpResponse:
    """What adding a quota would keep and hide."""
    agenda = get_object_or_404(queries.agendas_of(request.practice.pk), pk=pk)
    form = QuotaForm(queries.reasons_of(agenda), request.GET)
    if not form.is_valid():
        return _shown(request, agenda, None)
    typed = dict(form.cleaned_data)
    reasons = list(typed.pop("reasons"))

    def look(_: date) -> effects.QuotaPreview:
        quota = quotas.quota_from(agenda=agenda, **typed)
        quotas.check_quota(quota, reasons)
        return effects.of_a_quota(quota, reasons, clock.now())

    return _shown(request, agenda, look, QUOTA)


@require_safe
@door("agenda.rules")
def of_quota_change(request: Request, pk: int) -> HttpResponse:
    """What letting a quota say something else would keep, hide and give back."""
    quota = get_object_or_404(quota_queries.quotas_of(request.practice.pk), pk=pk)
    form = QuotaForm.changing(quota, queries.reasons_of(quota.agenda), request.GET)
    if not form.is_valid():
        return _shown(request, quota.agenda, None)
    typed = dict(form.cleaned_data)
    reasons = list(typed.pop("reasons"))

    def look(_: date) -> effects.QuotaPreview:
        will = quotas.quota_from(agenda=quota.agenda, **typed)
        quotas.check_quota(will, reasons)
        return effects.of_a_changed_quota(quota, will, reasons, clock.now())

    return _shown(request, quota.agenda, look, QUOTA)


@require_safe
@door("agenda.rules")
def of_quota_end(request: Request, pk: int) -> HttpResponse:
    """What ending a quota would give back."""
    quota = get_object_or_404(quota_queries.quotas_of(request.practice.pk), pk=pk)
    form = EndForm(request.GET)
    if not form.is_valid():
        return _shown(request, quota.agenda, None)
    since = form.cleaned_data["last_day"] + timedelta(days=1)
    reasons = [one.reason for one in quota.reasons.select_related("reason")]
    return _shown(
        request, quota.agenda,
        lambda _: effects.of_a_quota(quota, reasons, clock.now(), since=since), QUOTA,
    )  # fmt: skip


@require_safe
@door("agenda.rules")
def of_reason(request: Request, pk: int) -> HttpResponse:
    """What changing a visit reason would hide, free and leave outside."""
    one = get_object_or_404(reason_queries.visit_reasons(request.practice.pk), pk=pk)
    known = agendas(request.practice.pk)
    form = ReasonForm(known, list(reason_queries.resources(request.practice.pk)), request.GET)
    zone = known[0].site.time_zone if known else DEFAULT_ZONE
    context: dict[str, Any] = {}
    if form.is_valid():
        offers = {agenda.pk: form.offered_in(agenda) for agenda in known}
        try:
            context["preview"] = of_a_reason(
                one, known, clock.now(), own=form.own(), needs=form.needed(),
                offers={pk: own for pk, own in offers.items() if own is not None},
            )  # fmt: skip
        except Refusal as refusal:
            context["refused"] = refusal.sentence
    return page(request, "agenda/_reason_effect.html", context, zone=zone)


def _shown(
    request: Request,
    agenda: Agenda,
    look: Callable[[date], effects.Preview | effects.QuotaPreview] | None,
    template: str = "agenda/_effect.html",
) -> HttpResponse:
    """The effect; or why it would be refused; or nothing while the form is not whole."""
    zone = agenda.site.time_zone
    context: dict[str, Any] = {}
    if look is not None:
        try:
            context["preview"] = look(clock.local_date(clock.now(), zone))
        except Refusal as refusal:
            context["refused"] = refusal.sentence
    return page(request, template, context, zone=zone)
