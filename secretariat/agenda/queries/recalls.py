"""Who is to be seen again: the worklist, the campaigns, one patient's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from secretariat.agenda.models import (
    Agenda,
    Appointment,
    Recall,
    RecallCampaign,
    RecallSilence,
    RecallTry,
    VisitReason,
)
from secretariat.agenda.recall_criteria import Criteria, months_after
from secretariat.core.prepared import fetch
from secretariat.patients.models import Patient

PAGE = 100
"""How many lines a page of the worklist shows."""

CHOSEN = """
FROM patients_patient AS patient
WHERE patient.practice_id = %(practice)s AND patient.deceased_on IS NULL
  AND (%(born_from)s::date IS NULL OR patient.birth_date >= %(born_from)s::date)
  AND (%(born_to)s::date IS NULL OR patient.birth_date <= %(born_to)s::date)
  AND (%(sex)s = '' OR patient.sex = %(sex)s)
  AND (%(doctor)s::bigint IS NULL OR patient.usual_practitioner_id = %(doctor)s::bigint)
  AND NOT EXISTS (SELECT FROM agenda_recallsilence AS silent
    WHERE silent.practice_id = patient.practice_id AND silent.patient_id = patient.id
      AND silent.lifted_at IS NULL)
  AND NOT EXISTS (SELECT FROM agenda_recall AS recall
    WHERE recall.practice_id = patient.practice_id AND recall.patient_id = patient.id
      AND recall.reason_id = %(reason)s AND recall.closed_at IS NULL)
  AND NOT EXISTS (SELECT FROM agenda_appointment AS visit
    WHERE visit.practice_id = patient.practice_id AND visit.patient_id = patient.id
      AND visit.reason_id = %(reason)s AND visit.cancelled_at IS NULL
      AND visit.starts_at >= %(at)s)
  AND (%(since)s::date IS NULL OR NOT EXISTS (SELECT FROM agenda_appointment AS visit
    WHERE visit.practice_id = patient.practice_id AND visit.patient_id = patient.id
      AND visit.reason_id = %(visited)s AND visit.cancelled_at IS NULL
      AND visit.starts_at >= %(since)s::date))
  AND (NOT %(came)s OR EXISTS (SELECT FROM agenda_appointment AS visit
    WHERE visit.practice_id = patient.practice_id AND visit.patient_id = patient.id
      AND visit.reason_id = %(visited)s AND visit.cancelled_at IS NULL
      AND visit.starts_at < %(at)s))
"""
"""The patients of a campaign: alive, not silent, neither recalled nor booked for it already."""


def asked(
    practice_id: int, reason: VisitReason, criteria: Criteria, due_on: date, at: datetime
) -> dict[str, Any]:
    """The values of `CHOSEN`."""
    first, last = criteria.born(due_on)
    return {
        "practice": practice_id, "reason": reason.pk, "born_from": first, "born_to": last,
        "sex": criteria.sex, "doctor": criteria.practitioner, "at": at,
        "visited": criteria.visited or reason.pk, "since": criteria.not_since,
        "came": criteria.came_before,
    }  # fmt: skip


def count(
    practice_id: int, reason: VisitReason, criteria: Criteria, due_on: date, at: datetime
) -> int:
    """How many patients a campaign would recall now."""
    values = asked(practice_id, reason, criteria, due_on, at)
    [(number,)] = fetch("SELECT count(*)" + CHOSEN, values)
    return int(number)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What part of the worklist is wanted; None for all."""

    month: date
    """The first day of a month; what is overdue before it is shown too."""
    practitioner: int | None = None
    reason: int | None = None
    campaign: int | None = None
    over: bool = False
    """Those that are closed, instead."""


