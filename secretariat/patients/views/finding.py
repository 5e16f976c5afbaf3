"""Search first: the search screen, the answers of every search box, the likely duplicates."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from secretariat.core import clock
from secretariat.patients.matching import Person
from secretariat.patients.queries import find as queries
from secretariat.patients.queries import twins
from secretariat.patients.typed_date import read_date
from secretariat.patients.views import answers
from secretariat.practice.doors import Request, door

BOX = 8
"""Lines under a search box."""


@require_safe
@door("patients.read")
def search(request: Request) -> HttpResponse:
    """The search screen; its list alone when htmx asks for it."""
    text = request.GET.get("q", "")
    context = {"q": text, "found": _found(request, text, queries.MOST)} | _may(request)
    part = "#found" if request.headers.get("HX-Target") == "found" else ""
    return render(request, f"patients/search.html{part}", context)


@require_safe
@door("patients.read")
def find(request: Request) -> HttpResponse:
    """Lines under a search box: links in the band's box, choices in a form's."""
    text = request.GET.get("q", "")
    links = request.headers.get("HX-Trigger") == "search"
    found = _found(request, text, BOX)
    hits = [row.hit(links) for row in found.rows]
    context = {"q": text, "found": found, "hits": hits} | _may(request)
    return render(request, "patients/hits.html", context)


@require_safe
@door("patients.read")
def duplicates(request: Request) -> HttpResponse:
    """Files that the one being typed may double."""
    today = answers.today(request)
    newcomer = Person(
        birth_name=request.GET.get("birth_name", ""),
        given_names=request.GET.get("given_names", ""),
        used_name=request.GET.get("used_name", ""),
        birth_date=read_date(request.GET.get("birth_date", ""), today),
    )
    likely = twins.likely(request.practice.pk, newcomer, at=clock.now(), today=today)
    context = {"twins": likely, "call": request.GET.get("call", "")}
    return render(request, "patients/_twins.html", context)


def _may(request: Request) -> dict[str, bool]:
    return {"may_write": request.staff.may("patients.write")}


def _found(request: Request, text: str, most: int) -> queries.Found:
    today = answers.today(request)
    return queries.find(request.practice.pk, text, at=clock.now(), today=today, most=most)
