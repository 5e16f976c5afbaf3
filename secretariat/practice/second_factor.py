"""A password of one's own and a second factor for everyone, except in the demo.

Source: référentiel d’identification électronique of 28 March 2022.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

OPEN_PATHS = ("/accounts/", "/static/", "/livez", "/readyz")
SEEN = "second_factor_seen"


class SecondFactor:
    """Send a person without a password of theirs, or a second factor, to its page first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.DEMO
            or not request.user.is_authenticated
            or request.path.startswith(OPEN_PATHS)
        ):
            return self.get_response(request)
        if not request.session.get(SEEN):
            if request.user.password_given:
                return redirect("account_change_password")
            if not is_mfa_enabled(request.user):
                return redirect("mfa_index")
            request.session[SEEN] = True
        return self.get_response(request)
