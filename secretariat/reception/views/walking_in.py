"""« Patient imprévu » : someone comes without an appointment."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from secretariat.agenda.queries import desk
from secretariat.core import clock
from secretariat.core.idempotency import once
from secretariat.patients.models import Patient
from secretariat.practice.doors import Request, door
from secretariat.reception import actions
from secretariat.reception.forms import WalkInForm
from secretariat.reception.views.answers import changed


@require_http_methods(["GET", "POST"])
@door("reception.work")
def walk_in(request: Request) -> HttpResponse:
    """Squeezed in now, and in the waiting room at once."""
    agendas = desk.agendas(request.practice.pk)
    name = request.GET.get("fiche", "walk-in")
    form = WalkInForm(request.POST or None, agendas=agendas, auto_id=f"{name}-%s")
    if request.method == "POST" and form.is_valid():
        return _come_in(request, form)
    alone = bool(request.headers.get("HX-Request"))
    context = {
        "layout": "ui/sheet_alone.html" if alone else "ui/sheet_page.html",
        "form": form,
        "name": name,
    }
    status = 422 if form.errors else 200
    return render(request, "reception/walk_in.html", context, status=status)


def _come_in(request: Request, form: WalkInForm) -> HttpResponse:
    typed = form.cleaned_data
    patient = get_object_or_404(Patient, pk=typed["patient"])
    at = clock.now()
    reference, _ = once(
        token=str(typed["form_token"]),
        user_id=request.staff.user_id,
        at=at,
        work=lambda: str(
            actions.walk_in(
                agenda=form.agenda(), patient=patient, reason=None, by=request.staff, at=at
            ).appointment_id
        ),
    )
    undo = reverse("reception:undo_step", args=[int(reference)])
    return changed(f"{patient} attend.", undo, sheetClose={})
