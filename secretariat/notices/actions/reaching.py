"""A person deals with who was not reached: calls, tells, posts, tries again, or closes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.notices.actions.carrying import cause_of, leave_message
from secretariat.notices.kinds import declared
from secretariat.notices.models import Attempt, Notice
from secretariat.notices.writing import KIND
from secretariat.outbox import actions as outbox
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

SETTLED = (Notice.State.TOLD, Notice.State.WITHDRAWN, Notice.State.CLOSED)


class AlreadySettled(Refusal):
    """Another desk dealt with it meanwhile."""


class NoLetter(Refusal):
    """What the patient must know is not said by post."""


class NoAddress(Refusal):
    """A letter needs an address."""


def held(notice: Notice, by: Staff) -> Notice:
    """The notice, locked, for someone who may tell patients.

    Raises:
        NotAllowed.
    """
    if not by.may("notices.work"):
        raise NotAllowed("Votre rôle ne permet pas de prévenir les patients.")
    return (
        Notice.objects.select_for_update(of=("self",))
        .select_related("message", "patient")
        .get(pk=notice.pk, practice_id=by.practice_id)
    )


def hold(notices: Sequence[Notice]) -> None:
    """Lock several notices, in the order in which every desk does, before the first is written.

    Whoever writes one holds the day book; locking the next one then would cross another desk.
    """
    keys = [notice.pk for notice in notices]
    list(Notice.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


@transaction.atomic
def told(*, notice: Notice, how: str, by: Staff, at: datetime) -> Notice:
    """The patient knows: someone told them. A message that has not left is withdrawn.

    Args:
        how: one of `Notice.How`: phone, desk, letter…

    Raises:
        NotAllowed, BadInput.
    """
    if how not in Notice.How.values:
        raise BadInput("Dites comment le patient a été prévenu : téléphone, de vive voix…")
    current = held(notice, by)
    if current.told_at is None or current.state == Notice.State.UNREACHED:
        _known(current, how, by, at)
        note_down(current, "notices.told", by, at, how=how)
    return current


def _known(notice: Notice, how: str, by: Staff | None, at: datetime) -> None:
    message = notice.message
    notice.state, notice.why = Notice.State.TOLD, ""
    notice.told_at, notice.told_by, notice.told_how = at, by, how
    notice.answer_by = None  # who was spoken to has answered
    notice.save()
    carries = Notice.objects.filter(message=message, state=Notice.State.CARRIED)
    if message is not None and not carries.exists():
        outbox.withdraw(messages=[message], at=at)


@transaction.atomic
def attempt(
    *, notices: Sequence[Notice], how: str, number: str, outcome: str, by: Staff, at: datetime,
    note: str = "",
) -> list[Attempt]:  # fmt: skip
    """Write what came of one try to tell: one call may serve a whole household.

    Args:
        number: E.164, or "" when it was not by telephone.
        outcome: one of `Attempt.Outcome`; « told » settles the notices.

    Raises:
        NotAllowed, BadInput, AlreadySettled.
    """
    if outcome not in Attempt.Outcome.values or how not in Notice.How.values:
        raise BadInput("Dites ce qu’a donné cet essai : prévenu, répondeur, ne répond pas…")
    written = []
    hold(notices)
    for notice in notices:
        current = held(notice, by)
        if current.state in SETTLED:
            raise AlreadySettled("Un autre poste s’en est déjà occupé : rien n’a été changé.")
        written.append(
            Attempt.objects.create(
                practice_id=current.practice_id, notice=current, how=how, number=number,
                outcome=outcome, note=note.strip()[:200], at=at, by=by,
            )
        )  # fmt: skip
        if outcome == Attempt.Outcome.TOLD:
            _known(current, how, by, at)
        note_down(current, "notices.attempt", by, at, how=how, outcome=outcome)
    return written


@transaction.atomic
def write_again(
    *, notice: Notice, by: Staff, at: datetime, due_at: datetime | None = None
) -> Notice:
    """Try messages once more, failed addresses included: the number was corrected, the gateway
    is back.

    Args:
        due_at: when it may leave; a short delay leaves time to undo. Now by default.

    Raises:
        NotAllowed, AlreadySettled.
    """
    current = held(notice, by)
    if current.state in SETTLED:
        raise AlreadySettled("Un autre poste s’en est déjà occupé : rien n’a été changé.")
    current.state, current.why, current.due_at = Notice.State.PROMISED, "", due_at or at
    leave_message(current)
    current.tried = []
    current.save()
    note_down(current, "notices.again", by, at)
    return current


@transaction.atomic
def post_letter(*, notice: Notice, by: Staff, at: datetime) -> Notice:
    """Tell by post: a letter joins those to print; told when they are declared posted.

    Raises:
        NotAllowed, AlreadySettled, NoLetter, NoAddress.
    """
    current = held(notice, by)
    if current.state in SETTLED:
        raise AlreadySettled("Un autre poste s’en est déjà occupé : rien n’a été changé.")
    posted = {kind.key for kind in declared() if ("letter", "fr") in kind.texts}
    if current.kind not in posted:
        raise NoLetter("Cela ne se dit pas par courrier : il arriverait trop tard. Appelez.")
    if not current.patient.town.strip():
        raise NoAddress(
            f"Le dossier de {current.patient} n’a pas d’adresse : écrivez-la avant d’envoyer "
            "un courrier."
        )
    leave_message(current)
    message = outbox.queue(
        practice_id=current.practice_id, kind=KIND, cause=cause_of(current), channel="letter",
        address="", at=at,
    )  # fmt: skip
    if message is not None:
        current.state, current.message, current.why = Notice.State.CARRIED, message, ""
        current.save()
        note_down(current, "notices.letter", by, at)
    return current


@transaction.atomic
def close(*, notice: Notice, why: str, by: Staff, at: datetime) -> Notice:
    """Give up telling, for a reason someone signs.

    Raises:
        NotAllowed, BadInput: no reason is given. AlreadySettled.
    """
    if not why.strip():
        raise BadInput("Dites pourquoi vous cessez de chercher à prévenir ce patient.")
    current = held(notice, by)
    if current.state in SETTLED:
        raise AlreadySettled("Un autre poste s’en est déjà occupé : rien n’a été changé.")
    current.state, current.why, current.closed_by = Notice.State.CLOSED, why.strip()[:300], by
    current.save()
    note_down(current, "notices.close", by, at)
    return current


@transaction.atomic
def reopen(*, notice: Notice, by: Staff, at: datetime) -> Notice:
    """Undo « told by me » or « closed »: the patient is to be reached again.

    Raises:
        NotAllowed.
    """
    current = held(notice, by)
    if current.state in {Notice.State.TOLD, Notice.State.CLOSED}:
        current.state, current.why = Notice.State.UNREACHED, "Rouvert : à prévenir."
        current.unreached_at, current.closed_by = at, None
        current.told_at = current.told_by = None
        current.told_how = ""
        current.save()
        note_down(current, "notices.reopen", by, at)
    return current


def note_down(notice: Notice, verb: str, by: Staff, at: datetime, **detail: str) -> None:
    """The day book's line of a deed about a notice."""
    daybook.note(
        practice_id=notice.practice_id, by=by, at=at, verb=verb, subject=notice,
        patient_id=notice.patient_id, kind=notice.kind, **detail,
    )  # fmt: skip
