"""Answers in good manners: headers on all, refusals as sentences."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from secretariat.core.refusal import Refusal

Handler = Callable[[HttpRequest], HttpResponse]


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
