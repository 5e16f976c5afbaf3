"""« Personnes » : who works here, in which role, until when, and what is withheld from them."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.practice import actions, queries
from secretariat.practice.doors import Request, door, fresh_login
from secretariat.practice.forms import EngageForm, RightsForm
from secretariat.practice.models import Staff
from secretariat.practice.roles import ROLES


@require_safe
@door("practice.manage")
def people(request: Request) -> HttpResponse:
    """Everyone with a post, and what each role may do, in plain words."""
    context = {
        "posts": queries.staff(request.practice.pk),
        "roles": list(ROLES.values()),
        "today": clock.local_date(clock.now(), "Europe/Paris"),
    }
    return render(request, "practice/people.html", context)


@require_http_methods(["GET", "POST"])
@door("practice.manage")
@fresh_login
def engage(request: Request) -> HttpResponse:
    """Give someone a post; a new login gets a first password, shown once."""
    form = EngageForm(request.POST or None, practice_id=request.practice.pk)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        password = secrets.token_urlsafe(12)
        try:
            staff, new = actions.engage_by_login(
                practice=request.practice,
                login=typed.pop("login"),
                password=password,
                by=request.staff,
                at=clock.now(),
                **typed,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return render(
                request,
                "practice/engaged.html",
                {"post": staff, "password": password if new else ""},
            )
    status = 422 if form.errors else 200
    return render(request, "practice/engage.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@door("practice.manage")
@fresh_login
def rights(request: Request, pk: int) -> HttpResponse:
    """Take single rights away, or give them back."""
    staff = get_object_or_404(Staff, pk=pk, practice_id=request.practice.pk)
    form = RightsForm(request.POST or None, staff=staff)
    if request.method == "POST" and form.is_valid():
        actions.withhold(
            staff=staff, permissions=form.cleaned_data["withheld"], by=request.staff, at=clock.now()
        )
        messages.success(request, f"Droits de {staff} enregistrés.")
        return redirect("people")
    return render(request, "practice/rights.html", {"form": form, "post": staff})


@require_POST
@door("practice.manage")
@fresh_login
def give_back_access(request: Request, pk: int) -> HttpResponse:
    """A lost telephone or password: a provisional password, shown once."""
    staff = get_object_or_404(Staff, pk=pk, practice_id=request.practice.pk)
    password = secrets.token_urlsafe(12)
    actions.give_back_access(staff=staff, password=password, by=request.staff, at=clock.now())
    return render(request, "practice/access_back.html", {"post": staff, "password": password})


@require_POST
@door("practice.manage")
@fresh_login
def dismiss(request: Request, pk: int) -> HttpResponse:
    """Close a post today: its next page does not open."""
    staff = get_object_or_404(Staff, pk=pk, practice_id=request.practice.pk)
    at = clock.now()
    yesterday = clock.local_date(at, "Europe/Paris") - timedelta(days=1)
    actions.dismiss(staff=staff, last_day=yesterday, by=request.staff, at=at)
    messages.success(request, f"Le poste de {staff} est fermé.")
    return redirect("people")
