"""An address that asks for no more messages, written down by hand, and allowed again."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from secretariat.core import clock
from secretariat.notices.actions import hearing
from secretariat.notices.queries import writable
from secretariat.notices.views.answers import changed
from secretariat.patients.models import ContactPoint
from secretariat.practice.doors import Request, door


@require_POST
@door("notices.work")
def stop(request: Request, pk: int) -> HttpResponse:
    """No more messages to this address: its holder said so."""
    point = _point(request, pk)
    hearing.stop(
        practice_id=request.practice.pk, address=point.value, at=clock.now(), by=request.staff
    )
    undo = reverse("notices:allow", args=[pk])
    return changed(request, "STOP noté : plus aucun message à cette adresse.", undo)


@require_POST
@door("notices.work")
def allow(request: Request, pk: int) -> HttpResponse:
    """Messages again: the holder of the address asked for them."""
    point = _point(request, pk)
    hearing.allow_again(
        practice_id=request.practice.pk, address=point.value, by=request.staff, at=clock.now()
    )
    undo = reverse("notices:stop", args=[pk])
    return changed(request, "Messages de nouveau permis à cette adresse.", undo)


def _point(request: Request, pk: int) -> ContactPoint:
    point = writable.contact_point(request.practice.pk, pk)
    if point is None:
        raise Http404
    return point
