"""The contact ledger of a patient, and the text of a message as it left."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from secretariat.core import clock
from secretariat.notices.queries import ledger
from secretariat.patients import access
from secretariat.patients.queries.rows import title
from secretariat.patients.views import answers
from secretariat.practice.doors import Request, door


@require_safe
@door("notices.read")
def patient_ledger(request: Request, pk: int) -> HttpResponse:
    """All that a patient was told."""
    found = access.patient_for(request.staff, pk, at=clock.now(), screen="Messages et appels")
    lines = ledger.of_patient(request.practice.pk, pk)
    context = {"patient": found, "title": title(found), "lines": lines}
    return answers.sheet(request, "notices/ledger.html", context)


@require_safe
@door("notices.read")
def message_text(request: Request, pk: int) -> HttpResponse:
    """A message as it left."""
    message = get_object_or_404(ledger.messages(request.practice.pk), pk=pk)
    return render(request, "notices/_message_text.html", {"message": message})
