"""Replanning a day: from an absence or a period to one approval, and its undoing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from secretariat.agenda.actions import replanning as actions
from secretariat.agenda.models import Agenda, Replan, ReplanLine
from secretariat.agenda.queries import replan_facts
from secretariat.agenda.queries import replans as queries
from secretariat.agenda.queries import rules as rule_queries
from secretariat.agenda.queries.desk import Desk, agendas
from secretariat.agenda.queries.resources import closings_of
from secretariat.agenda.replan_forms import PlaceForm, ReplanForm, ShiftForm
from secretariat.agenda.replanning.apart import child
from secretariat.agenda.rule_forms import must_be_valid
from secretariat.agenda.views.answers import day_asked, done, page, sheet
from secretariat.core import clock
from secretariat.practice.doors import Request, door


@require_safe
@door("agenda.book")
def replans(request: Request) -> HttpResponse:
    """Drafts under way, and what was replanned lately."""
    found = queries.lately(request.practice.pk, clock.now())
    zone = Desk(agendas(request.practice.pk)).zone
    return page(request, "agenda/replans.html", {"replans": found}, zone=zone)


@require_http_methods(["GET", "POST"])
@door("agenda.book")
def new_replan(request: Request) -> HttpResponse:
    """Choose an agenda and a period; the draft opens."""
    desk = Desk(agendas(request.practice.pk))
    now = clock.now()
    if request.method == "GET":
        today = clock.local_date(now, desk.zone)
        first = {
            "agenda": request.GET.get("agenda", ""), "day": day_asked(request, today),
            "close": True,
        }  # fmt: skip
        form = ReplanForm(desk, initial=first, auto_id="replan-%s")
        return sheet(request, "agenda/new_replan.html", {"form": form}, zone=desk.zone)
    form = ReplanForm(desk, request.POST, auto_id="replan-%s")
    must_be_valid(form)
    agenda = get_object_or_404(rule_queries.agendas_of(request.practice.pk), pk=form.wanted.pk)
    made = actions.replan(
        agenda=agenda, period=form.period(), accepted=replan_facts.colleagues(agenda),
        by=request.staff, at=now,
    )  # fmt: skip
    return to_the_draft(made)


@require_POST
@door("agenda.book")
def replan_absence(request: Request, pk: int) -> HttpResponse:
    """Replan the visits that stand in an absence."""
    absence = get_object_or_404(rule_queries.absences_of(request.practice.pk), pk=pk)
    agenda = get_object_or_404(rule_queries.agendas_of(request.practice.pk), pk=absence.agenda_id)
    made = actions.replan(
        agenda=agenda, period=actions.Period(absence.starts_at, absence.ends_at), absence=absence,
        accepted=replan_facts.colleagues(agenda), by=request.staff, at=clock.now(),
    )  # fmt: skip
    return to_the_draft(made)


@require_POST
@door("agenda.book")
def replan_closing(request: Request, pk: int) -> HttpResponse:
    """Replan the visits that take a room while it is closed."""
    closing = get_object_or_404(closings_of(request.practice.pk), pk=pk)
    return to_the_draft(actions.replan_closing(closing=closing, by=request.staff, at=clock.now()))


@require_safe
@door("agenda.book")
def replan(request: Request, pk: int) -> HttpResponse:
    """The draft, or what became of it."""
    one = _replan(request, pk)
    name = "agenda/replan.html"
    if request.GET.get("part") == "list":
        # Another desk may work on the same draft: asked often, answered when it changed.
        if one.state == Replan.State.DRAFT and request.GET.get("seen") == str(one.version):
            return HttpResponse(status=204)
        name += "#list"
    return _shown(request, one, name)


@require_POST
@door("agenda.book")
def search(request: Request, pk: int) -> HttpResponse:
    """Look again, perhaps with other colleagues."""
    one = _replan(request, pk)
    chosen = None
    if "colleagues" in request.POST:
        wanted = set(request.POST.getlist("accepted"))
        chosen = [who for who in replan_facts.colleagues(one.agenda) if str(who.pk) in wanted]
    actions.look_again(replan=one, accepted=chosen, by=request.staff, at=clock.now())
    return done("Les heures ont été cherchées de nouveau.", replanned={})


@require_POST
@door("agenda.book")
def approve(request: Request, pk: int) -> HttpResponse:
    """Write everything, or tell whose time was taken."""
    told = actions.approve(replan=_replan(request, pk), by=request.staff, at=clock.now())
    if told.written:
        undo = reverse("agenda:undo_replan", args=[pk])
        return done("Replanification validée : tout est écrit.", undo=undo, replanned={})
    count = len(told.again)
    words = "1 heure vient" if count == 1 else f"{count} heures viennent"
    return done(
        f"Rien n’a été écrit : {words} d’être prise{'s' if count > 1 else ''}. Une autre est "
        "proposée, les autres patients gardent la leur : validez de nouveau.",
        replanned={},
    )


@require_POST
@door("agenda.book")
def undo(request: Request, pk: int) -> HttpResponse:
    """Take it all back."""
    undone = actions.undo(replan=_replan(request, pk), by=request.staff, at=clock.now())
    names = ", ".join(queries.left_aside(undone))
    said = f"Repris, sauf pour qui a déjà changé par son lien : {names}. À rappeler."
    return done(said if names else "Tout est revenu comme avant.", replanned={})


@require_POST
@door("agenda.book")
def drop(request: Request, pk: int) -> HttpResponse:
    """Give the draft up."""
    actions.drop(replan=_replan(request, pk), by=request.staff, at=clock.now())
    return done("Brouillon abandonné : rien n’a été déplacé.", replanned={})


@require_POST
@door("agenda.book")
def choose_all(request: Request, pk: int) -> HttpResponse:
    """The same fate for everyone."""
    actions.choose_all(
        replan=_replan(request, pk), choice=request.POST.get("choice", ""), by=request.staff,
        at=clock.now(),
    )  # fmt: skip
    return done("Le même choix pour tous.", replanned={})


@require_POST
@door("agenda.book")
def shift(request: Request, pk: int) -> HttpResponse:
    """The practitioner is late: everyone so many minutes later."""
    typed = must_be_valid(ShiftForm(request.POST))
    actions.shift(
        replan=_replan(request, pk), minutes=typed["minutes"], by=request.staff, at=clock.now()
    )
    return done(f"Tous décalés de {typed['minutes']} minutes.", replanned={})


@require_POST
@door("agenda.book")
def hand_over(request: Request, pk: int) -> HttpResponse:
    """The same hours with someone else."""
    one = _replan(request, pk)
    to = get_object_or_404(
        rule_queries.agendas_of(request.practice.pk), pk=request.POST.get("agenda") or 0
    )
    actions.hand_over(replan=one, to=to, by=request.staff, at=clock.now())
    return done(f"Mêmes heures chez {to.name}, quand elles y sont libres.", replanned={})


@require_http_methods(["GET", "POST"])
@door("agenda.book")
def line(request: Request, pk: int) -> HttpResponse:
    """Other times for one visit; posting one gives it by hand."""
    one = _line(request, pk)
    desk = Desk(agendas(request.practice.pk))
    zone = one.replan.agenda.site.time_zone
    if request.method == "POST":
        form = PlaceForm(desk, request.POST, auto_id=f"line-{pk}-%s")
        must_be_valid(form)
        agenda, starts_at = form.place()
        actions.place(line=one, agenda=agenda, starts_at=starts_at, by=request.staff,
                      at=clock.now())  # fmt: skip
        return done("Heure choisie et gardée.", replanned={}, sheetClose={})
    local = clock.local(one.starts_at or one.was_at + timedelta(days=1), zone)
    first = {
        "agenda": one.agenda_id or one.was_in_id, "day": local.date(), "clock": local.time(),
    }  # fmt: skip
    form = PlaceForm(desk, initial=first, auto_id=f"line-{pk}-%s")
    context = {"line": one, "form": form, "others": queries.others(one, clock.now())}
    return sheet(request, "agenda/replan_line.html", context, zone=zone)


@require_POST
@door("agenda.book")
def choose(request: Request, pk: int) -> HttpResponse:
    """Move, cancel, keep to be recalled, leave."""
    actions.choose(
        line=_line(request, pk), choice=request.POST.get("choice", ""), by=request.staff,
        at=clock.now(),
    )  # fmt: skip
    return _again()


@require_POST
@door("agenda.book")
def another(request: Request, pk: int) -> HttpResponse:
    """Not this time: the next best."""
    actions.another(line=_line(request, pk), by=request.staff, at=clock.now())
    return _again()


@require_POST
@door("agenda.book")
def pin(request: Request, pk: int) -> HttpResponse:
    """Keep the time whatever happens, or let it be looked for again."""
    one = _line(request, pk)
    deed = actions.unpin if one.pinned else actions.pin
    deed(line=one, by=request.staff, at=clock.now())
    return _again()


def _again() -> HttpResponse:
    """The row tells it: no notice."""
    response = HttpResponse(status=204)
    response["HX-Trigger"] = "replanned"
    return response


def to_the_draft(made: Replan) -> HttpResponse:
    """The draft takes the whole page: the sheet it came from is done with."""
    response = HttpResponseClientRedirect(reverse("agenda:replan", args=[made.pk]))
    response["HX-Trigger"] = "sheetClose"
    return response


def _replan(request: Request, pk: int) -> Replan:
    return get_object_or_404(queries.replans_of(request.practice.pk), pk=pk)


def _line(request: Request, pk: int) -> ReplanLine:
    return get_object_or_404(queries.lines_of(request.practice.pk), pk=pk)


def _shown(request: Request, one: Replan, name: str) -> HttpResponse:
    if one.state == Replan.State.DRAFT:
        child.warm()  # Whoever is at a draft will look again.
    shown = queries.sheet(one, clock.now())
    context: dict[str, Any] = {
        "replan": one, "shown": shown, "draft": one.state == Replan.State.DRAFT,
        "accepted": set(one.accepted), "choices": ReplanLine.Choice.choices,
    }  # fmt: skip
    return page(request, name, context, zone=_zone(one.agenda))


def _zone(agenda: Agenda) -> str:
    return agenda.site.time_zone
