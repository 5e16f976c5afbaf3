"""What imports left to decide: the same person or another, whose visit it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.interop import held
from secretariat.interop.actions import settling
from secretariat.interop.forms import SettleForm
from secretariat.interop.models import ImportLine
from secretariat.interop.queries import decisions as queries
from secretariat.interop.views import answers
from secretariat.patients.models import Patient
from secretariat.patients.queries.find import patient as find_patient
from secretariat.practice.doors import Request, door

_LISTS = {"duplicate": "interop:duplicates", "unmatched": "interop:unmatched"}


@require_safe
@door("patients.import")
def duplicates(request: Request) -> HttpResponse:
    """Likely duplicates that wait for a decision."""
    page = queries.duplicates(request.practice.pk, _page(request))
    shown = [(line, held.said(line)) for line in page]
    return _list(request, "interop/duplicates.html", {"page": page, "questions": shown})


@require_safe
@door("patients.import")
def unmatched(request: Request) -> HttpResponse:
    """Imported visits whose patient somebody has to recognise."""
    page, questions = queries.unmatched(request.practice.pk, _page(request))
    return _list(request, "interop/unmatched.html", {"page": page, "questions": questions})


@require_safe
@door("patients.import")
def line(request: Request, pk: int) -> HttpResponse:
    """One question, on a sheet."""
    return _sheet(request, answers.line_of(request, pk))


@require_POST
@door("patients.import")
def same(request: Request, pk: int) -> HttpResponse:
    """It is somebody on file."""
    found, form = answers.line_of(request, pk), _form(request)
    patient = _patient(request, form)
    answers.sent_once(
        request,
        lambda: settling.same_person(
            line=found, patient=patient, with_points=form.cleaned_data["with_points"],
            by=request.staff, at=clock.now(),
        ),
        form,
    )  # fmt: skip
    return _next(request, found, f"C’est {patient} : aucun dossier en double.", undo=True)


@require_POST
@door("patients.import")
def other(request: Request, pk: int) -> HttpResponse:
    """It is somebody else."""
    found, form = answers.line_of(request, pk), _form(request)
    answers.sent_once(
        request,
        lambda: settling.other_person(line=found, by=request.staff, at=clock.now()),
        form,
    )
    return _next(request, found, "Nouveau dossier créé ; les homonymes sont signalés.")


@require_POST
@door("patients.import")
def later(request: Request, pk: int) -> HttpResponse:
    """Not now."""
    found, form = answers.line_of(request, pk), _form(request)
    answers.sent_once(
        request, lambda: settling.later(line=found, by=request.staff, at=clock.now()), form
    )
    return _next(request, found, "Remis à la fin de la liste.")


@require_POST
@door("patients.import")
def attach(request: Request, pk: int) -> HttpResponse:
    """It is this patient's visit."""
    found, form = answers.line_of(request, pk), _form(request)
    patient = _patient(request, form)
    answers.sent_once(
        request,
        lambda: settling.attach(
            line=found, patient=patient, alike=form.cleaned_data["alike"], by=request.staff,
            at=clock.now(),
        ) and None,
        form,
    )  # fmt: skip
    return _next(request, found, f"Rattaché à {patient}.", undo=True)


@require_POST
@door("patients.import")
def nobody(request: Request, pk: int) -> HttpResponse:
    """It is no patient's visit."""
    found, form = answers.line_of(request, pk), _form(request)
    answers.sent_once(
        request,
        lambda: settling.no_patient(
            line=found, alike=form.cleaned_data["alike"], by=request.staff, at=clock.now()
        ) and None,
        form,
    )  # fmt: skip
    return _next(request, found, "Gardé comme temps pris, sans patient.", undo=True)


@require_POST
@door("patients.import")
def reopen(request: Request, pk: int) -> HttpResponse:
    """Take a decision back."""
    found = answers.line_of(request, pk)
    settling.reopen(line=found, by=request.staff, at=clock.now())
    if not request.headers.get("HX-Request"):
        return redirect(_LISTS.get(found.kind, "interop:files"))
    response = HttpResponse(status=204)
    trigger_client_event(response, "notice", {"text": "La question est rouverte.", "kind": "good"})
    trigger_client_event(response, "changed", {})
    return response


def _form(request: Request) -> SettleForm:
    form = SettleForm(request.POST)
    if not form.is_valid():
        raise BadInput("Ce formulaire est incomplet : rechargez la fiche.")
    return form


def _patient(request: Request, form: SettleForm) -> Patient:
    found = find_patient(request.practice.pk, form.cleaned_data["patient"])
    if found is None:
        raise BadInput("Choisissez un patient dans la liste.")
    return found


def _page(request: Request) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdecimal() and len(text) < 7 else 1


def _list(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    part = "#questions" if request.headers.get("HX-Target") == "questions" else ""
    counted = queries.counts(request.practice.pk)
    return answers.page(request, f"{template}{part}", {"waiting": counted, **context})


def _sheet(request: Request, found: ImportLine) -> HttpResponse:
    at, today = clock.now(), answers.today(request)
    alone = bool(request.headers.get("HX-Request"))
    context = {
        "layout": "ui/sheet_alone.html" if alone else "ui/sheet_page.html",
        "line": found,
        "question": queries.question(found),
        "candidates": queries.candidates(found, at=at, today=today),
        "visit": queries.visit_of(found),
        "settled": found.decided_at is not None,
        "moments": [queries.moment(found.content.get(name)) for name in ("starts_at", "ends_at")]
        if isinstance(found.content, dict)
        else [],
    }
    return answers.page(request, "interop/line.html", context)


def _next(request: Request, found: ImportLine, text: str, *, undo: bool = False) -> HttpResponse:
    """The next question in the same sheet, with a notice that can take the answer back."""
    if not request.headers.get("HX-Request"):
        return redirect(_LISTS.get(found.kind, "interop:files"))
    following = queries.next_one(found)
    response = _sheet(request, following) if following else HttpResponse(status=204)
    notice = {"text": text, "kind": "good"}
    if undo:
        notice["undo"] = reverse("interop:reopen", args=[found.pk])
    events: dict[str, Any] = {"notice": notice, "changed": {}}
    if following is None:
        events["sheetClose"] = {}
    for name, data in events.items():
        trigger_client_event(response, name, data)
    return response
