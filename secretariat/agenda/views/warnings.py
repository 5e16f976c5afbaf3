"""« À savoir »: what to know of a patient, a reason and a time before it is given."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from secretariat.agenda import typed_time
from secretariat.agenda.forms import LONGEST_MINUTES, YEARS
from secretariat.agenda.models import Agenda
from secretariat.agenda.queries import visit
from secretariat.agenda.queries.desk import DEFAULT_ZONE, agendas
from secretariat.agenda.queries.warnings import Choice, known_warnings, patient, reason
from secretariat.agenda.warnings import Warned
from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.practice.doors import Request, door

BIGGEST_KEY = 2**63 - 1
MOST_DAYS = 31
MOST = 8
"""Visits of which it is told together."""


class ChoiceForm(forms.Form):
    """What is chosen so far: what is missing or cannot be read is simply not chosen."""

    patient = forms.IntegerField(min_value=1, max_value=BIGGEST_KEY)
    reason = forms.IntegerField(min_value=1, max_value=BIGGEST_KEY)
    agenda = forms.IntegerField(min_value=1, max_value=BIGGEST_KEY)
    visit = forms.IntegerField(min_value=1, max_value=BIGGEST_KEY)
    day = forms.DateField()
    clock = forms.TimeField()
    minutes = forms.IntegerField(min_value=1, max_value=LONGEST_MINUTES)


@require_safe
@door("agenda.book")
def warnings(request: Request) -> HttpResponse:
    """Lines that warn and never refuse, then what to tell the caller.

    Address: fields of the booking sheet; `visit` is the visit being moved; `shown`, the days of the
    times proposed while none is chosen; `bare` leaves out what to tell, where it stands already.
    `of`, once a visit, asks for several: « patient.reason ».
    """
    if several := request.GET.getlist("of"):
        return render(request, "agenda/_warnings.html", {"warned": _of_all(request, several)})
    form = ChoiceForm(request.GET)
    form.is_valid()
    choice = _choice(request, form.cleaned_data)
    context = {
        "warned": known_warnings(choice, request.staff, clock.now()),
        "reason": None if request.GET.get("bare") else choice.reason,
    }
    return render(request, "agenda/_warnings.html", context)


def _of_all(request: Request, several: Sequence[str]) -> list[Warned]:
    """What to know of visits given together, each thing once; of a family, of whom it is said."""
    told: dict[str, Warned] = {}
    family = len({one.partition(".")[0] for one in several}) > 1
    for text in several[:MOST]:
        who, _, why = text.partition(".")
        form = ChoiceForm({"patient": who, "reason": why})
        form.is_valid()
        choice = _choice(request, form.cleaned_data)
        name = f"{choice.patient.shown_given_name} : " if family and choice.patient else ""
        for line in known_warnings(choice, request.staff, clock.now()):
            words = f"{name}{line.words}"
            told.setdefault(words, line._replace(words=words))
    return list(told.values())


def _choice(request: Request, typed: dict[str, Any]) -> Choice:
    practice_id = request.practice.pk
    moving = None
    if pk := typed.get("visit"):
        moving = visit.appointments(practice_id).filter(pk=pk).first()
    wanted = typed.get("agenda")
    found = agendas(practice_id, every=True, wanted=[str(wanted)]) if wanted else []
    agenda = found[0] if found else None
    day = typed.get("day")
    return Choice(
        patient=patient(practice_id, moving.patient_id if moving else typed.get("patient")),
        reason=reason(practice_id, moving.reason_id if moving else typed.get("reason"), agenda),
        agenda=agenda,
        day=day if day and day.year in YEARS[1:-1] else None,
        starts_at=_moment(agenda, day, typed.get("clock")),
        minutes=typed.get("minutes"),
        days=_days(request.GET.getlist("shown")),
        moving=moving.pk if moving else None,
        zone=agenda.site.time_zone if agenda else DEFAULT_ZONE,
    )


def _days(typed: list[str]) -> list[date]:
    """The days of the times proposed: a search shows a few, and they are ours."""
    field = ChoiceForm.base_fields["day"]
    found = []
    for text in typed[:MOST_DAYS]:
        with suppress(forms.ValidationError):
            found.append(field.clean(text))
    return [day for day in found if day.year in YEARS[1:-1]]


def _moment(agenda: Agenda | None, day: date | None, hour: time | None) -> datetime | None:
    """When exactly, once the day and the hour are there and the clock shows them once."""
    if agenda is None or day is None or hour is None or day.year not in YEARS[1:-1]:
        return None
    try:
        return typed_time.moment(day, hour, agenda.site.time_zone)
    except BadInput:
        return None
