"""Doors: who may come in through a URL. Every view stands behind one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from secretariat.core import clock
from secretariat.practice.models import Practice, Staff
from secretariat.practice.signals import door_refused

View = Callable[..., HttpResponse]

fresh_login: Callable[[View], View] = reauthentication_required
"""Asks for the password again when it was typed more than five minutes ago."""


class Request(HttpRequest):
    """A request that came through a door: a person, at a post, in one practice."""

    if TYPE_CHECKING:
        staff: Staff
        practice: Practice
        posts: list[Staff]


class TracedAbsence(Http404):
    """A 404 whose attempt is in the register already."""


def door(permission: str) -> Callable[[View], View]:
    """Let in only a post that holds `permission` in the practice in view.

    A stranger is sent to the login; a colleague without the right gets the same 404
    as for a page that does not exist, and the attempt is traced. So is the search for what is
    absent: it may be another practice's, and looks the same. A person whose posts are all closed
    (a locum out of their dates) reads why, and nothing else.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_login(request)
            staff = getattr(request, "staff", None)
            if staff is None:
                return render(request, "practice/no_post.html", status=404)
            try:
                if permission and not staff.may(permission):
                    raise Http404
                return view(cast(Request, request), *args, **kwargs)
            except TracedAbsence:
                raise
            except Http404:
                door_refused.send(
                    door, staff=staff, path=request.path, permission=permission, at=clock.now()
                )
                raise

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return wrap


def to_login(request: HttpRequest) -> HttpResponse:
    """Send a stranger to the login page; a fragment request reloads the whole page."""
    login = reverse("account_login")
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = login
        return response
    return redirect_to_login(request.get_full_path(), login)
