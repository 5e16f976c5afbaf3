"""Enter someone in the waiting list, change what they wait for, and let them leave it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import F, Q

from secretariat.agenda.models import Appointment, VisitReason, Waiting, WaitingDoctor, WaitingRules
from secretariat.core.prepared import insert
from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.patients.models import Patient
from secretariat.practice.models import Practitioner, Staff
from secretariat.privacy import daybook


class WaitsAlready(Refusal):
    """The patient waits for that reason already. Facts: waiting."""


class WaitChanged(Refusal):
    """Another desk changed that wait, or ended it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What someone waits for. None and empty mean « any »."""

    doctors: tuple[Practitioner, ...] = ()
    weekdays: int = 127
    """One bit a weekday, Monday first."""
    from_time: time | None = None
    to_time: time | None = None
    from_date: date | None = None
    to_date: date | None = None
    notice_minutes: int = 0
    """How long before the visit the patient must know."""
    priority: int = Waiting.Priority.USUAL
    priority_by: Practitioner | None = None
    """Who decided that it is urgent, or to be brought forward."""
    priority_on: date | None = None
    note: str = ""


@transaction.atomic
def enter(
    *,
    patient: Patient,
    reason: VisitReason,
    terms: Terms,
    by: Staff,
    at: datetime,
    visit: Appointment | None = None,
) -> Waiting:
    """Enter a patient in the waiting list for a reason.

    Args:
        visit: the one they have, to be moved earlier.

    Raises:
        NotAllowed, BadInput, WaitsAlready.
    """
    _allowed(by)
    _check(patient, terms)
    if visit is not None and (visit.cancelled_at is not None or visit.patient_id != patient.pk):
        raise BadInput("Ce rendez-vous n’est pas à ce patient, ou il est annulé.")
    waiting = Waiting(
        practice_id=by.practice_id, patient=patient, reason=reason, visit=visit, asked_at=at,
        created_by=by, **_columns(terms),
    )  # fmt: skip
    if not insert(waiting, unless_refused=True):
        raise WaitsAlready(
            "Ce patient est déjà inscrit en attente pour ce motif : modifiez son inscription.",
            waiting=Waiting.objects.get(
                practice_id=by.practice_id, patient=patient, reason=reason, ended_at=None
            ),
        )
    _doctors(waiting, terms.doctors)
    _note(waiting, "waiting.enter", by, at, priority=waiting.priority)
    return waiting


@transaction.atomic
def change(*, waiting: Waiting, version: int, terms: Terms, by: Staff, at: datetime) -> Waiting:
    """Write again what a patient waits for; the wait goes on since the same day.

    Raises:
        NotAllowed, BadInput, WaitChanged.
    """
    _allowed(by)
    current = standing(waiting, version)
    _check(current.patient, terms)
    for name, value in _columns(terms).items():
        setattr(current, name, value)
    current.version += 1
    current.save()
    current.doctors.all().delete()
    _doctors(current, terms.doctors)
    _note(current, "waiting.change", by, at, priority=current.priority)
    return current


@transaction.atomic
def leave(*, waiting: Waiting, version: int, outcome: str, by: Staff, at: datetime) -> Waiting:
    """A patient leaves the list.

    Args:
        outcome: one of `Waiting.Outcome`.

    Raises:
        NotAllowed, BadInput, WaitChanged.
    """
    _allowed(by)
    if outcome not in Waiting.Outcome.values:
        raise BadInput("Dites pourquoi ce patient quitte la liste d’attente.")
    current = standing(waiting, version)
    current.ended_at, current.ended_by, current.outcome = at, by, outcome
    current.version += 1
    current.save()
    _note(current, "waiting.leave", by, at, outcome=outcome)
    return current


@transaction.atomic
def come_back(*, waiting: Waiting, by: Staff, at: datetime) -> Waiting:
    """Undo a leaving: the patient waits again, since the same day.

    Raises:
        NotAllowed, WaitsAlready: they were entered again meanwhile.
    """
    _allowed(by)
    current = Waiting.objects.select_for_update().get(pk=waiting.pk, practice_id=by.practice_id)
    if current.ended_at is None:
        return current
    again = Waiting.objects.filter(
        practice_id=by.practice_id, patient_id=current.patient_id, reason_id=current.reason_id,
        ended_at=None,
    )  # fmt: skip
    if again.exists():
        raise WaitsAlready("Ce patient a été réinscrit entre-temps : rien n’a été changé.")
    current.ended_at, current.ended_by, current.outcome = None, None, ""
    current.version += 1
    current.save()
    _note(current, "waiting.return", by, at)
    return current


@transaction.atomic
def lapse(*, practice_id: int, by: Staff, at: datetime) -> int:
    """Those whose last date is past, or whose visit has come, wait no more.

    Returns:
        How many.
    """
    over = Q(to_date__lt=at.date()) | Q(visit__starts_at__lte=at, visit__cancelled_at=None)
    late = Waiting.objects.filter(over, practice_id=practice_id, ended_at=None)
    number = late.update(
        ended_at=at, ended_by=by, outcome=Waiting.Outcome.LAPSED, version=F("version") + 1
    )
    if number:
        daybook.note(practice_id=practice_id, by=by, at=at, verb="waiting.lapse", count=number)
    return number


@transaction.atomic
def set_rules(
    *, automatic: bool, at_once: int, answer_minutes: int, by: Staff, at: datetime
) -> WaitingRules:
    """How freed times are proposed.

    Args:
        automatic: without anyone pressing.
        at_once: to how many patients, 1 to 10; the first who accepts has it.
        answer_minutes: how long they have, between 8:00 and 20:00.

    Raises:
        NotAllowed, BadInput.
    """
    if not by.may("agenda.rules"):
        raise NotAllowed("Votre rôle ne permet pas de régler les propositions.")
    if not 1 <= at_once <= 10 or not 5 <= answer_minutes <= 1440:
        raise BadInput("De 1 à 10 patients à la fois, de 5 minutes à 24 heures pour répondre.")
    rules, _new = WaitingRules.objects.update_or_create(
        practice_id=by.practice_id,
        defaults={
            "automatic": automatic, "at_once": at_once, "answer_minutes": answer_minutes,
            "author": by, "changed_at": at,
        },
    )  # fmt: skip
    daybook.note(
        practice_id=by.practice_id, by=by, at=at, verb="waiting.rules", subject=rules,
        automatic=automatic, at_once=at_once, answer_minutes=answer_minutes,
    )  # fmt: skip
    return rules


def standing(waiting: Waiting, version: int | None = None) -> Waiting:
    """The wait as it is now, its row held until commit.

    Raises:
        WaitChanged: it is over, or is not what was seen.
    """
    current = (
        Waiting.objects.select_for_update(of=("self",))
        .select_related("patient", "reason", "visit__agenda__site")
        .get(pk=waiting.pk, practice_id=waiting.practice_id)
    )
    if current.ended_at is not None:
        raise WaitChanged("Ce patient n’est plus sur la liste d’attente : rien n’a été changé.")
    if version is not None and current.version != version:
        raise WaitChanged("Un autre poste vient de modifier cette attente : rouvrez-la.")
    return current


def _allowed(by: Staff) -> None:
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de tenir la liste d’attente.")


def _check(patient: Patient, terms: Terms) -> None:
    if patient.deceased_on:
        raise BadInput("Ce patient est décédé.")
    if not 1 <= terms.weekdays <= 127:
        raise BadInput("Cochez au moins un jour de la semaine.")
    if terms.from_date and terms.to_date and terms.to_date < terms.from_date:
        raise BadInput("La dernière date est avant la première.")
    if terms.from_time and terms.to_time and terms.to_time <= terms.from_time:
        raise BadInput("L’heure de fin est avant l’heure de début.")
    if terms.priority not in Waiting.Priority.values:
        raise BadInput("Cette priorité n’existe pas.")
    if (terms.priority != Waiting.Priority.USUAL) != (terms.priority_by is not None):
        raise BadInput("Une priorité est décidée par un médecin : dites lequel.")


def _columns(terms: Terms) -> dict[str, object]:
    return {
        "weekdays": terms.weekdays, "from_time": terms.from_time, "to_time": terms.to_time,
        "from_date": terms.from_date, "to_date": terms.to_date,
        "notice_minutes": terms.notice_minutes, "priority": terms.priority,
        "priority_by": terms.priority_by,
        "priority_on": terms.priority_on if terms.priority_by else None,
        "note": terms.note.strip()[:200],
    }  # fmt: skip


def _doctors(waiting: Waiting, doctors: Iterable[Practitioner]) -> None:
    WaitingDoctor.objects.bulk_create(
        WaitingDoctor(practice_id=waiting.practice_id, waiting=waiting, practitioner=doctor)
        for doctor in doctors
    )


def _note(waiting: Waiting, verb: str, by: Staff, at: datetime, **detail: object) -> None:
    daybook.note(
        practice_id=waiting.practice_id, by=by, at=at, verb=verb, subject=waiting,
        patient_id=waiting.patient_id, **detail,
    )  # fmt: skip
