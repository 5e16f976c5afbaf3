"""« Non joints »: who should know something and does not, and what a person does about it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.core import clock, panels
from secretariat.notices import actions
from secretariat.notices.forms import ClosingForm, number_typed
from secretariat.notices.models import Notice
from secretariat.notices.queries import reached, story
from secretariat.notices.views.answers import changed, keys_of
from secretariat.patients.views import answers
from secretariat.practice.doors import Request, door

CALL = "notices.call"
"""Place where the room of the telephone hangs the address of a new call sheet, for a post."""
UNDO = timedelta(seconds=20)
"""How long a message written again waits: what the undo of the screen lasts."""
TABS = {
    "unreached": "Non joints",
    "under-way": "En cours",
    "unanswered": "Sans réponse",
    "told": "Prévenus aujourd’hui",
}


@require_safe
@door("notices.read")
def unreached(request: Request) -> HttpResponse:
    """The list, or one of its tabs; alone when it fetches itself again."""
    tab = request.GET.get("tab", "unreached")
    if tab not in TABS:
        raise Http404
    at, zone = clock.now(), answers.zone(request)
    context = {
        "tab": tab, "tabs": TABS, "at": at, "may_work": request.staff.may("notices.work"),
        "shown": reached.SHOWN, **_listed(request, tab, at, zone),
    }  # fmt: skip
    part = "#list" if request.GET.get("part") else ""
    if part and context.get("mark") and context["mark"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    with timezone.override(zone):
        return render(request, f"notices/unreached.html{part}", context)


def _listed(request: Request, tab: str, at: datetime, zone: str) -> dict[str, Any]:
    practice = request.practice.pk
    match tab:
        case "under-way":
            return {"lines": reached.under_way(practice)}
        case "unanswered":
            return {"lines": reached.unanswered(practice)}
        case "told":
            day = clock.local_date(at, zone)
            return {
                "lines": reached.told_since(practice, datetime.combine(day, time(), ZoneInfo(zone)))
            }
    groups, more = reached.unreached(practice, at)
    sheet = next(iter(panels.collect(CALL, staff=request.staff)), "")
    soon, tomorrow = at + reached.URGENT, at + timedelta(hours=24)
    return {
        "groups": [(group, [_acts(group, sheet)]) for group in groups],
        "more": more, "soon": soon, "tomorrow": tomorrow,
        "mark": _mark(groups, (at, soon, tomorrow), clock.local_date(at, zone)),
    }  # fmt: skip


def _mark(groups: list[reached.Group], limits: tuple[datetime, ...], today: date) -> str:
    """Another text as soon as the list would show another thing: what is drawn alike, is not."""
    shown = [
        (group.shown, [group.needed_by < when for when in limits if group.needed_by])
        for group in groups
    ]
    return blake2b(repr((today, shown)).encode(), digest_size=9).hexdigest()


class Look(NamedTuple):
    """What makes the acts of a row differ: whether it can be called, and rung."""

    calls: bool
    rings: bool


class Acts(NamedTuple):
    """What can be done about a group, in one key each."""

    look: Look
    call: str
    """The address of the call sheet."""
    closing: str
    """The query of the closing sheet."""


def _acts(group: reached.Group, sheet: str) -> Acts:
    look = Look(bool(sheet), bool(group.callable))
    closing = urlencode({"notice": [line.notice.pk for line in group.lines]}, doseq=True)
    return Acts(look, _call(group, sheet), closing)


def _call(group: reached.Group, sheet: str) -> str:
    """The call sheet's address, filled; the same one until a try is written."""
    if not sheet:
        return ""
    line = group.lines[0]
    known = {
        "fiche": f"prevenir-{group.pk}-{group.tries}",
        "patient": str(line.notice.patient_id),
        "phone": group.callable[0].value if group.callable else "",
        "request": f"À prévenir : {line.title.lower()}",
    }
    return f"{sheet}?{urlencode(known)}"


@require_POST
@door("notices.work")
def tried(request: Request) -> HttpResponse:
    """One key, one try: told, voicemail, no answer, wrong number; for all those of one call."""
    notices = _chosen(request, request.POST.getlist("notice"))
    written = actions.attempt(
        notices=notices, how=Notice.How.PHONE, number=number_typed(request.POST.get("number", "")),
        outcome=request.POST.get("outcome", ""), by=request.staff, at=clock.now(),
    )  # fmt: skip
    keys = ",".join(str(one.pk) for one in written)
    word = written[0].get_outcome_display().lower()
    return changed(request, f"{_names(notices)} : {word}.", reverse("notices:untried", args=[keys]))


