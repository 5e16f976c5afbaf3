"""The pulse of the practice."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from secretariat.practice.doors import Request, door
from secretariat.privacy import daybook


@require_safe
@door("")
def pulse(request: Request) -> HttpResponse:
    """The number of the last deed: when it changes, screens fetch themselves again."""
    number, _ = daybook.head(request.practice.pk)
    return HttpResponse(str(number), content_type="text/plain")
