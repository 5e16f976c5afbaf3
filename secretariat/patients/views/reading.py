"""One patient's file: the sheet, its history, and who opened it."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from secretariat.core import clock
from secretariat.patients import access
from secretariat.patients.queries import changes, file
from secretariat.patients.queries.rows import title
from secretariat.patients.views import answers
from secretariat.practice.doors import Request, door


@require_safe
@door("patients.read")
def patient(request: Request, pk: int) -> HttpResponse:
    """The patient's sheet or page. Every opening is traced; its own refreshing is not."""
    opened = access.patient_still_open if request.GET.get("live") else access.patient_for
    found = opened(request.staff, pk, at=clock.now(), screen="Dossier")
    response = answers.file_sheet(request, found)
    if request.GET.get("chosen"):
        answers.choose(request, response, found)
    return response


@require_safe
@door("patients.read")
def history(request: Request, pk: int) -> HttpResponse:
    """What the file said before each correction."""
    found = access.patient_for(request.staff, pk, at=clock.now(), screen="Historique du dossier")
    context = {
        "patient": found,
        "title": title(found),
        "corrections": changes.corrections(found),
        "may_write": request.staff.may("patients.write"),
    }
    return answers.sheet(request, "patients/history.html", context)


@require_safe
@door("privacy.trace")
def looks(request: Request, pk: int) -> HttpResponse:
    """Who opened this file."""
    found = access.patient_for(request.staff, pk, at=clock.now(), screen="Qui a ouvert ce dossier")
    context = {"patient": found, "title": title(found), "looks": file.looks(found)}
    return answers.sheet(request, "patients/looks.html", context)
