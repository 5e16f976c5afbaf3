"""« Plusieurs rendez-vous »: a chain, a family in a row, a series; one button gives them all."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from secretariat.agenda.actions.groups import Wanted, book_together
from secretariat.agenda.loading import Whose
from secretariat.agenda.models import Appointment, VisitGroup
from secretariat.agenda.queries.desk import Desk, desk
from secretariat.agenda.queries.together import given_in, patients
from secretariat.agenda.refused_words import day_words
from secretariat.agenda.together_forms import Sent, VisitsForm
from secretariat.agenda.views import together_tabs as tabs
from secretariat.agenda.views.answers import done, sheet
from secretariat.agenda.views.rest import ticket
from secretariat.core import clock
from secretariat.core.idempotency import once
from secretariat.core.refusal import BadInput
from secretariat.practice.doors import Request, door

TABS = (
    ("chain", "Enchaînement", "link"), ("family", "Famille", "users-group"),
    ("series", "Série", "repeat"),
)  # fmt: skip
_DRAW = {"chain": tabs.chain, "family": tabs.family, "series": tabs.series}


@require_http_methods(["GET", "POST"])
@door("agenda.book")
def together(request: Request) -> HttpResponse:
    """The sheet of several visits. Posted, it gives all those it names, or none.

    Address: `tab`, and what is chosen in it; `patient` opens it for someone.
    """
    choices = desk(request.practice.pk)
    if request.method == "POST":
        return _give(request, choices)
    at = clock.now()
    fiche = request.GET.get("fiche", "")
    # An id that starts with a digit could not be aimed at by htmx.
    name = f"together-{slugify(fiche)}"
    today = clock.local_date(at, choices.zone)
    asked = tabs.Asked(request, choices, name, today, Whose(at, request.staff.pk))
    tab = request.GET.get("tab", "")
    tab = tab if tab in _DRAW else "chain"
    context = {
        "tab": tab,
        "tabs": TABS,
        "fields": f"agenda/_{tab}_fields.html",
        "answer": "agenda/_sittings.html" if tab == "series" else "agenda/_ways.html",
        "reasons": asked.reasons,
        "agendas": choices.agendas,
        "token": uuid.uuid4(),
        "fiche": fiche,
        "name": name,
        **_DRAW[tab](asked),
    }
    return sheet(request, "agenda/together.html", context, zone=choices.zone)


def _give(request: Request, choices: Desk) -> HttpResponse:
    form = VisitsForm(request.POST)
    if not form.is_valid():
        raise BadInput("Ce choix n’est plus lisible : cherchez encore.")
    wanted = _wanted(request, choices, form.sent)

    def give() -> str:
        group = book_together(
            visits=wanted, kind=form.cleaned_data["kind"], label=form.cleaned_data["label"],
            by=request.staff, at=clock.now(),
        )  # fmt: skip
        return str(group.pk)

    reference, new = once(
        token=str(form.cleaned_data["form_token"]), user_id=request.staff.user_id, at=clock.now(),
        work=give,
    )  # fmt: skip
    given = given_in(request.practice.pk, int(reference))
    said = _said(given, form.cleaned_data["kind"])
    if not new:
        return done(f"Déjà enregistrés : {said}.", sheetClose={})
    undo = ticket(int(reference), "book", visits=[[one.pk, one.version] for one in given])
    return done(f"{len(given)} rendez-vous donnés : {said}.", undo=undo, sheetClose={})


def _wanted(request: Request, choices: Desk, sent: Sequence[Sent]) -> list[Wanted]:
    """The rows that a button names; 404 for what is not this practice's."""
    known = {one.pk: one for one in patients(request.practice.pk, [one.patient for one in sent])}
    wanted = []
    for one in sent:
        agenda, reason = choices.agenda(one.agenda), choices.reason(one.reason)
        patient = known.get(one.patient)
        if agenda is None or reason is None or patient is None:
            raise Http404
        wanted.append(Wanted(agenda, patient, reason, one.starts_at, one.minutes))
    return wanted


def _said(given: Sequence[Appointment], kind: str) -> str:
    """« mardi 24 novembre de 09:00 à 09:45 », « du lundi 23 novembre au vendredi 15 janvier »."""
    if not given:
        return "plus aucun ne tient"
    first, last = given[0], given[-1]
    starts = clock.local(first.starts_at, first.agenda.site.time_zone)
    ends = clock.local(last.ends_at, last.agenda.site.time_zone)
    if kind == VisitGroup.Kind.SERIES:
        return f"du {day_words(starts.date())} au {day_words(ends.date())}"
    return f"{day_words(starts.date())} de {starts:%H:%M} à {ends:%H:%M}"
