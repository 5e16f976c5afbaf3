"""Settings: what patients are told of their visits, and when they are reminded."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from secretariat.agenda import telling
from secretariat.agenda.actions import reminding
from secretariat.agenda.models import VisitReason
from secretariat.agenda.queries import reasons, reminders
from secretariat.agenda.queries.desk import DEFAULT_ZONE
from secretariat.agenda.reminder_forms import AnnouncingForm, RemindersForm
from secretariat.agenda.rule_forms import must_be_valid
from secretariat.agenda.views.answers import done, page
from secretariat.core import clock
from secretariat.practice.doors import Request, door


@require_safe
@door("agenda.rules")
def announcing(request: Request) -> HttpResponse:
    """Confirmation, reminders, links; `part` answers the list alone."""
    practice_id = request.practice.pk
    rules = telling.rules_of(practice_id)
    known = _reasons(practice_id)
    context: dict[str, Any] = {
        "lines": reminders.in_words(practice_id, known),
        "rules_form": AnnouncingForm(
            initial={
                "confirm": rules.confirm,
                "patients_move": rules.patients_move,
                "cancel_hours": rules.cancel_hours,
            },
            auto_id="told-%s",
        ),
        "form": RemindersForm(known, initial={"at_time": time(10)}, auto_id="reminder-%s"),
    }
    part = "agenda/_reminders.html" if request.GET.get("part") else "agenda/announcing.html"
    return page(request, part, context, zone=DEFAULT_ZONE)


@require_POST
@door("agenda.rules")
def set_announcing(request: Request) -> HttpResponse:
    """Confirmations, and what a link allows."""
    typed = must_be_valid(AnnouncingForm(request.POST))
    reminding.set_announcing(**typed, by=request.staff, at=clock.now())
    return done("C’est noté.", ruled={})


@require_POST
@door("agenda.rules")
def set_reminders(request: Request) -> HttpResponse:
    """When visits are reminded, for all reasons or for one."""
    typed = must_be_valid(RemindersForm(_reasons(request.practice.pk), request.POST))
    reminding.set_reminders(
        reason=typed["chosen"], whens=typed["whens"], silent=typed["silent"],
        by=request.staff, at=clock.now(),
    )  # fmt: skip
    return done("Rappels réglés.", ruled={})


def _reasons(practice_id: int) -> list[VisitReason]:
    """Those that are given today."""
    known = reasons.visit_reasons(practice_id).filter(active=True)
    return list(known.order_by("position", "name"))
