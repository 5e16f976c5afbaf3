"""« Accès d’autres logiciels » : who may ask and write by FHIR, and in whose name."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.interop.actions import tokens as actions
from secretariat.interop.program_forms import ProgramForm
from secretariat.interop.queries import tokens as queries
from secretariat.practice.doors import Request, door, fresh_login


@require_safe
@door("practice.manage")
def programs(request: Request) -> HttpResponse:
    """The keys given, those that still open first."""
    today = clock.local_date(clock.now(), actions.ZONE)
    context = {
        "tokens": [(one, one.works_on(today)) for one in queries.listed(request.practice.pk)],
        "server": _server(request),
    }
    return render(request, "interop/programs.html", context)


@require_http_methods(["GET", "POST"])
@door("practice.manage")
@fresh_login
def issue(request: Request) -> HttpResponse:
    """Give a program its key; it is shown once."""
    at = clock.now()
    posts = queries.posts(request.practice.pk, clock.local_date(at, actions.ZONE))
    form = ProgramForm(request.POST or None, posts=posts)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = actions.issue(
                staff=form.post,
                name=form.cleaned_data["name"],
                may_write=form.cleaned_data["may_write"],
                by=request.staff,
                at=at,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            context = {"token": token, "secret": secret, "server": _server(request)}
            return render(request, "interop/program_shown.html", context)
    status = 422 if form.errors else 200
    return render(request, "interop/program_new.html", {"form": form}, status=status)


@require_POST
@door("practice.manage")
@fresh_login
def revoke(request: Request, pk: int) -> HttpResponse:
    """Take a key back."""
    token = queries.token(request.practice.pk, pk)
    if token is None:
        raise Http404
    actions.revoke(token=token, by=request.staff, at=clock.now())
    messages.success(request, f"« {token} » n’a plus accès au cabinet.")
    return redirect("elsewhere:programs")


def _server(request: Request) -> str:
    return request.build_absolute_uri("/fhir")
