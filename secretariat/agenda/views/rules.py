"""The settings of an agenda: weekly hours, days that differ, absences."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from secretariat.agenda.actions import absences, agendas, openings
from secretariat.agenda.queries import replacements
from secretariat.agenda.queries import rules as queries
from secretariat.agenda.queries.desk import DEFAULT_ZONE
from secretariat.agenda.queries.desk import agendas as every_agenda
from secretariat.agenda.rule_forms import (
    AbsenceForm,
    AgendaForm,
    EndForm,
    ExceptionForm,
    RuleForm,
    must_be_valid,
)
from secretariat.agenda.views.answers import done, page, sheet
from secretariat.agenda.views.outside import done_and_left, left_outside
from secretariat.core import clock
from secretariat.practice.doors import Request, door

PARTS = {"openings", "exceptions", "absences"}


@require_safe
@door("agenda.rules")
def settings(request: Request) -> HttpResponse:
    """Everything that opens and closes one agenda; `part` answers one of its lists alone."""
    known = every_agenda(request.practice.pk, every=True)
    wanted = request.GET.get("agenda")
    agenda = next((one for one in known if str(one.pk) == wanted), known[0] if known else None)
    context: dict[str, Any] = {"agendas": known, "agenda": agenda}
    places = [
        (f"{person.pk}-{site.pk}", f"{person} · {site}")
        for person, site in queries.without_agenda(request.practice.pk)
    ]
    if places:
        context["open_form"] = AgendaForm(places)
    if agenda is None:
        return page(request, "agenda/settings.html", context, zone=DEFAULT_ZONE)
    zone = agenda.site.time_zone
    at = clock.now()
    today = clock.local_date(at, zone)
    context |= {
        "today": today,
        "week": queries.week(agenda, today),
        "exceptions": queries.exceptions(agenda, today),
        "absences": queries.absences(agenda, at),
        "locums": replacements.coming(agenda.practice_id, today, agenda),
        "holidays": queries.holidays(agenda.site, today),
        "rule_form": RuleForm(
            queries.reasons_of(agenda), initial={"from_date": today}, auto_id="rule-%s"
        ),
        "exception_form": ExceptionForm(auto_id="exception-%s"),
        "absence_form": AbsenceForm(auto_id="absence-%s"),
    }
    part = request.GET.get("part", "")
    name = f"agenda/_{part}.html" if part in PARTS else "agenda/settings.html"
    return page(request, name, context, zone=zone)


@require_POST
@door("agenda.rules")
def set_rule(request: Request, pk: int) -> HttpResponse:
    """Open an agenda each week, on every day ticked or on none."""
    agenda = get_object_or_404(queries.agendas_of(request.practice.pk), pk=pk)
    typed = must_be_valid(RuleForm(queries.reasons_of(agenda), request.POST))
    days = typed.pop("weekdays")
    now = clock.now()

    def write() -> None:
        for weekday in days:
            openings.set_rule(agenda=agenda, weekday=weekday, by=request.staff, at=now, **typed)

    with transaction.atomic():
        left = left_outside([agenda], now, write)
    protected = typed["kind"] == "protected"
    text = "Plage protégée ajoutée." if protected else "Horaires ajoutés."
    return done_and_left(text, left, ruled={})


@require_POST
@door("agenda.rules")
def end_rule(request: Request, pk: int) -> HttpResponse:
    """Let a weekly opening end."""
    rule = get_object_or_404(queries.rules_of(request.practice.pk), pk=pk)
    last_day = must_be_valid(EndForm(request.POST))["last_day"]
    now, kept = clock.now(), last_day >= rule.from_date
    left = left_outside(
        [rule.agenda], now,
        lambda: openings.end_rule(rule=rule, last_day=last_day, by=request.staff, at=now),
    )  # fmt: skip
    return done_and_left("Horaire arrêté." if kept else "Horaire supprimé.", left, ruled={})


@require_POST
@door("agenda.rules")
def add_exception(request: Request, pk: int) -> HttpResponse:
    """Say that one day differs; visits left outside the hours are told."""
    agenda = get_object_or_404(queries.agendas_of(request.practice.pk), pk=pk)
    typed, now = must_be_valid(ExceptionForm(request.POST)), clock.now()
    left = left_outside(
        [agenda], now,
        lambda: openings.add_exception(agenda=agenda, by=request.staff, at=now, **typed),
    )  # fmt: skip
    return done_and_left("Jour particulier ajouté.", left, ruled={})


@require_POST
@door("agenda.rules")
def remove_exception(request: Request, pk: int) -> HttpResponse:
    """Let a day be like the others."""
    exception = get_object_or_404(queries.exceptions_of(request.practice.pk), pk=pk)
    now = clock.now()
    left = left_outside(
        [exception.agenda], now,
        lambda: openings.remove_exception(exception=exception, by=request.staff, at=now),
    )  # fmt: skip
    return done_and_left("Ce jour suit de nouveau les horaires habituels.", left, ruled={})


@require_POST
@door("agenda.rules")
def absent(request: Request, pk: int) -> HttpResponse:
    """Close an agenda for a time; says how many visits must be replanned."""
    agenda = get_object_or_404(queries.agendas_of(request.practice.pk), pk=pk)
    form = AbsenceForm(request.POST)
    typed = must_be_valid(form)
    starts_at, ends_at = form.span(agenda.site.time_zone)
    away = absences.absent(
        agenda=agenda, starts_at=starts_at, ends_at=ends_at, label=typed["label"],
        of_locum=typed["of_locum"], by=request.staff, at=clock.now(),
    )  # fmt: skip
    count = len(away.hit)
    words = f"{count} rendez-vous à replacer" if count else "aucun rendez-vous touché"
    events: dict[str, Any] = {"ruled": {}}
    if count:
        events["openSheet"] = {
            "url": reverse("agenda:absence", args=[away.absence.pk]),
            "title": f"Absence : {count} rendez-vous",
            "icon": "beach",
        }
    undo = reverse("agenda:cancel_absence", args=[away.absence.pk])
    return done(f"Absence notée : {words}.", undo=undo, **events)


@require_safe
@door("agenda.rules")
def absence(request: Request, pk: int) -> HttpResponse:
    """An absence and the visits that stand in it."""
    one = get_object_or_404(queries.absences_of(request.practice.pk), pk=pk)
    context = {
        "absence": one,
        "hit": queries.visits_hit(one),
        "words": queries.absence_words(one, one.agenda),
    }
    return sheet(request, "agenda/absence.html", context, zone=one.agenda.site.time_zone)


@require_POST
@door("agenda.rules")
def cancel_absence(request: Request, pk: int) -> HttpResponse:
    """The practitioner is there after all."""
    one = get_object_or_404(queries.absences_of(request.practice.pk), pk=pk)
    absences.cancel_absence(absence=one, by=request.staff, at=clock.now())
    return done("Absence annulée.", ruled={})


@require_POST
@door("agenda.rules")
def open_agenda(request: Request) -> HttpResponse:
    """Open the agenda of a practitioner at a site, closed all week until hours are set."""
    pairs = {
        f"{person.pk}-{site.pk}": (person, site)
        for person, site in queries.without_agenda(request.practice.pk)
    }
    form = AgendaForm([(key, key) for key in pairs], request.POST)
    practitioner, site = pairs[must_be_valid(form)["place"]]
    opened = agendas.open_agenda(
        practitioner=practitioner, site=site, by=request.staff, at=clock.now()
    )
    return HttpResponseClientRedirect(f"{reverse('agenda:settings')}?agenda={opened.pk}")
