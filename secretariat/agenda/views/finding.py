"""« Trouver un créneau »: the first free times of several agendas, chosen by keyboard."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from secretariat.agenda import loading
from secretariat.agenda.facts import Ask
from secretariat.agenda.models import Appointment, VisitReason
from secretariat.agenda.proposals import PartOfDay
from secretariat.agenda.queries import visit
from secretariat.agenda.queries.desk import Desk, desk, may_give
from secretariat.agenda.queries.find import Proposals, free_times, last_day_searched
from secretariat.agenda.views.answers import day_asked, sheet
from secretariat.core import clock
from secretariat.patients.models import Patient
from secretariat.practice.doors import Request, door

PARTS = [
    (PartOfDay.ANY, "Toute la journée"),
    (PartOfDay.MORNING, "Matin"),
    (PartOfDay.AFTERNOON, "Après-midi"),
    (PartOfDay.EVENING, "Après 17 h"),
]


@require_safe
@door("agenda.book")
def find(request: Request) -> HttpResponse:
    """Free times for a reason.

    Address: `reason`, `agenda` (several, none means any), `from`, `part` of the day, `patient`;
    with a patient each time is a button that books, otherwise a link to the booking sheet.
    `bare` answers the panel without its sheet, for another room's.
    """
    choices = desk(request.practice.pk)
    at = clock.now()
    today = clock.local_date(at, choices.zone)
    first = max(day_asked(request, today, "from"), today)
    given = [reason for reason in choices.reasons if may_give(reason, request.staff)]
    reason = _reason(given, request.GET.get("reason"))
    part = _part(request.GET.get("part", ""))
    pk = request.GET.get("patient", "")
    patient = visit.patient(request.practice.pk, int(pk)) if pk.isdecimal() else None
    asks = _asks(choices, reason, patient, at)
    found = _found(request, choices, asks, first, part) if asks else []
    context: dict[str, Any] = {
        "reasons": given,
        "reason": reason,
        "agendas": choices.agendas,
        "wanted": choices.agenda(request.GET.get("agenda")),
        "first": first,
        "part": part.value,
        "parts": [(one.value, label) for one, label in PARTS],
        "patient": patient,
        "found": found,
        "visit": _moving(request),
        "next_from": found[-1].day + timedelta(days=1) if found else first,
        "further": last_day_searched(first) + timedelta(days=1),
        "last": last_day_searched(first),
        "token": uuid.uuid4(),
        "fiche": request.GET.get("fiche", ""),
        # An id that starts with a digit could not be aimed at by htmx.
        "name": f"find-{slugify(request.GET.get('fiche', ''))}",
    }
    if request.GET.get("bare"):
        context["layout"] = "ui/sheet_alone.html"
        context["bare"] = True
    return sheet(request, "agenda/find.html", context, zone=choices.zone)


def _found(
    request: Request, choices: Desk, asks: Mapping[int, Ask], first: date, part: PartOfDay
) -> list[Proposals]:
    wanted = choices.agenda(request.GET.get("agenda"))
    where = [wanted] if wanted else choices.agendas
    reason_id = next((ask.reason for ask in asks.values()), 0)
    whose = loading.Whose(clock.now(), request.staff.pk, reason_id)
    return free_times(where, asks, first, part, whose)


def _asks(
    choices: Desk, reason: VisitReason | None, patient: Patient | None, at: datetime
) -> dict[int, Ask]:
    """The visit wanted, in each agenda where the reason is offered."""
    if reason is None:
        return {}
    wheelchair = bool(patient and patient.needs_wheelchair)
    return {
        pk: loading.ask(reason, minutes, at=at, wheelchair=wheelchair)
        for pk, minutes in choices.lengths_for(reason, patient).items()
    }


def _moving(request: Request) -> Appointment | None:
    """The visit for which another time is looked for, if any."""
    pk = request.GET.get("visit", "")
    if not pk.isdecimal():
        return None
    return visit.appointments(request.practice.pk).filter(pk=pk, cancelled_at=None).first()


def _reason(given: Iterable[VisitReason], wanted: str | None) -> VisitReason | None:
    return next((one for one in given if str(one.pk) == wanted), None)


def _part(text: str) -> PartOfDay:
    try:
        return PartOfDay(text)
    except ValueError:
        return PartOfDay.ANY