@require_POST
@door("notices.work")
def untried(request: Request, keys: str) -> HttpResponse:
    """The undo of a try."""
    attempts = reached.attempts(request.practice.pk, keys_of(keys.split(",")))
    if not attempts:
        raise Http404
    actions.untry(attempts=attempts, by=request.staff, at=clock.now())
    return changed(request, "Essai retiré.")


@require_POST
@door("notices.work")
def again(request: Request) -> HttpResponse:
    """Messages leave once more, in a moment."""
    notices = _chosen(request, request.POST.getlist("notice"))
    at = clock.now()
    with transaction.atomic():
        actions.hold(notices)
        for notice in notices:
            actions.write_again(notice=notice, by=request.staff, at=at, due_at=at + UNDO)
    return _left(request, notices, f"{_names(notices)} : un message repart.")


@require_POST
@door("notices.work")
def letter(request: Request) -> HttpResponse:
    """A letter joins those to print."""
    notices = _chosen(request, request.POST.getlist("notice"))
    with transaction.atomic():
        actions.hold(notices)
        for notice in notices:
            actions.post_letter(notice=notice, by=request.staff, at=clock.now())
    return _left(request, notices, f"{_names(notices)} : courrier à imprimer.")


def _left(request: Request, notices: list[Notice], said: str) -> HttpResponse:
    keys = ",".join(str(one.pk) for one in notices)
    return changed(request, said, reverse("notices:held_back", args=[keys]))


@require_POST
@door("notices.work")
def held_back(request: Request, keys: str) -> HttpResponse:
    """The undo of a message or a letter that has not left."""
    notices = _chosen(request, keys.split(","))
    with transaction.atomic():
        actions.hold(notices)
        for notice in notices:
            actions.hold_back(notice=notice, by=request.staff, at=clock.now())
    return changed(request, "Rien ne part : de nouveau à prévenir.")


@require_http_methods(["GET", "POST"])
@door("notices.work")
def closing(request: Request) -> HttpResponse:
    """Give up telling, for a reason."""
    asked = request.GET if request.method == "GET" else request.POST
    notices = _chosen(request, asked.getlist("notice"))
    form = ClosingForm(request.POST or None, auto_id=f"closing-{notices[0].pk}-%s")
    if not form.is_valid():
        context = {
            "form": form,
            "lines": [story.Line(one, story.title_of(one)) for one in notices],
            "address": f"{request.path}?{urlencode({'notice': [n.pk for n in notices]}, True)}",
        }
        status = 422 if form.is_bound else 200
        return answers.sheet(request, "notices/closing.html", context, status=status)
    with transaction.atomic():
        actions.hold(notices)
        for notice in notices:
            actions.close(notice=notice, why=form.why, by=request.staff, at=clock.now())
    keys = ",".join(str(one.pk) for one in notices)
    undo = reverse("notices:reopened", args=[keys])
    return changed(request, f"{_names(notices)} : clos.", undo, sheetClose={})


@require_POST
@door("notices.work")
def reopened(request: Request, keys: str) -> HttpResponse:
    """Told or closed too soon: to be reached again."""
    notices = _chosen(request, keys.split(","))
    with transaction.atomic():
        actions.hold(notices)
        for notice in notices:
            actions.reopen(notice=notice, by=request.staff, at=clock.now())
    return changed(request, f"{_names(notices)} : de nouveau à prévenir.")


def _chosen(request: Request, said: list[str]) -> list[Notice]:
    """The notices that a form or an address names: all of the practice, or none.

    Raises:
        Http404.
    """
    keys = set(keys_of(said))
    notices = reached.chosen(request.practice.pk, keys)
    if len(notices) != len(keys):
        raise Http404
    return notices


def _names(notices: list[Notice]) -> str:
    names = list(dict.fromkeys(str(notice.patient) for notice in notices))
    return names[0] if len(names) == 1 else f"{names[0]} et {len(names) - 1} de plus"
