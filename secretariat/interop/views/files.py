"""The list of imports, and one of them: what it holds, how far it is, what became of it."""

from __future__ import annotations

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.views.decorators.http import require_safe

from secretariat.core.refusal import Refusal
from secretariat.interop import fault_file, file_names
from secretariat.interop.csv.refusals import UnreadableTable
from secretariat.interop.forms import BringForm
from secretariat.interop.ical.refusals import UnreadableCalendar
from secretariat.interop.queries import decisions
from secretariat.interop.queries import files as queries
from secretariat.interop.queries.at_work import worker_alive
from secretariat.interop.views import answers, preparing
from secretariat.practice.doors import Request, door

EACH_PAGE = 100
_TABLES = ".csv,.txt,.tsv,.xlsx,text/csv,text/plain"
_CALENDARS = ".ics,text/calendar"


@require_safe
@door("patients.import")
def files(request: Request) -> HttpResponse:
    """What was brought, newest first, and where to bring more."""
    return list_page(request)


def list_page(request: Request, wrong: BringForm | None = None, status: int = 200) -> HttpResponse:
    """The list; with a form that was sent wrong."""
    forms = {
        "patients": BringForm(initial={"kind": "patients"}, accept=_TABLES, auto_id="patients-%s"),
        "agenda": BringForm(initial={"kind": "agenda"}, accept=_CALENDARS, auto_id="agenda-%s"),
    }
    context: dict[str, Any] = {
        "forms": forms,
        "wrong": wrong,
        "files": queries.listed(request.practice.pk),
        "waiting": decisions.counts(request.practice.pk),
    }
    part = "#list" if request.headers.get("HX-Target") == "imports" else ""
    return answers.page(request, f"interop/files.html{part}", context, status=status)


@require_safe
@door("patients.import")
def file(request: Request, pk: int) -> HttpResponse:
    """One file, in the state it is in."""
    found = answers.file_of(request, pk)
    shown = queries.shown(found)
    context = {"shown": shown, "file": found, "before": queries.same_bytes(found)}
    if shown.key == "reading" or request.GET.get("prepare"):
        try:
            context |= preparing.context_of(request, found)
        except (UnreadableTable, UnreadableCalendar, Refusal) as bad:
            context["trouble"] = bad.sentence
    else:
        context |= {"kinds": queries.kinds_of(found), "open": decisions.open_in(found)}
        context["alone"] = shown.key == "waiting" and not worker_alive()
    return answers.page(request, "interop/file.html", context)


@require_safe
@door("patients.import")
def progress(request: Request, pk: int) -> HttpResponse:
    """How far the reading is; once it is over the whole page is asked again."""
    found = answers.file_of(request, pk)
    shown = queries.shown(found)
    if not shown.busy:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    context: dict[str, Any] = {"shown": shown, "file": found, "live": True}
    context["alone"] = shown.key == "waiting" and not worker_alive()
    return answers.page(request, "interop/file.html#progress", context)


@require_safe
@door("patients.import")
def lines(request: Request, pk: int) -> HttpResponse:
    """The lines to look at, of one sort, page after page."""
    found = answers.file_of(request, pk)
    kind = request.GET.get("kind", "")
    rows = queries.lines_of(found, kind)
    shown = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    context = {"file": found, "kind": queries.kind_label(kind), "page": shown, "asked": kind}
    return answers.page(request, "interop/lines.html", context)


@require_safe
@door("patients.import")
def faults(request: Request, pk: int) -> HttpResponse:
    """The lines not taken, in a file to mend and import again."""
    found = answers.file_of(request, pk)
    written = fault_file.written(found, queries.to_mend(found))
    name = file_names.download(found.name, "lignes-a-revoir", "csv")
    sent = FileResponse(written, as_attachment=True, filename=name, content_type="text/csv")
    return cast("HttpResponse", sent)
