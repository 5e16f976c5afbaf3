"""Write down who is to be seen again, reach them, and settle each one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max

from secretariat.agenda import waiting_notices
from secretariat.agenda.models import (
    Recall,
    RecallCampaign,
    RecallSilence,
    RecallTry,
    VisitReason,
)
from secretariat.agenda.queries import recalls as queries
from secretariat.agenda.recall_criteria import Criteria
from secretariat.core.prepared import fetch, insert
from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.notices.models import Notice
from secretariat.notices.queries import writable
from secretariat.patients.models import Patient
from secretariat.practice.models import Practitioner, Staff
from secretariat.privacy import daybook

MOST_TRIES = 3
"""After so many messages and calls without a visit, a patient leaves the list…"""
PATIENCE = timedelta(days=30)
"""… once that long has passed since the last one."""
MOST_IN_A_CAMPAIGN = 20_000
_CREATED = """
WITH chosen AS (SELECT patient.id, patient.usual_practitioner_id {chosen} ORDER BY patient.id),
written AS (
    INSERT INTO agenda_recall (practice_id, patient_id, reason_id, practitioner_id, campaign_id,
        due_on, by_month, tolerance_days, note, tries, author_id, created_at, outcome)
    SELECT %(practice)s, id, %(reason)s, usual_practitioner_id, %(campaign)s, %(due)s,
        %(by_month)s, %(tolerance)s, '', 0, %(author)s, %(at)s, ''
    FROM chosen ON CONFLICT DO NOTHING RETURNING id
)
SELECT count(*) FROM written
"""


class RecalledAlready(Refusal):
    """The patient is to be seen again for that reason already. Facts: recall."""


class Silent(Refusal):
    """The patient is not to be recalled."""


class RecallSettled(Refusal):
    """Another desk settled it."""


@dataclass(frozen=True, slots=True)
class Due:
    """When someone is to be seen again."""

    on: date
    """The day; only its month matters when `by_month`."""
    by_month: bool = False
    tolerance_days: int = 30

    @property
    def day(self) -> date:
        """As it is kept: the first of the month when only the month was said."""
        return self.on.replace(day=1) if self.by_month else self.on


@transaction.atomic
def recall(
    *,
    patient: Patient,
    reason: VisitReason,
    due: Due,
    by: Staff,
    at: datetime,
    practitioner: Practitioner | None = None,
    note: str = "",
) -> Recall:
    """« Contrôle dans 3 mois »: a patient is to be seen again.

    Args:
        practitioner: by whom; anyone when None.
        note: nothing about health: it is read on a list.

    Raises:
        NotAllowed, BadInput, RecalledAlready, Silent.
    """
    _allowed(by)
    if patient.deceased_on:
        raise BadInput("Ce patient est décédé.")
    _tolerable(due)
    if queries.silence_of(patient):
        raise Silent("Ce patient ne souhaite plus être rappelé : levez d’abord cette consigne.")
    new = Recall(
        practice_id=by.practice_id, patient=patient, reason=reason, practitioner=practitioner,
        due_on=due.day, by_month=due.by_month, tolerance_days=due.tolerance_days,
        note=note.strip()[:200], author=by, created_at=at,
    )  # fmt: skip
    if not insert(new, unless_refused=True):
        open_one = Recall.objects.get(
            practice_id=by.practice_id, patient=patient, reason=reason, closed_at=None
        )
        raise RecalledAlready(
            f"Ce patient est déjà à revoir pour ce motif, en {open_one.due_on:%m/%Y}.",
            recall=open_one,
        )
    _note(new, "recalls.add", by, at, due_on=due.day.isoformat())
    return new


@transaction.atomic
def put_off(*, recall: Recall, due: Due, by: Staff, at: datetime) -> Recall:
    """Another month, or another day.

    Raises:
        NotAllowed, BadInput, RecallSettled.
    """
    _allowed(by)
    _tolerable(due)
    current = _standing(recall)
    current.due_on, current.by_month = due.day, due.by_month
    current.tolerance_days = due.tolerance_days
    current.save(update_fields=["due_on", "by_month", "tolerance_days"])
    _note(current, "recalls.put_off", by, at, due_on=due.day.isoformat())
    return current


@transaction.atomic
def attempt(
    *, recalls: Sequence[Recall], how: str, outcome: str, by: Staff, at: datetime, note: str = ""
) -> list[RecallTry]:
    """What came of a call: one serves a whole household.

    Args:
        how, outcome: of `RecallTry`.

    Raises:
        NotAllowed, BadInput, RecallSettled.
    """
    _allowed(by)
    if how not in RecallTry.How.values or outcome not in RecallTry.Outcome.values:
        raise BadInput("Dites ce qu’a donné cet appel : rappellera, répondeur, ne répond pas…")
    return [_try(_standing(one), how, outcome, note, by=by, at=at) for one in recalls]


@transaction.atomic
def write_to(*, recalls: Sequence[Recall], by: Staff, at: datetime) -> int:
    """Promise a message to each; those of one address leave in one. Nobody is written to twice
    in a day; whom no message can reach is not counted as tried: they are to be called.

    Returns:
        How many are new.

    Raises:
        NotAllowed.
    """
    _allowed(by)
    today = at - timedelta(hours=12)
    held = Recall.objects.select_for_update(of=("self",)).filter(
        pk__in=[one.pk for one in recalls], practice_id=by.practice_id, closed_at=None
    )
    written = 0
    before = queries.tries_of([one.pk for one in recalls])
    able = writable.reachable(by.practice_id, {one.patient_id for one in recalls})
    for one in held.select_related("patient").order_by("pk"):
        if (
            one.patient_id not in able
            or one.patient.deceased_on
            or (one.tried_at and one.tried_at > today)
        ):
            continue
        if waiting_notices.recalled(one, before.get(one.pk, 0), by, at):
            _try(one, RecallTry.How.MESSAGE, RecallTry.Outcome.SENT, "", by=by, at=at)
            written += 1
    return written


@transaction.atomic
def message_lost(notice: Notice) -> None:
    """A message that came back reached nobody: it is not a try, the list shows why."""
    recall = notice.about_id or 0
    sent = RecallTry.objects.filter(
        recall_id=recall, how=RecallTry.How.MESSAGE, outcome=RecallTry.Outcome.SENT,
        at=notice.created_at,
    )  # fmt: skip
    if sent.update(outcome=RecallTry.Outcome.UNDELIVERED):
        heard = RecallTry.objects.filter(recall_id=recall).exclude(
            outcome=RecallTry.Outcome.UNDELIVERED
        )
        known = heard.aggregate(tries=Count("pk"), tried_at=Max("at"))
        Recall.objects.filter(pk=recall).update(**known)


@transaction.atomic
def close(*, recall: Recall, outcome: str, by: Staff, at: datetime) -> Recall:
    """Settle a recall.

    Args:
        outcome: one of `Recall.Outcome`.

    Raises:
        NotAllowed, BadInput, RecallSettled.
    """
    _allowed(by)
    if outcome not in Recall.Outcome.values:
        raise BadInput("Dites pourquoi ce patient n’est plus à rappeler.")
    current = _standing(recall)
    current.closed_at, current.closed_by, current.outcome = at, by, outcome
    current.save(update_fields=["closed_at", "closed_by", "outcome"])
    _note(current, "recalls.close", by, at, outcome=outcome)
    return current


@transaction.atomic
def reopen(*, recall: Recall, by: Staff, at: datetime) -> Recall:
    """Undo a closing.

    Raises:
        NotAllowed, RecalledAlready.
    """
    _allowed(by)
    current = Recall.objects.select_for_update().get(pk=recall.pk, practice_id=by.practice_id)
    if current.closed_at is None:
        return current
    again = Recall.objects.filter(
        practice_id=by.practice_id, patient_id=current.patient_id, reason_id=current.reason_id,
        closed_at=None,
    ).first()  # fmt: skip
    if again is not None:
        raise RecalledAlready("Ce patient est déjà à revoir pour ce motif.", recall=again)
    current.closed_at = current.closed_by = current.appointment = None
    current.outcome = ""
    current.save(update_fields=["closed_at", "closed_by", "outcome", "appointment"])
    _note(current, "recalls.reopen", by, at)
    return current


@transaction.atomic
def start_campaign(
    *, name: str, reason: VisitReason, criteria: Criteria, due: Due, by: Staff, at: datetime
) -> RecallCampaign:
    """Recall everyone whom the criteria choose, now, in one statement.

    Raises:
        NotAllowed, BadInput: it has no name, chooses nobody or too many.
    """
    if not by.may("patients.import"):
        raise NotAllowed("Votre rôle ne permet pas de lancer une campagne de rappel.")
    if not name.strip():
        raise BadInput("Donnez un nom à cette campagne.")
    _tolerable(due)
    if criteria.age_from and criteria.age_to and criteria.age_to < criteria.age_from:
        raise BadInput("L’âge de fin est avant l’âge de début.")
    number = queries.count(by.practice_id, reason, criteria, due.day, at)
    if not 1 <= number <= MOST_IN_A_CAMPAIGN:
        raise BadInput(
            "Aucun patient ne répond à ces critères : rien n’a été créé." if not number
            else f"{number} patients : précisez les critères (20 000 au plus)."
        )  # fmt: skip
    campaign = RecallCampaign.objects.create(
        practice_id=by.practice_id, name=name.strip()[:80], reason=reason, due_on=due.day,
        criteria=criteria.written(), author=by, created_at=at,
    )  # fmt: skip
    values = queries.asked(by.practice_id, reason, criteria, due.day, at) | {
        "campaign": campaign.pk, "due": due.day, "by_month": due.by_month,
        "tolerance": due.tolerance_days, "author": by.pk,
    }  # fmt: skip
    [(campaign.count,)] = fetch(_CREATED.format(chosen=queries.CHOSEN), values)
    campaign.save(update_fields=["count"])
    daybook.note(
        practice_id=by.practice_id, by=by, at=at, verb="recalls.campaign", subject=campaign,
        count=campaign.count,
    )  # fmt: skip
    return campaign


@transaction.atomic
def silence(*, patient: Patient, why: str, by: Staff, at: datetime) -> RecallSilence:
    """Recall a patient no more, whatever the reason; what was open is closed.

    Raises:
        NotAllowed, BadInput: no reason is given.
    """
    _allowed(by)
    if not why.strip():
        raise BadInput("Dites pourquoi ce patient n’est plus à rappeler.")
    kept, new = RecallSilence.objects.get_or_create(
        practice_id=by.practice_id, patient=patient, lifted_at=None,
        defaults={"why": why.strip()[:200], "since": at, "author": by},
    )  # fmt: skip
    if new:
        Recall.objects.filter(
            practice_id=by.practice_id, patient=patient, closed_at=None
        ).update(closed_at=at, closed_by=by, outcome=Recall.Outcome.SILENCE)  # fmt: skip
        daybook.note(
            practice_id=by.practice_id, by=by, at=at, verb="recalls.silence", subject=kept,
            patient_id=patient.pk,
        )  # fmt: skip
    return kept


@transaction.atomic
def lift_silence(*, patient: Patient, by: Staff, at: datetime) -> None:
    """The patient may be recalled again.

    Raises:
        NotAllowed.
    """
    _allowed(by)
    kept = RecallSilence.objects.select_for_update().filter(
        practice_id=by.practice_id, patient=patient, lifted_at=None
    )
    for one in kept:
        one.lifted_at, one.lifted_by = at, by
        one.save(update_fields=["lifted_at", "lifted_by"])
        daybook.note(
            practice_id=by.practice_id, by=by, at=at, verb="recalls.lift", subject=one,
            patient_id=patient.pk,
        )  # fmt: skip


@transaction.atomic
def retire(*, practice_id: int, by: Staff, at: datetime) -> int:
    """Those who were tried often enough, and long enough ago, leave the list.

    Returns:
        How many.
    """
    tired = Recall.objects.filter(
        practice_id=practice_id, closed_at=None, tries__gte=MOST_TRIES,
        tried_at__lte=at - PATIENCE,
    )  # fmt: skip
    number = tired.update(closed_at=at, closed_by=by, outcome=Recall.Outcome.UNREACHABLE)
    if number:
        daybook.note(
            practice_id=practice_id, by=by, at=at, verb="recalls.retire", count=number
        )  # fmt: skip
    return number


def _standing(recall: Recall) -> Recall:
    current = (
        Recall.objects.select_for_update(of=("self",))
        .select_related("patient")
        .get(pk=recall.pk, practice_id=recall.practice_id)
    )
    if current.closed_at is not None:
        raise RecallSettled("Ce rappel est déjà réglé : rien n’a été changé.")
    return current


def _try(
    current: Recall, how: str, outcome: str, note: str, *, by: Staff, at: datetime
) -> RecallTry:
    current.tries, current.tried_at = current.tries + 1, at
    current.save(update_fields=["tries", "tried_at"])
    made = RecallTry.objects.create(
        practice_id=current.practice_id, recall=current, how=how, outcome=outcome,
        note=note.strip()[:200], at=at, by=by,
    )  # fmt: skip
    _note(current, "recalls.try", by, at, how=how, outcome=outcome)
    return made


def _allowed(by: Staff) -> None:
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de tenir les rappels.")


def _tolerable(due: Due) -> None:
    if not 0 <= due.tolerance_days <= 365:
        raise BadInput("De 0 à 365 jours d’écart.")


def _note(recall: Recall, verb: str, by: Staff, at: datetime, **detail: object) -> None:
    daybook.note(
        practice_id=recall.practice_id, by=by, at=at, verb=verb, subject=recall,
        patient_id=recall.patient_id, **detail,
    )  # fmt: skip
