"""Correct a file, check an identity, write a death; and take the last deed back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.patients import access, actions
from secretariat.patients.forms import CorrectForm, DeathForm, VerifyForm
from secretariat.patients.models import Patient
from secretariat.patients.queries import changes
from secretariat.patients.queries.rows import title
from secretariat.patients.views import answers
from secretariat.practice.doors import Request, door


@require_http_methods(["GET", "POST"])
@door("patients.write")
def correct(request: Request, pk: int) -> HttpResponse:
    """The whole administrative file, to correct; a lost update shows what differs."""
    patient = access.patient_for(request.staff, pk, at=clock.now(), screen="Correction du dossier")
    if request.method == "GET":
        return _correction(request, patient, _form(request, patient, patient.version))
    form = _form(request, patient, _version(request, patient), request.POST)
    if not form.is_valid():
        return _correction(request, patient, form, status=422)
    try:
        corrected = answers.written(
            request,
            form.token,
            lambda: actions.correct(
                patient=patient, version=form.cleaned_data["version"], changes=form.changes(),
                by=request.staff, at=clock.now(),
            ),
        )  # fmt: skip
    except actions.ChangedMeanwhile as refusal:
        return _lost(request, form, refusal)
    except BadInput as refusal:
        return _correction(request, patient, form, status=422, refusal=refusal)
    undo = corrected.version > form.cleaned_data["version"]
    return answers.done(request, corrected, "Dossier corrigé.", undo=undo)


def _form(request: Request, patient: Patient, version: int, *data: Any) -> CorrectForm:
    initial = {**changes.seen(patient, version), "version": version}
    return CorrectForm(
        request.practice.pk, answers.today(request), *data, initial=initial,
        auto_id=f"correct-{patient.pk}-%s",
    )  # fmt: skip


def _version(request: Request, patient: Patient) -> int:
    """The version that the person saw, as their form says."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else patient.version


def _lost(request: Request, form: CorrectForm, refusal: actions.ChangedMeanwhile) -> HttpResponse:
    """Somebody was quicker: what differs, and this person's own changes upon the file of now."""
    now: Patient = refusal.facts["patient"]
    again = _form(request, now, now.version)
    again.initial.update(form.changes())
    differences = changes.shown(request.practice.pk, refusal.facts["differences"])
    return _correction(request, now, again, status=409, refusal=refusal, differences=differences)


def _correction(
    request: Request, patient: Patient, form: CorrectForm, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"patient": patient, "title": title(patient), "form": form}
    return answers.sheet(request, "patients/correct.html", context, status=status)


@require_http_methods(["GET", "POST"])
@door("patients.write")
def verify(request: Request, pk: int) -> HttpResponse:
    """Which paper was shown: validates the identity."""
    patient = access.patient_for(request.staff, pk, at=clock.now(), screen="Contrôle d’identité")
    initial = {"version": patient.version}
    form = VerifyForm(request.POST or None, initial=initial, auto_id=f"verify-{pk}-%s")
    if not form.is_valid():
        return _small(request, patient, form, "patients/verify.html")
    checked = answers.written(
        request,
        form.token,
        lambda: actions.verify_identity(
            patient=patient, version=form.cleaned_data["version"],
            document=form.cleaned_data["document"], by=request.staff, at=clock.now(),
        ),
    )  # fmt: skip
    return answers.done(request, checked, "Identité validée.")


@require_http_methods(["GET", "POST"])
@door("patients.write")
def death(request: Request, pk: int) -> HttpResponse:
    """The day of a death."""
    patient = access.patient_for(request.staff, pk, at=clock.now(), screen="Décès")
    initial = {"version": patient.version, "deceased_on": patient.deceased_on}
    form = DeathForm(
        answers.today(request), request.POST or None, initial=initial, auto_id=f"death-{pk}-%s"
    )
    if not form.is_valid():
        return _small(request, patient, form, "patients/death.html")
    told = answers.written(
        request,
        form.token,
        lambda: actions.record_death(
            patient=patient, version=form.cleaned_data["version"],
            on=form.cleaned_data["deceased_on"], by=request.staff, at=clock.now(),
        ),
    )  # fmt: skip
    undo = told.version > form.cleaned_data["version"]
    return answers.done(request, told, "Dossier mis à jour.", undo=undo)


def _small(
    request: Request, patient: Patient, form: VerifyForm | DeathForm, template: str
) -> HttpResponse:
    context = {"patient": patient, "title": title(patient), "form": form}
    status = 422 if form.is_bound else 200
    return answers.sheet(request, template, context, status=status)


@require_POST
@door("patients.write")
def undo(request: Request, pk: int, version: int) -> HttpResponse:
    """Take the correction made at `version` back; sent twice, the second one is refused."""
    patient = access.patient_for(request.staff, pk, at=clock.now(), screen="Correction annulée")
    undone = actions.undo_correction(
        patient=patient, version=version, by=request.staff, at=clock.now()
    )
    if request.headers.get("HX-Target"):
        return answers.done(request, undone, "Correction annulée.", undo=False)
    response = HttpResponse(status=204)
    trigger_client_event(response, "changed", {})
    return response
