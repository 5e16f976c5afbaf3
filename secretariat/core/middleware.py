"""Answers in good manners: headers on all, refusals as sentences."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from secretariat.core.refusal import Refusal

Handler = Callable[[HttpRequest], HttpResponse]
_ENVELOPE_BYTES = 1024 * 1024  # what a form adds around its file


class Headers:
    """No page of the desk is kept by a browser or a proxy; no sensor is open to it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class Bounded:
    """What is bigger than any file we take is refused before a byte of it is read."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        limit = settings.UPLOAD_LIMIT_BYTES
        if announced.isdecimal() and int(announced) <= limit + _ENVELOPE_BYTES:
            return self.get_response(request)
        refusal = Refusal(
            f"L’envoi dépasse {limit // 1024**2} Mo : découpez le fichier. Rien n’a été reçu."
        )
        return render(request, "refused.html", {"refusal": refusal}, status=413)


class Refusals:
    """A refusal that no view caught is still a polite page or fragment with its status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a Refusal into its page; anything else goes on."""
        if not isinstance(exception, Refusal):
            return None
        template = "ui/refusal.html" if request.headers.get("HX-Request") else "refused.html"
        return render(
            request, template, {"refusal": exception, **exception.facts}, status=exception.status
        )