def worklist(practice_id: int, wanted: Wanted, at: datetime) -> QuerySet[Recall]:
    """Those to see again by the end of the month, the oldest first, households together."""
    next_month = months_after(wanted.month, 1)
    found = _recalls(practice_id, at).filter(
        closed_at__isnull=not wanted.over, due_on__lt=next_month, patient__deceased_on=None
    )
    if wanted.over:
        found = found.filter(due_on__gte=wanted.month)
    else:
        silent = RecallSilence.objects.filter(patient=OuterRef("patient"), lifted_at=None)
        found = found.filter(~Exists(silent))
    if wanted.practitioner:
        found = found.filter(practitioner_id=wanted.practitioner)
    if wanted.reason:
        found = found.filter(reason_id=wanted.reason)
    if wanted.campaign:
        found = found.filter(campaign_id=wanted.campaign)
    return found.order_by("due_on", F("patient__household").asc(nulls_last=True), "pk")


def recalls(practice_id: int, at: datetime) -> QuerySet[Recall]:
    """The recalls of a practice, with all that names one on screen."""
    return _recalls(practice_id, at)


def _recalls(practice_id: int, at: datetime) -> QuerySet[Recall]:
    coming = Appointment.objects.filter(
        practice_id=practice_id, patient=OuterRef("patient"), cancelled_at=None, starts_at__gte=at
    ).order_by("starts_at")
    last = RecallTry.objects.filter(recall=OuterRef("pk")).order_by("-at", "-pk")
    theirs = Agenda.objects.filter(practitioner=OuterRef("practitioner"), active=True)
    return (
        Recall.objects.filter(practice_id=practice_id)
        .select_related(
            "patient", "reason", "practitioner", "campaign", "author", "closed_by", "appointment"
        )
        .annotate(
            next_visit=Subquery(coming.values("starts_at")[:1]),
            next_visit_id=Subquery(coming.values("pk")[:1]),
            last_outcome=Subquery(last.values("outcome")[:1]),
            their_agenda=Subquery(theirs.order_by("position", "pk").values("pk")[:1]),
        )
    )


def one(practice_id: int, pk: int, at: datetime) -> QuerySet[Recall]:
    """A recall with its tries."""
    tries = RecallTry.objects.select_related("by").order_by("at", "pk")
    return _recalls(practice_id, at).filter(pk=pk).prefetch_related(Prefetch("attempts", tries))


def of_household(recall: Recall, by: date) -> list[Recall]:
    """The open recalls of who lives together, due by that day: one call serves them all."""
    home = recall.patient.household_id
    same = Q(patient__household=home) if home else Q(pk=recall.pk)
    found = Recall.objects.filter(same, practice_id=recall.practice_id, closed_at=None)
    return list(
        found.filter(Q(due_on__lte=by) | Q(pk=recall.pk), patient__deceased_on=None)
        .select_related("patient", "reason")
        .order_by("due_on", "pk")
    )


def of_patient(patient: Patient, at: datetime) -> list[Recall]:
    """What a patient is to be seen again for."""
    found = _recalls(patient.practice_id, at).filter(patient=patient, closed_at=None)
    return list(found.order_by("due_on", "pk"))


def silence_of(patient: Patient) -> RecallSilence | None:
    """Whether, and why, a patient is not to be recalled."""
    found = RecallSilence.objects.filter(practice_id=patient.practice_id, patient=patient)
    return found.filter(lifted_at=None).select_related("author").first()


def campaigns(practice_id: int) -> list[RecallCampaign]:
    """The last campaigns, with how many of their recalls are open still."""
    found = RecallCampaign.objects.filter(practice_id=practice_id).select_related(
        "reason", "author"
    )
    return list(found.order_by("-created_at", "-pk")[:50])


def overdue(practice_id: int, today: date) -> int:
    """How many should have been seen by now."""
    found = Recall.objects.filter(practice_id=practice_id, closed_at=None, due_on__lte=today)
    return found.count()


def tries_of(recall_ids: Collection[int]) -> dict[int, int]:
    """How many times each was tried, messages that came back included; absent: never."""
    found = RecallTry.objects.filter(recall_id__in=recall_ids).values_list("recall_id")
    return dict(found.annotate(Count("pk")))


def practices_with_tries(at: datetime) -> list[int]:
    """The practices where someone was tried before `at` and is to be seen still; all in scope."""
    found = Recall.objects.filter(closed_at=None, tries__gt=0, tried_at__lt=at)
    return sorted(set(found.values_list("practice_id", flat=True)))
