"""What a patient sees and does by the link of a message about visits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.agenda.actions import by_patient
from secretariat.agenda.announcements import PURPOSE
from secretariat.agenda.queries import by_link as queries
from secretariat.agenda.queries import documents
from secretariat.agenda.queries.by_link import LinkedVisit
from secretariat.agenda.views.documents import as_pdf
from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.notices import actions as notices
from secretariat.notices.by_link import Linked, by_link
from secretariat.notices.models import Notice

_DIGITS = 10
"""Of the numbers that our own pages write."""


@require_safe
@by_link(PURPOSE)
def visits(request: Linked, token: str) -> HttpResponse:
    """Day, hour and place of each visit that the message told, and what can be done."""
    shown = queries.visits(request.notices, clock.now())
    return render(request, "agenda/link_visits.html", {"visits": shown, "token": token})


@require_safe
@by_link(PURPOSE)
def document(request: Linked, token: str, pk: int) -> HttpResponse:
    """A document that its author lets leave, of a visit that this message told and that stands."""
    shown = queries.visits(request.notices, clock.now())
    wanted = any(pk in one.documents for one in shown)
    content = documents.content_of(pk, "link") if wanted else None
    if content is None:
        raise Http404
    return as_pdf(content, f'attachment; filename="{documents.NAME}"')


@require_POST
@by_link(PURPOSE)
def confirm(request: Linked, token: str, pk: int) -> HttpResponse:
    """« Je viendrai »."""
    one, at = _one(request, pk), clock.now()
    by_patient.confirm(appointment=one.visit, version=_version(request), by=request.staff, at=at)
    _answered(request, one, Notice.Answer.CONFIRMED, at)
    return redirect("by_link:visits", token)


@require_POST
@by_link(PURPOSE)
def cancel(request: Linked, token: str, pk: int) -> HttpResponse:
    """« J’annule », within the practice's limit."""
    one, at = _one(request, pk), clock.now()
    by_patient.give_up(appointment=one.visit, version=_version(request), by=request.staff, at=at)
    _answered(request, one, Notice.Answer.CANCELLED, at)
    return redirect("by_link:visits", token)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(PURPOSE)
def another(request: Linked, token: str, pk: int) -> HttpResponse:
    """Another time: the true free ones, or a call back when the practice wants to speak first."""
    one, at = _one(request, pk), clock.now()
    if request.method == "POST":
        return _take(request, token, one, at)
    after = request.GET.get("after", "")
    ahead = min(int(after), 365) if after.isdecimal() and len(after) < _DIGITS else 0
    found = (
        queries.other_times(one.visit, by=request.staff, at=at, days_from=ahead)
        if one.may_take
        else None
    )
    context: dict[str, Any] = {"one": one, "found": found, "token": token}
    if found and found.days:
        today = clock.local_date(at, one.visit.agenda.site.time_zone)
        context["after"] = (found.days[-1].day - today).days + 1
    return render(request, "agenda/link_times.html", context)


def _take(request: Linked, token: str, one: LinkedVisit, at: datetime) -> HttpResponse:
    if not one.may_take:
        notices.ask_another(notice=one.notice, wanted="", by=request.staff, at=at)
        return redirect("by_link:visits", token)
    by_patient.take(
        appointment=one.visit, version=_version(request), starts_at=_moment(request),
        by=request.staff, at=at,
    )  # fmt: skip
    _answered(request, one, Notice.Answer.OTHER, at)
    return redirect("by_link:visits", token)


def _one(request: Linked, pk: int) -> LinkedVisit:
    """The visit `pk` among those of the message; any other is as absent."""
    shown = queries.visits(request.notices, clock.now())
    found = next((one for one in shown if one.visit.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _answered(request: Linked, one: LinkedVisit, answer: str, at: datetime) -> None:
    notices.answer(notice=one.notice, answer=answer, by=request.staff, at=at)


def _version(request: Linked) -> int:
    text = request.POST.get("version", "")
    if not text.isdecimal() or len(text) >= _DIGITS:
        raise BadInput("Cette page est incomplète : ouvrez de nouveau le lien du message.")
    return int(text)


def _moment(request: Linked) -> datetime:
    try:
        moment = datetime.fromisoformat(request.POST.get("at", "").partition("@")[2])
    except ValueError as error:
        raise BadInput("Choisissez une heure de la liste.") from error
    if moment.tzinfo is None:
        raise BadInput("Choisissez une heure de la liste.")
    return moment
