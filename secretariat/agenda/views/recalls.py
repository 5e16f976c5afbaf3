"""« À revoir »: the worklist of a month, one recall, calls and messages, who is left in peace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.agenda.actions import recalls as actions
from secretariat.agenda.models import Recall, RecallTry
from secretariat.agenda.queries import recalls as queries
from secretariat.agenda.queries import visit as visits
from secretariat.agenda.queries.desk import Desk, desk
from secretariat.agenda.queries.waiting import phones_of, writable
from secretariat.agenda.recall_criteria import months_after
from secretariat.agenda.recall_forms import DueForm, RecallForm
from secretariat.agenda.recall_words import due_words
from secretariat.agenda.rule_forms import must_be_valid
from secretariat.agenda.views.answers import done, page, sheet
from secretariat.agenda.waiting_forms import doctors_of
from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.patients.access import patient_for
from secretariat.patients.queries.rows import row
from secretariat.patients.reaching import shown_phone
from secretariat.practice.doors import Request, door

CALL_OUTCOMES = [
    (RecallTry.Outcome.WILL_CALL, "Rappellera", "p", "phone-incoming"),
    (RecallTry.Outcome.NO_ANSWER, "Ne répond pas", "a", "phone-off"),
    (RecallTry.Outcome.VOICEMAIL, "Message sur répondeur", "r", "message-2"),
    (RecallTry.Outcome.WRONG_NUMBER, "Mauvais numéro", "f", "phone-x"),
]
"""What a call may give, its key on the list and its sign."""


@require_safe
@door("agenda.book")
def recalls(request: Request) -> HttpResponse:
    """Those to see again by the end of a month, overdue ones first.

    Address: `month` (« 2026-12 »), `doctor`, `reason`, `campaign`, `over`, `page`.
    """
    choices, at = desk(request.practice.pk), clock.now()
    today = clock.local_date(at, choices.zone)
    wanted = _wanted(request, today)
    found = Paginator(queries.worklist(request.practice.pk, wanted, at), queries.PAGE)
    shown = found.get_page(request.GET.get("page"))
    query = request.GET.copy()
    for name in ("page", "part"):
        query.pop(name, None)
    context: dict[str, Any] = {
        "page": shown,
        "lines": _lines(shown.object_list, at, today),
        "total": found.count,
        "wanted": wanted,
        "before": months_after(wanted.month, -1),
        "after": months_after(wanted.month, 1),
        "filtered": bool(wanted.practitioner or wanted.reason or wanted.campaign),
        "doctors": doctors_of(choices.agendas).items(),
        "reasons": choices.reasons,
        "query": f"{query.urlencode()}&" if query else "",
        "call_outcomes": CALL_OUTCOMES,
        "most": actions.MOST_TRIES,
    }
    part = "#lists" if request.GET.get("part") == "lists" else ""
    return page(request, f"agenda/recalls.html{part}", context, zone=choices.zone)


@require_http_methods(["GET", "POST"])
@door("agenda.book")
def new_recall(request: Request) -> HttpResponse:
    """« Contrôle dans 3 mois ». Address: `patient`, or `visit` (its patient, reason and doctor)."""
    choices = desk(request.practice.pk)
    name = f"recall-{slugify(request.GET.get('fiche', ''))}"
    if request.method == "GET":
        initial = _asked(request)
        form = RecallForm(choices, request.staff, initial=initial, auto_id=f"{name}-%s")
        return _new_sheet(request, choices, form)
    form = RecallForm(choices, request.staff, request.POST, auto_id=f"{name}-%s")
    if not form.is_valid():
        return _new_sheet(request, choices, form, status=422)
    patient = visits.patient(request.practice.pk, form.cleaned_data["patient"])
    if patient is None:
        raise BadInput("Cherchez d’abord le patient à revoir.")
    at = clock.now()
    made = actions.recall(
        patient=patient, reason=form.reasons[form.cleaned_data["reason"]],
        due=form.due(clock.local_date(at, choices.zone)), practitioner=form.doctor,
        note=form.cleaned_data["note"], by=request.staff, at=at,
    )  # fmt: skip
    return done(f"{patient} : à revoir, {due_words(made)}.", sheetClose={})


@require_http_methods(["GET", "POST"])
@door("agenda.book")
def recall(request: Request, pk: int) -> HttpResponse:
    """One recall, its calls and messages; posted, it is put off."""
    at = clock.now()
    one = get_object_or_404(queries.one(request.practice.pk, pk, at))
    choices = desk(request.practice.pk)
    today = clock.local_date(at, choices.zone)
    if request.method == "POST":
        form = DueForm(request.POST)
        must_be_valid(form)
        put = actions.put_off(recall=one, due=form.due(today), by=request.staff, at=at)
        return done(f"À revoir {due_words(put)}.", sheetClose={})
    patient = patient_for(request.staff, one.patient_id, at=at, screen="À revoir")
    context = {
        "recall": one,
        "due": due_words(one),
        "row": row(patient, today),
        "phones": [(n, shown_phone(n)) for n in phones_of([patient.pk]).get(patient.pk, [])],
        "family": [
            (other, due_words(other))
            for other in queries.of_household(one, today + timedelta(days=31))
            if other.pk != one.pk
        ],
        "form": DueForm(
            initial={"day": one.due_on, "tolerance_days": one.tolerance_days},
            auto_id=f"recall-{pk}-%s",
        ),
        "outcomes": [o for o in Recall.Outcome.choices if o[0] not in {"booked", "silence"}],
        "call_outcomes": CALL_OUTCOMES,
    }
    return sheet(request, "agenda/recall.html", context, zone=choices.zone)


@require_POST
@door("agenda.book")
def called(request: Request, pk: int) -> HttpResponse:
    """What a call gave; `family`: for all who live there and are due."""
    one, at = _one(request, pk), clock.now()
    those = [one]
    if request.POST.get("family"):
        today = clock.local_date(at, desk(request.practice.pk).zone)
        those = queries.of_household(one, today + timedelta(days=31))
    made = actions.attempt(
        recalls=those, how="phone", outcome=request.POST.get("outcome", ""),
        note=request.POST.get("note", ""), by=request.staff, at=at,
    )  # fmt: skip
    for_all = f" pour {len(made)} patients" if len(made) > 1 else ""
    return done(f"Appel noté{for_all} : {made[0].get_outcome_display().lower()}.", sheetClose={})


@require_POST
@door("agenda.book")
def write_to(request: Request) -> HttpResponse:
    """Write to those who were ticked."""
    keys = [int(pk) for pk in request.POST.getlist("recall") if pk.isdecimal() and len(pk) < 19]
    at = clock.now()
    chosen = list(queries.recalls(request.practice.pk, at).filter(pk__in=keys[: queries.PAGE]))
    number = actions.write_to(recalls=chosen, by=request.staff, at=at)
    if not number:
        return done(
            "Personne à qui écrire : cochez des patients ; les autres sont à appeler, ou ont reçu "
            "un message aujourd’hui."
        )
    others = len(chosen) - number
    call = f" {others} à appeler : aucun message possible aujourd’hui." if others else ""
    return done(f"{number} message{'s' * (number > 1)} à envoyer.{call}")


@require_POST
@door("agenda.book")
def close(request: Request, pk: int) -> HttpResponse:
    """Settle a recall; « Annuler » in the notice opens it again."""
    closed = actions.close(
        recall=_one(request, pk), outcome=request.POST.get("outcome", ""), by=request.staff,
        at=clock.now(),
    )  # fmt: skip
    return done(
        f"Rappel réglé : {closed.get_outcome_display().lower()}.",
        undo=reverse("agenda:reopen_recall", args=[pk]), sheetClose={},
    )  # fmt: skip


@require_POST
@door("agenda.book")
def reopen(request: Request, pk: int) -> HttpResponse:
    """Undo a closing."""
    actions.reopen(recall=_one(request, pk), by=request.staff, at=clock.now())
    return done("De nouveau à revoir.")


@require_POST
@door("agenda.book")
def silence(request: Request, patient: int) -> HttpResponse:
    """Recall that patient no more; without a reason written, they may be recalled again."""
    at = clock.now()
    who = patient_for(request.staff, patient, at=at, screen="Ne plus relancer")
    if request.POST.get("lift"):
        actions.lift_silence(patient=who, by=request.staff, at=at)
        return done(f"{who} peut de nouveau être relancé.")
    actions.silence(patient=who, why=request.POST.get("why", ""), by=request.staff, at=at)
    return done(f"{who} ne sera plus relancé.", sheetClose={})


def _lines(found: Iterable[Recall], at: datetime, today: date) -> list[dict[str, Any]]:
    """The recalls with their numbers; those of one household are marked as one call."""
    some = list(found)
    patients = {one.patient_id for one in some}
    phones, may = phones_of(patients), writable(patients)
    homes = [one.patient.household_id for one in some]
    return [
        {
            "recall": one,
            "due": due_words(one),
            "overdue": one.due_on + timedelta(days=one.tolerance_days) < today,
            "family": homes.count(home) if (home := one.patient.household_id) else 0,
            "phones": [(n, shown_phone(n)) for n in phones.get(one.patient_id, [])[:1]],
            "writable": one.patient_id in may,
        }
        for one in some
    ]


def _one(request: Request, pk: int) -> Recall:
    return get_object_or_404(queries.recalls(request.practice.pk, clock.now()), pk=pk)


def _wanted(request: Request, today: date) -> queries.Wanted:
    def number(name: str) -> int | None:
        text = request.GET.get(name, "")
        return int(text) if text.isdecimal() and len(text) < 19 else None

    try:
        month = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        month = today.replace(day=1)
    if not 1950 <= month.year <= 2150:
        month = today.replace(day=1)
    return queries.Wanted(
        month, number("doctor"), number("reason"), number("campaign"),
        over=bool(request.GET.get("over")),
    )  # fmt: skip


def _asked(request: Request) -> dict[str, Any]:
    asked: dict[str, Any] = {"patient": request.GET.get("patient", ""), "months": 3}
    pk = request.GET.get("visit", "")
    if pk.isdecimal() and len(pk) < 19:
        visit = visits.appointments(request.practice.pk).filter(pk=pk).first()
        if visit is not None:
            asked |= {
                "patient": visit.patient_id, "reason": visit.reason_id,
                "practitioner": visit.agenda.practitioner_id,
            }  # fmt: skip
    return asked


def _new_sheet(
    request: Request, choices: Desk, form: RecallForm, status: int = 200
) -> HttpResponse:
    pk = form["patient"].value()
    patient = visits.patient(request.practice.pk, int(pk)) if str(pk or "").isdecimal() else None
    context = {
        "form": form,
        "chosen": row(patient, clock.local_date(clock.now(), choices.zone)) if patient else None,
        "silent": queries.silence_of(patient) if patient else None,
        "draft": slugify(request.GET.get("fiche", "")) or "new",
    }
    return sheet(request, "agenda/recall_new.html", context, zone=choices.zone, status=status)
