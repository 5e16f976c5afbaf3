"""« Liste d’attente »: who waits, how they enter the list, change and leave it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.agenda.actions import waiting as actions
from secretariat.agenda.models import Appointment, Waiting
from secretariat.agenda.queries import visit as visits
from secretariat.agenda.queries import waiting as queries
from secretariat.agenda.queries.desk import Desk, desk
from secretariat.agenda.queries.waiting import Line, line
from secretariat.agenda.rule_forms import must_be_valid
from secretariat.agenda.views.answers import done, page, sheet
from secretariat.agenda.waiting_forms import EnterForm, RulesForm, TermsForm, doctors_of, said
from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.patients.queries.rows import row
from secretariat.practice.doors import Request, door


@require_safe
@door("agenda.book")
def waiting_list(request: Request) -> HttpResponse:
    """Freed times to propose, and those who wait, by priority then by length of wait.

    Address: `doctor`, `reason`, `priority`, `earlier`, `over` (those who left), `page`.
    """
    choices, at = desk(request.practice.pk), clock.now()
    wanted = _wanted(request)
    found = Paginator(queries.waiting_list(request.practice.pk, wanted), queries.PAGE)
    shown = found.get_page(request.GET.get("page"))
    lines = [line(one, at, choices.zone) for one in shown.object_list]
    rules = queries.rules_of(request.practice.pk)
    freed = queries.freed_times(request.practice.pk, at)
    context: dict[str, Any] = {
        "page": shown,
        "bands": _bands(lines, over=wanted.over),
        "total": found.count,
        "wanted": wanted,
        "filtered": wanted != queries.Filter(over=wanted.over),
        "doctors": doctors_of(choices.agendas).items(),
        "reasons": choices.reasons,
        "priorities": Waiting.Priority.choices,
        "outcomes": Waiting.Outcome.choices,
        "freed": freed,
        "runs": queries.runs(freed),
        "rules": rules,
        "query": _without_page(request),
        "may_rule": request.staff.may("agenda.rules"),
        "rules_form": RulesForm(
            initial={name: getattr(rules, name) for name in rules.__slots__}, auto_id="rules-%s"
        ),
    }
    part = "#lists" if request.GET.get("part") == "lists" else ""
    return page(request, f"agenda/waiting.html{part}", context, zone=choices.zone)


@require_http_methods(["GET", "POST"])
@door("agenda.book")
def enter(request: Request) -> HttpResponse:
    """Enter someone in the list.

    Address: `patient`, `reason`, `agenda` (their doctor), `until`, `visit` (to be moved earlier).
    """
    choices = desk(request.practice.pk)
    name = f"wait-{slugify(request.GET.get('fiche', ''))}"
    if request.method == "GET":
        form = EnterForm(
            choices, request.staff, initial=_asked(request, choices), auto_id=f"{name}-%s"
        )
        return _enter_sheet(request, choices, form)
    form = EnterForm(choices, request.staff, request.POST, auto_id=f"{name}-%s")
    if not form.is_valid():
        return _enter_sheet(request, choices, form, status=422)
    patient = visits.patient(request.practice.pk, form.cleaned_data["patient"])
    reason = choices.reason(form.cleaned_data["reason"])
    if patient is None or reason is None:
        raise BadInput("Cherchez d’abord le patient qui attend.")
    at = clock.now()
    waiting = actions.enter(
        patient=patient, reason=reason, visit=_visit(request, form.cleaned_data["visit"]),
        terms=form.terms(clock.local_date(at, choices.zone)), by=request.staff, at=at,
    )  # fmt: skip
    return done(f"{waiting.patient} est sur la liste d’attente.", sheetClose={})


@require_http_methods(["GET", "POST"])
@door("agenda.book")
def one_waiting(request: Request, pk: int) -> HttpResponse:
    """What someone waits for, to read and change."""
    waiting = get_object_or_404(queries.one_waiting(request.practice.pk), pk=pk)
    choices, at = desk(request.practice.pk), clock.now()
    if request.method == "GET":
        form = TermsForm(choices, initial=said(waiting), auto_id=f"waiting-{pk}-%s")
        return _one_sheet(request, choices, waiting, form)
    form = TermsForm(choices, request.POST, auto_id=f"waiting-{pk}-%s")
    if not form.is_valid():
        return _one_sheet(request, choices, waiting, form, status=422)
    actions.change(
        waiting=waiting, version=form.cleaned_data["version"] or 0,
        terms=form.terms(clock.local_date(at, choices.zone)), by=request.staff, at=at,
    )  # fmt: skip
    return done("Attente modifiée.", sheetClose={})


@require_POST
@door("agenda.book")
def leave(request: Request, pk: int) -> HttpResponse:
    """Someone leaves the list; « Annuler » in the notice puts them back."""
    waiting = get_object_or_404(queries.one_waiting(request.practice.pk), pk=pk)
    version = request.POST.get("version", "")
    left = actions.leave(
        waiting=waiting, version=int(version) if version.isdecimal() else waiting.version,
        outcome=request.POST.get("outcome", ""), by=request.staff, at=clock.now(),
    )  # fmt: skip
    return done(
        f"{left.patient} quitte la liste d’attente : {left.get_outcome_display().lower()}.",
        undo=reverse("agenda:return_waiting", args=[pk]), sheetClose={},
    )  # fmt: skip


@require_POST
@door("agenda.book")
def come_back(request: Request, pk: int) -> HttpResponse:
    """Undo a leaving."""
    waiting = get_object_or_404(queries.one_waiting(request.practice.pk), pk=pk)
    actions.come_back(waiting=waiting, by=request.staff, at=clock.now())
    return done("De nouveau sur la liste d’attente.")


@require_POST
@door("agenda.rules")
def rules(request: Request) -> HttpResponse:
    """How freed times are proposed."""
    typed = must_be_valid(RulesForm(request.POST))
    actions.set_rules(by=request.staff, at=clock.now(), **typed)
    return done("Réglages des propositions gardés.")


def _bands(lines: list[Line], *, over: bool) -> list[tuple[str, list[Line]]]:
    """The lines under their priority, in order; those who left under one title."""
    if over:
        return [("Sortis de la liste", lines)] if lines else []
    bands = ((label, [one for one in lines if one.waiting.priority == value])
             for value, label in Waiting.Priority.choices)  # fmt: skip
    return [(label, some) for label, some in bands if some]


def _wanted(request: Request) -> queries.Filter:
    def number(name: str) -> int | None:
        text = request.GET.get(name, "")
        return int(text) if text.isdecimal() and len(text) < 19 else None

    return queries.Filter(
        practitioner=number("doctor"), reason=number("reason"), priority=number("priority"),
        earlier=bool(request.GET.get("earlier")), over=bool(request.GET.get("over")),
    )  # fmt: skip


def _without_page(request: Request) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("part", None)
    return f"{query.urlencode()}&" if query else ""


def _visit(request: Request, pk: int | None) -> Appointment | None:
    if pk is None:
        return None
    return visits.appointments(request.practice.pk).filter(pk=pk, cancelled_at=None).first()


def _asked(request: Request, choices: Desk) -> dict[str, Any]:
    """What the address says: from a search that found nothing, a visit, a patient's page."""
    text = request.GET.get("visit", "")
    visit = _visit(request, int(text) if text.isdecimal() and len(text) < 19 else None)
    agenda = choices.agenda(request.GET.get("agenda"))
    asked: dict[str, Any] = {
        "patient": request.GET.get("patient", ""), "reason": request.GET.get("reason", ""),
        "to_date": request.GET.get("until") or None,
        "doctors": [agenda.practitioner_id] if agenda else [],
    }  # fmt: skip
    if visit is not None:
        asked |= {
            "visit": visit.pk, "patient": visit.patient_id, "reason": visit.reason_id,
            "doctors": [visit.agenda.practitioner_id],
        }  # fmt: skip
    return asked


def _enter_sheet(
    request: Request, choices: Desk, form: EnterForm, status: int = 200
) -> HttpResponse:
    pk = form["patient"].value()
    patient = visits.patient(request.practice.pk, int(pk)) if str(pk or "").isdecimal() else None
    today = clock.local_date(clock.now(), choices.zone)
    visit = form["visit"].value()
    context = {
        "form": form,
        "chosen": row(patient, today) if patient else None,
        "visit": _visit(request, int(visit)) if str(visit or "").isdecimal() else None,
        "draft": slugify(request.GET.get("fiche", "")) or "new",
    }
    return sheet(request, "agenda/waiting_enter.html", context, zone=choices.zone, status=status)


def _one_sheet(
    request: Request, choices: Desk, waiting: Waiting, form: TermsForm, status: int = 200
) -> HttpResponse:
    at = clock.now()
    context = {
        "line": line(waiting, at, choices.zone),
        "waiting": waiting,
        "row": row(waiting.patient, clock.local_date(at, choices.zone)),
        "form": form,
        "outcomes": Waiting.Outcome.choices,
    }
    return sheet(request, "agenda/waiting_one.html", context, zone=choices.zone, status=status)
