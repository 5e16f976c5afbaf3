"""The practice in view and the lock of the desk."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from secretariat.practice import desk_lock
from secretariat.practice.doors import Request, door, to_login
from secretariat.practice.middleware import SESSION_KEY


@require_POST
@door("")
def change_practice(request: Request, pk: int) -> HttpResponse:
    """Look at another of one's own practices; someone else's does not exist."""
    if pk not in [post.practice_id for post in request.posts]:
        raise Http404
    request.session[SESSION_KEY] = pk
    return redirect("/")


@require_POST
@door("")
def lock_desk(request: Request) -> HttpResponse:
    """Lock this desk now."""
    desk_lock.lock(request)
    return render(request, "practice/locked.html", status=423)


@require_POST
@door("")
def unlock_desk(request: Request) -> HttpResponse:
    """Open the desk with the person's password; the page behind is as it was left."""
    if not desk_lock.unlock(request, request.POST.get("password", "")):
        if desk_lock.too_many(request):
            logout(request)
            return to_login(request)
        beside = request.headers.get("HX-Request")
        template = "practice/locked_fragment.html" if beside else "practice/locked.html"
        told = {"wrong": True, "next": request.POST.get("next", "")}
        return render(request, template, told, status=422)
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response["HX-Trigger"] = "unlocked"
        return response
    target = request.POST.get("next", "")
    return redirect(target if _ours(request, target) else "/")


def _ours(request: HttpRequest, target: str) -> bool:
    return url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
