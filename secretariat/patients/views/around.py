"""What surrounds a patient: ways to reach them, the home, the people beside them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from secretariat.core import clock
from secretariat.patients import access, actions
from secretariat.patients.forms import HouseholdForm, PointForm, RelatedForm, Versioned
from secretariat.patients.models import ContactPoint, Patient, RelatedPerson
from secretariat.patients.queries import file
from secretariat.patients.queries.rows import title
from secretariat.patients.views import answers
from secretariat.practice.doors import Request, door


def _opened(request: Request, pk: int, screen: str) -> Patient:
    return access.patient_for(request.staff, pk, at=clock.now(), screen=screen)


def _asked(
    request: Request, template: str, patient: Patient, form: forms.Form, **context: Any
) -> HttpResponse:
    context |= {"patient": patient, "title": title(patient), "form": form}
    status = 422 if form.is_bound else 200
    return answers.sheet(request, template, context, status=status)


@require_http_methods(["GET", "POST"])
@door("patients.write")
def add_point(request: Request, pk: int) -> HttpResponse:
    """One more way to reach a patient."""
    patient = _opened(request, pk, "Coordonnées")
    initial = {"version": patient.version}
    form = PointForm(request.POST or None, initial=initial, auto_id=f"point-{pk}-%s")
    if not form.is_valid():
        return _asked(request, "patients/contact_point.html", patient, form)
    added = answers.written(
        request,
        form.token,
        lambda: actions.add_contact_point(
            patient=patient, version=form.cleaned_data["version"], point=form.point(),
            by=request.staff, at=clock.now(),
        ),
    )  # fmt: skip
    return answers.done(request, added, "Coordonnée ajoutée.")


@require_http_methods(["GET", "POST"])
@door("patients.write")
def change_point(request: Request, pk: int, point_pk: int) -> HttpResponse:
    """Correct a way to reach a patient, its use or its consents."""
    patient = _opened(request, pk, "Coordonnées")
    point = _point(patient, point_pk)
    initial = {"version": patient.version, **PointForm.kept(point)}
    form = PointForm(request.POST or None, initial=initial, auto_id=f"point-{pk}-{point_pk}-%s")
    if not form.is_valid():
        return _asked(request, "patients/contact_point.html", patient, form, point=point)
    changed = answers.written(
        request,
        form.token,
        lambda: actions.change_contact_point(
            contact_point=point, version=form.cleaned_data["version"], point=form.point(),
            by=request.staff, at=clock.now(),
        ),
    )  # fmt: skip
    undo = changed.version > form.cleaned_data["version"]
    return answers.done(request, changed, "Coordonnée corrigée.", undo=undo)


@require_POST
@door("patients.write")
def remove_point(request: Request, pk: int, point_pk: int) -> HttpResponse:
    """Take a way to reach a patient away."""
    patient = _opened(request, pk, "Coordonnées")
    form = _confirmed(request)
    removed = answers.written(
        request,
        form.token,
        lambda: actions.remove_contact_point(
            contact_point=_point(patient, point_pk), version=form.cleaned_data["version"],
            by=request.staff, at=clock.now(),
        ),
    )  # fmt: skip
    return answers.done(request, removed, "Coordonnée retirée.")


def _point(patient: Patient, pk: int) -> ContactPoint:
    point = file.contact_point(patient, pk)
    if point is None:
        raise Http404
    return point


def _confirmed(request: Request) -> Versioned:
    form = Versioned(request.POST)
    if not form.is_valid():
        raise Http404
    return form


@require_http_methods(["GET", "POST"])
@door("patients.write")
def join(request: Request, pk: int) -> HttpResponse:
    """« Même foyer que… »."""
    patient = _opened(request, pk, "Foyer")
    form = HouseholdForm(
        request.practice.pk, request.POST or None, initial={"version": patient.version},
        auto_id=f"home-{pk}-%s",
    )  # fmt: skip
    if not form.is_valid():
        return _asked(request, "patients/household.html", patient, form)
    joined = answers.written(
        request,
        form.token,
        lambda: actions.join_household(
            patient=patient, version=form.cleaned_data["version"],
            other=form.cleaned_data["other"], by=request.staff, at=clock.now(),
        ),
    )  # fmt: skip
    undo = joined.version > form.cleaned_data["version"]
    return answers.done(request, joined, "Foyer mis à jour.", undo=undo)


@require_POST
@door("patients.write")
def leave(request: Request, pk: int) -> HttpResponse:
    """Out of the household."""
    patient = _opened(request, pk, "Foyer")
    form = _confirmed(request)
    left = answers.written(
        request,
        form.token,
        lambda: actions.leave_household(
            patient=patient, version=form.cleaned_data["version"], by=request.staff,
            at=clock.now(),
        ),
    )  # fmt: skip
    undo = left.version > form.cleaned_data["version"]
    return answers.done(request, left, "Sorti du foyer.", undo=undo)


@require_http_methods(["GET", "POST"])
@door("patients.write")
def add_related(request: Request, pk: int) -> HttpResponse:
    """Who stands beside a patient: parental authority, guardian, trusted person."""
    patient = _opened(request, pk, "Proches")
    form = RelatedForm(
        request.practice.pk, request.POST or None, initial={"version": patient.version},
        auto_id=f"beside-{pk}-%s",
    )  # fmt: skip
    if not form.is_valid():
        return _asked(request, "patients/related_person.html", patient, form)
    given = form.cleaned_data
    added = answers.written(
        request,
        form.token,
        lambda: actions.add_related_person(
            patient=patient, version=given["version"], relation=given["relation"],
            person=given["other"], name=given["name"], phone=given["phone"], note=given["note"],
            by=request.staff, at=clock.now(),
        ),
    )  # fmt: skip
    return answers.done(request, added, "Proche ajouté.")


@require_POST
@door("patients.write")
def remove_related(request: Request, pk: int, related_pk: int) -> HttpResponse:
    """Take someone away from beside a patient."""
    patient = _opened(request, pk, "Proches")
    form = _confirmed(request)
    removed = answers.written(
        request,
        form.token,
        lambda: actions.remove_related_person(
            related_person=_related(patient, related_pk), version=form.cleaned_data["version"],
            by=request.staff, at=clock.now(),
        ),
    )  # fmt: skip
    return answers.done(request, removed, "Proche retiré.")


def _related(patient: Patient, pk: int) -> RelatedPerson:
    related = file.related_person(patient, pk)
    if related is None:
        raise Http404
    return related
