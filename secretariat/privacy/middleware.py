"""Which deeds a page had heard of when it was drawn."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from secretariat.privacy.pulse import beat


class PulseHeard:
    """Put `pulse_number` on the request of a whole page, before the page reads anything.

    The page then knows what it shows: a deed done while it was on its way is heard of at its
    first beat. Parts of a page (htmx) do not need it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        staff = getattr(request, "staff", None)
        asks_page = "text/html" in request.headers.get("Accept", "")
        if staff and request.method == "GET" and asks_page and "HX-Request" not in request.headers:
            request.pulse_number = beat(staff)  # type: ignore[attr-defined]
        return self.get_response(request)
