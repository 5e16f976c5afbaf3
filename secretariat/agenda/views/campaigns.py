"""Campaigns of recalls: chosen by criteria, counted before they are created."""

from __future__ import annotations

import csv
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from secretariat.agenda.actions import recalls as actions
from secretariat.agenda.actions.recalls import Due
from secretariat.agenda.models import VisitReason
from secretariat.agenda.queries import recalls as queries
from secretariat.agenda.queries.desk import Desk, desk
from secretariat.agenda.recall_forms import CampaignForm
from secretariat.agenda.recall_words import due_words
from secretariat.agenda.views.answers import done, page
from secretariat.core import clock
from secretariat.practice.doors import Request, door

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run (OWASP, « CSV injection »)."""


@require_http_methods(["GET", "POST"])
@door("patients.import")
def campaigns(request: Request) -> HttpResponse:
    """The campaigns, and a new one: `count` in the form counts, otherwise it is created."""
    choices, at = desk(request.practice.pk), clock.now()
    today = clock.local_date(at, choices.zone)
    if request.method == "GET":
        form = CampaignForm(choices, initial={"day": today}, auto_id="campaign-%s")
        return _page(request, choices, {"form": form})
    form = CampaignForm(choices, request.POST, auto_id="campaign-%s")
    if not form.is_valid():
        return _page(request, choices, {"form": form}, status=422)
    reason, criteria = _reason(choices, form), form.criteria()
    due = Due(form.cleaned_data["day"], tolerance_days=60)
    if "count" in request.POST:
        number = queries.count(request.practice.pk, reason, criteria, due.day, at)
        return _page(request, choices, {"form": form, "number": number}, part="#form")
    made = actions.start_campaign(
        name=form.cleaned_data["name"], reason=reason, criteria=criteria, due=due,
        by=request.staff, at=at,
    )  # fmt: skip
    return done(f"Campagne « {made.name} » : {made.count} patients à revoir.")


@require_safe
@door("patients.import")
def export(request: Request, pk: int) -> HttpResponse:
    """The patients of a campaign for a spreadsheet, no cell of which is a formula."""
    if pk not in {campaign.pk for campaign in queries.campaigns(request.practice.pk)}:
        raise Http404
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="campagne-{pk}.csv"'
    answer.write("\N{ZERO WIDTH NO-BREAK SPACE}")  # spreadsheets then read UTF-8
    writer = csv.writer(answer, delimiter=";")
    writer.writerow(["Nom", "Prénom", "Naissance", "À revoir", "Relances", "Issue"])
    recalls = queries.recalls(request.practice.pk, clock.now()).filter(campaign_id=pk)
    for recall in recalls.order_by("patient__birth_name", "pk").iterator(chunk_size=1000):
        patient = recall.patient
        writer.writerow(
            safe(text) for text in (
                patient.shown_name, patient.shown_given_name, f"{patient.birth_date:%d/%m/%Y}",
                due_words(recall), str(recall.tries), recall.get_outcome_display(),
            )
        )  # fmt: skip
    return answer


def safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _reason(choices: Desk, form: CampaignForm) -> VisitReason:
    found = choices.reason(form.cleaned_data["reason"])
    assert found is not None  # noqa: S101 - a choice of this very desk
    return found


def _page(
    request: Request, choices: Desk, more: dict[str, Any], *, status: int = 200, part: str = ""
) -> HttpResponse:
    with timezone.override(choices.zone):
        found = queries.campaigns(request.practice.pk)
        context = {"campaigns": found, **more}
        return page(
            request, f"agenda/campaigns.html{part}", context, zone=choices.zone, status=status
        )
