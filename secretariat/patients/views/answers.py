"""How this room answers: a sheet beside the page or a page, and a word when a thing is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import trigger_client_event

from secretariat.core import clock
from secretariat.core.idempotency import once
from secretariat.patients.models import Patient
from secretariat.patients.queries import file
from secretariat.patients.queries.rows import row
from secretariat.practice import queries as practice
from secretariat.practice.doors import Request


def zone(request: Request) -> str:
    """The clock on the wall of the practice's first site, read once a request."""
    seen: str | None = getattr(request, "first_zone", None)
    if seen is None:
        sites = practice.sites(request.practice.pk)
        seen = sites[0].time_zone if sites else "Europe/Paris"
        request.first_zone = seen  # type: ignore[attr-defined]
    return seen


def today(request: Request) -> date:
    """The practice's date."""
    return clock.local_date(clock.now(), zone(request))


def sheet(
    request: Request, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A template that extends `layout`: beside the page for htmx, a page of its own otherwise."""
    alone = bool(request.headers.get("HX-Request"))
    layout = "ui/sheet_alone.html" if alone else "ui/sheet_page.html"
    with timezone.override(zone(request)):
        return render(request, template, {"layout": layout, **context}, status=status)


def file_sheet(request: Request, patient: Patient) -> HttpResponse:
    """The patient's own sheet."""
    at = clock.now()
    shown = file.file(patient, request.staff, at, clock.local_date(at, zone(request)))
    may = {
        "may_write": request.staff.may("patients.write"),
        "may_trace": request.staff.may("privacy.trace"),
    }
    context = {"file": shown, "patient": patient, "row": shown.row, **may}
    return sheet(request, "patients/patient.html", context)


def done(request: Request, patient: Patient, text: str, *, undo: bool = True) -> HttpResponse:
    """The patient's sheet again, with a notice that can take the deed back.

    Without htmx: the page of the patient.
    """
    if not request.headers.get("HX-Request"):
        return redirect("patients:patient", patient.pk)
    response = file_sheet(request, patient)
    notice = {"text": text, "kind": "good"}
    if undo:
        notice["undo"] = reverse("patients:undo", args=[patient.pk, patient.version - 1])
    trigger_client_event(response, "notice", notice)
    trigger_client_event(response, "changed", {})
    return response


def choose(request: Request, response: HttpResponse, patient: Patient) -> None:
    """Tell the page that this patient is the one meant: an open call or booking takes it."""
    label = row(patient, today(request)).label
    event = {"id": patient.pk, "label": label, "call": request.GET.get("call", "")}
    trigger_client_event(response, "patientChosen", event)


def written(request: Request, token: str, work: Callable[[], Patient]) -> Patient:
    """Do `work` unless this form was already sent; the patient as it is now."""
    reference, _ = once(
        token=token, user_id=request.staff.user_id, at=clock.now(), work=lambda: str(work().pk)
    )
    return file.again(request.practice.pk, int(reference))
