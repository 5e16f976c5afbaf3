"""The desk locks itself when nobody types; a password opens it, the work is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from secretariat.core import clock

LOCKED = "desk_locked"
SEEN = "desk_seen"
FAILED = "desk_wrong_passwords"
# Then the session ends: the login page and its own limits take over.
WRONG_PASSWORDS = 5
# What still answers on a locked desk.
OPEN_PATHS = ("/accounts/", "/static/", "/livez", "/readyz", "/desk/")
# A page that refreshes itself is not a person at the keyboard.
NOT_A_PERSON = ("/pulse/", "/rail/", "/agenda/times/")


def lock(request: HttpRequest) -> None:
    """Lock this session's desk."""
    request.session[LOCKED] = True


def unlock(request: HttpRequest, password: str) -> bool:
    """Open the desk if `password` is the person's; answers whether it was."""
    if not request.user.check_password(password):
        request.session[FAILED] = request.session.get(FAILED, 0) + 1
        return False
    request.session[FAILED] = 0
    request.session[LOCKED] = False
    request.session[SEEN] = clock.now().timestamp()
    return True


def too_many(request: HttpRequest) -> bool:
    """Whether the wrong passwords on this locked desk must end the session."""
    return int(request.session.get(FAILED, 0)) >= WRONG_PASSWORDS


class DeskLock:
    """Refuse everything on a locked or idle desk with status 423."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        staff = getattr(request, "staff", None)
        if staff is None or request.path.startswith(OPEN_PATHS):
            return self.get_response(request)
        if self._idle(request, clock.now(), staff.practice.idle_minutes):
            lock(request)
        if request.session.get(LOCKED):
            template = (
                "practice/locked_fragment.html"
                if request.headers.get("HX-Request")
                else "practice/locked.html"
            )
            return render(request, template, {"next": request.get_full_path()}, status=423)
        return self.get_response(request)

    def _idle(self, request: HttpRequest, at: datetime, minutes: int) -> bool:
        """Whether nobody has worked for `minutes`; notes the time at most once a minute."""
        seen = request.session.get(SEEN)
        if seen is not None and at.timestamp() - seen > minutes * 60:
            return True
        by_itself = request.path.startswith(NOT_A_PERSON) or "part" in request.GET
        if not by_itself and (seen is None or at.timestamp() - seen > 60):
            request.session[SEEN] = at.timestamp()
        return False
