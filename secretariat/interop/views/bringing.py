"""Bring a file, take one away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from secretariat.core import clock
from secretariat.core.idempotency import once
from secretariat.interop.actions import receiving
from secretariat.interop.forms import BringForm
from secretariat.interop.views import answers
from secretariat.interop.views.files import list_page
from secretariat.practice.doors import Request, door


@require_POST
@door("patients.import")
def bring(request: Request) -> HttpResponse:
    """Keep the file and show what it seems to hold."""
    form = BringForm(request.POST, request.FILES)
    if not form.is_valid():
        return list_page(request, wrong=form, status=422)
    given = form.cleaned_data["file"]

    def receive() -> str:
        file = receiving.receive(
            kind=form.cleaned_data["kind"], name=given.name, chunks=given.chunks(),
            practice=request.practice, by=request.staff, at=clock.now(),
        )  # fmt: skip
        return str(file.pk)

    pk, _ = once(token=form.token, user_id=request.staff.user_id, at=clock.now(), work=receive)
    return redirect("interop:file", int(pk))


@require_POST
@door("patients.import")
def remove(request: Request, pk: int) -> HttpResponse:
    """Erase a file that is not wanted any more; the second pressing finds it gone already."""
    file = answers.file_of(request, pk)
    answers.sent_once(
        request, lambda: receiving.remove(file=file, by=request.staff, at=clock.now())
    )
    return redirect("interop:files")
