"""The doors of other programs never see a person's cookie."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

COOKIELESS = ("/fhir/", "/ical/", "/callbacks/")


class WithoutCookies:
    """Forget the cookies of a request to these addresses before anything reads them.

    A browser that is logged in at the desk is a stranger there: no page elsewhere can make it
    ask anything in its person's name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(COOKIELESS):
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)
