"""Say what a file holds, try it, take it in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.interop import calendar_plan
from secretariat.interop.actions import preparing as actions
from secretariat.interop.actions import queueing
from secretariat.interop.csv.fields import check
from secretariat.interop.csv.refusals import UnreadableTable
from secretariat.interop.forms import ColumnsForm, PlanForm, ReadingForm, mapping_of
from secretariat.interop.ical.refusals import UnreadableCalendar
from secretariat.interop.models import ImportFile
from secretariat.interop.queries import files, places
from secretariat.interop.queries import preview as previews
from secretariat.interop.views import answers
from secretariat.practice.doors import Request, door


@require_safe
@door("patients.import")
def preview(request: Request, pk: int) -> HttpResponse:
    """The first lines as they would be read with the choices on screen."""
    file = answers.file_of(request, pk)
    try:
        context = _preview(request, file)
    except (UnreadableTable, UnreadableCalendar, Refusal) as bad:
        context = {"trouble": bad.sentence}
    name = "table" if file.kind == ImportFile.Kind.PATIENTS else "calendar"
    return answers.page(request, f"interop/_preview_{name}.html", {"file": file, **context})


@require_POST
@door("patients.import")
def reading(request: Request, pk: int) -> HttpResponse:
    """Read the table another way."""
    file = answers.file_of(request, pk)
    table = previews.table_of(file) if file.kind == ImportFile.Kind.PATIENTS else None
    form = ReadingForm(request.POST, sheets=table.sheets if table else ())
    if not form.is_valid():
        return _again(request, file, {"reading_form": form})
    answers.sent_once(
        request,
        lambda: actions.set_reading(
            file=file, reading=form.reading(), by=request.staff, at=clock.now()
        ),
        form,
    )
    return redirect("interop:file", pk)


@require_POST
@door("patients.import")
def columns(request: Request, pk: int) -> HttpResponse:
    """Keep what each column holds, and try the file."""
    file = answers.file_of(request, pk)
    form = ColumnsForm(request.POST)
    mapping = mapping_of(request.POST, list(file.options.get("header", [])))

    def keep() -> None:
        actions.set_columns(
            file=file, mapping=mapping, source=form.cleaned_data["source"], by=request.staff,
            at=clock.now(),
        )  # fmt: skip
        queueing.ask(file=file, trial=True, by=request.staff, at=clock.now())

    if not form.is_valid():
        return _again(request, file, {"form": form})
    try:
        answers.sent_once(request, keep, form)
    except actions.BadMapping as refusal:
        return _again(request, file, {"form": form, "refusal": refusal}, mapping)
    return redirect("interop:file", pk)


@require_POST
@door("patients.import")
def plan(request: Request, pk: int) -> HttpResponse:
    """Keep where the calendar goes, and try the file."""
    file = answers.file_of(request, pk)
    form = PlanForm(request.POST, agendas=places.agendas(request.practice.pk))
    if not form.is_valid():
        return _again(request, file, {"form": form})

    def keep() -> None:
        actions.set_plan(file=file, plan=form.plan(), by=request.staff, at=clock.now())
        queueing.ask(file=file, trial=True, by=request.staff, at=clock.now())

    answers.sent_once(request, keep, form)
    return redirect("interop:file", pk)


@require_POST
@door("patients.import")
def try_again(request: Request, pk: int) -> HttpResponse:
    """Try a prepared file once more."""
    return _ask(request, pk, lambda file: queueing.ask(
        file=file, trial=True, by=request.staff, at=clock.now()
    ))  # fmt: skip


@require_POST
@door("patients.import")
def start(request: Request, pk: int) -> HttpResponse:
    """Take the file in for good."""
    return _ask(request, pk, lambda file: queueing.ask(
        file=file, trial=False, by=request.staff, at=clock.now()
    ))  # fmt: skip


@require_POST
@door("patients.import")
def take_back(request: Request, pk: int) -> HttpResponse:
    """Let a file wait no longer."""
    return _ask(request, pk, lambda file: queueing.take_back(
        file=file, by=request.staff, at=clock.now()
    ))  # fmt: skip


def context_of(
    request: Request, file: ImportFile, mapping: dict[str, str] | None = None
) -> dict[str, Any]:
    """Everything that the preparation of a file shows.

    Raises:
        UnreadableTable, UnreadableCalendar, FileGone, BadInput.
    """
    if file.kind == ImportFile.Kind.PATIENTS:
        return _table_context(request, file, mapping)
    agendas = places.agendas(request.practice.pk)
    chosen = calendar_plan.read(file.options)
    shown = chosen or calendar_plan.usual(0, answers.today(request))
    form = PlanForm(initial=shown.as_options(), agendas=agendas)
    context: dict[str, Any] = {"form": form, "agendas": agendas, "preparing": True}
    if agendas and chosen:
        context["shown_calendar"] = previews.calendar_of(file, chosen, clock.now())
    return context


def _table_context(
    request: Request, file: ImportFile, mapping: dict[str, str] | None
) -> dict[str, Any]:
    today, table = answers.today(request), previews.table_of(file)
    file.mapping = file.mapping if mapping is None else mapping
    return {
        "preparing": True,
        "form": ColumnsForm(initial={"source": file.options.get("source", "")}),
        "reading_form": ReadingForm(
            initial=file.options.get("reading", {}), sheets=table.sheets, auto_id="reading-%s"
        ),
        "table": table,
        "columns": previews.columns_of(file, table, today),
        "choices": previews.choices(),
        "lines": previews.lines_of(table, file.mapping, today),
        "problems": check(file.mapping, table.header),
    }


def _preview(request: Request, file: ImportFile) -> dict[str, Any]:
    if file.kind == ImportFile.Kind.PATIENTS:
        table = previews.table_of(file)
        mapping = mapping_of(request.GET, list(table.header))
        lines = previews.lines_of(table, mapping, answers.today(request))
        return {"lines": lines, "problems": check(mapping, table.header)}
    asked = request.GET.copy()
    asked["form_token"] = str(uuid4())  # nothing is written: any will do
    form = PlanForm(asked, agendas=places.agendas(request.practice.pk))
    if not form.is_valid():
        errors = [error for found in form.errors.values() for error in found]
        return {"trouble": " ".join(map(str, errors))}
    return {"shown_calendar": previews.calendar_of(file, form.plan(), clock.now())}


def _again(
    request: Request,
    file: ImportFile,
    with_: dict[str, Any],
    mapping: dict[str, str] | None = None,
) -> HttpResponse:
    """The preparation again, with what was wrong."""
    context = {"shown": files.shown(file), "file": file}
    try:
        context |= context_of(request, file, mapping)
    except (UnreadableTable, UnreadableCalendar, Refusal) as bad:
        context["trouble"] = bad.sentence
    return answers.page(request, "interop/file.html", context | with_, status=422)


def _ask(request: Request, pk: int, work: Callable[[ImportFile], Any]) -> HttpResponse:
    file = answers.file_of(request, pk)
    answers.sent_once(request, lambda: work(file))
    return redirect("interop:file", pk)
