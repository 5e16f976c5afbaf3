"""« Trouver un créneau »: the first free times of several agendas, chosen by keyboard."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from secretariat.agenda import loading
from secretariat.agenda.models import Appointment, VisitReason
from secretariat.agenda.proposals import EVERY_DAY, PartOfDay, Suits
from secretariat.agenda.queries import visit
from secretariat.agenda.queries.desk import Desk, desk, may_give
from secretariat.agenda.queries.find import Found, Search, free_times, last_day_searched, weights
from secretariat.agenda.views.answers import LAST_DAY, day_asked, sheet
from secretariat.core import clock
from secretariat.core.day_names import DAYS
from secretariat.core.options import Option
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
    """Free times for a reason: three to say first, then the days that follow.

    Address: `reason`, `agenda` (none means any), `from` and `until` days, `part` of the day, `on`
    (weekdays, 0 is Monday; none means any), `patient`; with a patient each time is a button that
    books, otherwise a link to the booking sheet. `bare` answers the panel without its sheet, for
    another room's.
    """
    choices = desk(request.practice.pk)
    given = [reason for reason in choices.reasons if may_give(reason, request.staff)]
    asked = _Asked.read(request, choices, given)
    found = Found()
    if asked.reason:
        whose = loading.Whose(asked.at, request.staff.pk, asked.reason.pk)
        found = free_times(_search(request, choices, asked, asked.reason), whose)
    context: dict[str, Any] = {
        "reason": asked.reason,
        "wanted": choices.agenda(request.GET.get("agenda")),
        "first": asked.first,
        "suits": asked.suits,
        **_options(request, choices, given, asked),
        "patient": asked.patient,
        "found": found.days,
        "best": found.best,
        "visit": _moving(request),
        "steps": steps(request, choices, asked, found),
        "last": last_day_searched(asked.first),
        "token": uuid.uuid4(),
        "fiche": request.GET.get("fiche", ""),
        # An id that starts with a digit could not be aimed at by htmx.
        "name": f"find-{slugify(request.GET.get('fiche', ''))}",
    }
    if request.GET.get("bare"):
        context["layout"] = "ui/sheet_alone.html"
        context["bare"] = True
    return sheet(request, "agenda/find.html", context, zone=choices.zone)


def _options(
    request: Request, choices: Desk, given: Iterable[VisitReason], asked: _Asked
) -> dict[str, Any]:
    """What the form lets one choose, with what was chosen."""
    wanted = request.GET.get("agenda")
    kept = asked.suits.weekdays if asked.suits.weekdays != EVERY_DAY else ()
    return {
        "reasons": [
            Option(str(one.pk), f"{one.name} · {one.minutes} min", one == asked.reason)
            for one in given
        ],
        "agendas": [
            Option(key, f"{one.name} · {one.practitioner.speciality}", key == wanted)
            for one in choices.agendas
            for key in [str(one.pk)]
        ],
        "parts": [Option(one.value, label, one is asked.suits.part) for one, label in PARTS],
        "weekdays": [(str(n), name, n in kept) for n, name in enumerate(DAYS)],
    }


@dataclass(frozen=True)
class _Asked:
    """What the address asks for, as far as it can be understood."""

    reason: VisitReason | None
    patient: Patient | None
    first: date
    suits: Suits
    at: datetime
    today: date

    @classmethod
    def read(cls, request: Request, choices: Desk, given: Iterable[VisitReason]) -> _Asked:
        at = clock.now()
        today = clock.local_date(at, choices.zone)
        first = max(day_asked(request, today, "from"), today)
        pk = request.GET.get("patient", "")
        patient = visit.patient(request.practice.pk, int(pk)) if pk.isdecimal() else None
        reason = _reason(given, request.GET.get("reason"))
        return cls(reason, patient, first, _suits(request), at, today)


def _search(request: Request, choices: Desk, asked: _Asked, reason: VisitReason) -> Search:
    wanted = choices.agenda(request.GET.get("agenda"))
    patient = asked.patient
    wheelchair = bool(patient and patient.needs_wheelchair)
    return Search(
        agendas=[wanted] if wanted else choices.agendas,
        asks={
            pk: loading.ask(reason, minutes, at=asked.at, wheelchair=wheelchair)
            for pk, minutes in choices.lengths_for(reason, patient).items()
        },
        first_day=asked.first,
        suits=asked.suits,
        usual=patient.usual_practitioner_id if patient else None,
        within_days=reason.within_days,
        weights=weights(request.practice.pk),
        shortest=min(choices.minutes.values(), default=5),
    )


def steps(request: Request, choices: Desk, asked: _Asked, found: Found) -> dict[str, str]:
    """The addresses of the same search a step away: weeks, parts of the day, other doctors."""
    first, today = asked.first, asked.today
    shown = {"from": first.isoformat()}
    week = timedelta(days=7)
    further = found.days[-1].day + timedelta(days=1) if found.days else last_day_searched(first)
    part = [one for one, _ in PARTS].index(asked.suits.part)
    agendas = ["", *(str(agenda.pk) for agenda in choices.agendas)]
    wanted = request.GET.get("agenda", "")
    here = agendas.index(wanted) if wanted in agendas else 0
    changes = {
        "further": {"from": further.isoformat()},
        "after": {"from": (first + week).isoformat()},
        "before": {"from": max(first - week, today).isoformat()} if first > today else {},
        "sooner": {"part": PARTS[part - 1][0].value} if part else {},
        "later": {"part": PARTS[part + 1][0].value} if part + 1 < len(PARTS) else {},
        "other": {"agenda": agendas[(here + 1) % len(agendas)]},
    }
    return {name: _address(request, shown | new) for name, new in changes.items() if new}


def _address(request: Request, changes: dict[str, str]) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}"


def _suits(request: Request) -> Suits:
    named = {text for text in request.GET.getlist("on") if text in {str(n) for n in range(7)}}
    weekdays = frozenset(int(text) for text in named) or EVERY_DAY
    until = day_asked(request, LAST_DAY, "until") if request.GET.get("until") else None
    return Suits(_part(request.GET.get("part", "")), weekdays, until)


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
