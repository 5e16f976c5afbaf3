"""A new file: searched first, created last, in a minute and from the keyboard."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.patients import actions, prefill
from secretariat.patients.forms import RegisterForm
from secretariat.patients.models import Patient
from secretariat.patients.queries import find, twins
from secretariat.patients.queries.rows import row
from secretariat.patients.views import answers
from secretariat.practice.doors import Request, door


@require_http_methods(["GET", "POST"])
@door("patients.write")
def register(request: Request) -> HttpResponse:
    """The sheet of a new file. Created, it says `patientChosen` {id, label} to the page."""
    today, pk = answers.today(request), request.practice.pk
    name = request.GET.get("fiche", "new-patient")
    if request.method == "GET":
        initial = prefill.fields(request.GET, today)
        return _sheet(request, RegisterForm(pk, today, initial=initial, auto_id=f"{name}-%s"))
    form = RegisterForm(pk, today, request.POST, auto_id=f"{name}-%s")
    if not form.is_valid():
        return _sheet(request, form, status=422)
    try:
        patient = answers.written(request, form.token, lambda: _create(request, form))
    except actions.LikelyDuplicate as refusal:
        same = twins.same(pk, refusal.facts["candidates"], at=clock.now(), today=today)
        return _sheet(request, form, status=422, refusal=refusal, twins=same, sure=True)
    except BadInput as refusal:
        return _sheet(request, form, status=422, refusal=refusal)
    return _created(request, patient)


def _create(request: Request, form: RegisterForm) -> Patient:
    given, by, at = form.cleaned_data, request.staff, clock.now()
    traits = form.traits()
    if given["home_of"]:
        traits["household"] = actions.open_household(patient=given["home_of"], by=by, at=at)
    patient = actions.register(
        practice=request.practice, by=by, at=at,
        despite_duplicates=given["despite_duplicates"], **traits,
    )  # fmt: skip
    parent = given["home_of"] if given["has_authority"] else None
    if parent or given["authority_name"]:
        return actions.add_related_person(
            patient=patient, version=patient.version, relation="parent", person=parent,
            name=given["authority_name"], phone=given["authority_phone"], by=by, at=at,
        )  # fmt: skip
    return patient


def _created(request: Request, patient: Patient) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("patients:patient", patient.pk)
    response = answers.file_sheet(request, patient)
    answers.choose(request, response, patient)
    text = f"Dossier n° {patient.file_number} créé."
    trigger_client_event(response, "notice", {"text": text, "kind": "good"})
    return response


def _sheet(request: Request, form: RegisterForm, status: int = 200, **context: Any) -> HttpResponse:
    home_of = form["home_of"].value()
    pk = int(home_of) if str(home_of or "").isdecimal() else None
    home = find.patient(request.practice.pk, pk)
    today = answers.today(request)
    context |= {"form": form, "home": row(home, today) if home else None}
    return answers.sheet(request, "patients/register.html", context, status=status)
