"""The telephone: a call is a sheet from the first ring to its outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction

from secretariat.agenda.models import Appointment
from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.patients.models import Patient
from secretariat.practice.actions import automatic_post
from secretariat.practice.models import Practitioner, Staff
from secretariat.privacy import daybook
from secretariat.reception.models import Call

# What may be jotted down while talking, with its length; the rest is decided at the end.
JOTTED = {"caller_phone": 16, "caller_name": 120, "request": 500, "message": 2000}

TEXTS = UUID("6d0c8f5e-51a7-4f0c-9a37-3d7d0c2b9a10")
"""Makes the sheet's own name of a text message from the gateway's name for it."""


class CallChangedMeanwhile(Refusal):
    """Another desk changed this call sheet. Facts: call, as it is now."""


class CallIsClosed(Refusal):
    """The call already has its outcome."""


@transaction.atomic
def answer(*, by: Staff, at: datetime, caller_phone: str = "", sheet: UUID | None = None) -> Call:
    """Pick up: open a sheet, or find again the one already open under this name.

    Args:
        caller_phone: E.164, when the line shows it.
        sheet: the sheet's own name, so that two sendings make one call.
    """
    _allowed(by)
    call, new = Call.objects.get_or_create(
        practice_id=by.practice_id,
        sheet=sheet or uuid4(),
        defaults={
            "started_at": at,
            "taken_by": by,
            "touched_by": by,
            "caller_phone": caller_phone,
        },
    )
    if new:
        _note(call, "reception.answer", by, at)
    return call


@transaction.atomic
def jot(
    *,
    call: Call,
    version: int,
    by: Staff,
    at: datetime,
    patient: Patient | None = None,
    unknown: bool = False,
    **words: str,
) -> Call:
    """Keep what is typed on the sheet while the caller talks.

    Args:
        patient: who the call is about, once known.
        unknown: nobody is chosen any more; the patient kept before is forgotten.
        words: any of caller_phone, caller_name, request, message.

    Raises:
        CallChangedMeanwhile, CallIsClosed, BadInput.
    """
    if set(words) - set(JOTTED):
        raise BadInput("Cette fiche d’appel n’a pas ces champs.")
    current = _held(call, version, by)
    for name, value in words.items():
        if len(value) > JOTTED[name]:
            raise BadInput(f"Trop long : {JOTTED[name]} caractères au plus. Votre texte est gardé.")
        setattr(current, name, value)
    if patient is None and unknown:
        current.patient = None
    elif patient is not None and current.patient_id != patient.pk:
        current.patient = patient
        _note(current, "reception.identify_caller", by, at)
    _written(current, by)
    return current


@transaction.atomic
def close(
    *,
    call: Call,
    version: int,
    outcome: str,
    by: Staff,
    at: datetime,
    appointment: Appointment | None = None,
    message_for: Practitioner | None = None,
    call_back_by: datetime | None = None,
) -> Call:
    """Hang up with an outcome: nothing leaves the telephone without one.

    Args:
        outcome: one of `Call.Outcome`.
        appointment: the visit given, moved or cancelled.
        message_for: who must read the message.
        call_back_by: the promise made: « je vous rappelle avant… ».

    Raises:
        CallChangedMeanwhile, CallIsClosed, BadInput.
    """
    if outcome not in Call.Outcome.values or not outcome:
        raise BadInput("Donnez une issue à cet appel avant de raccrocher.")
    current = _held(call, version, by)
    if outcome == Call.Outcome.MESSAGE and not current.message.strip():
        raise BadInput("Écrivez le message à transmettre.")
    if call_back_by is not None and call_back_by <= at:
        raise BadInput("La promesse de rappel est déjà passée : choisissez une heure à venir.")
    current.outcome, current.closed_at = outcome, at
    current.appointment, current.message_for = appointment, message_for
    current.call_back_by = call_back_by
    _written(current, by)
    _note(current, "reception.close_call", by, at, outcome=outcome)
    return current


@transaction.atomic
def promise_kept(*, call: Call, by: Staff, at: datetime) -> Call:
    """The caller was called back, or the message was dealt with. Twice is once."""
    current = _settled_by(call, by)
    if current.settled_at is not None:
        return current
    current.settled_at, current.settled_by = at, by
    _written(current, by)
    _note(current, "reception.promise_kept", by, at)
    return current


@transaction.atomic
def reopen(*, call: Call, by: Staff, at: datetime) -> Call:
    """Undo: a closed sheet, or a promise marked as kept, comes back."""
    current = _settled_by(call, by)
    if current.settled_at is not None:
        current.settled_at, current.settled_by = None, None
    else:
        current.outcome, current.closed_at = "", None
    _written(current, by)
    _note(current, "reception.reopen_call", by, at)
    return current


@transaction.atomic
def text_received(*, practice_id: int, phone: str, text: str, reference: str, at: datetime) -> Call:
    """A patient answered a text message: it waits with the messages, like one left by telephone.

    Args:
        phone: E.164.
        reference: the gateway's name for it, so that a second telling makes no second message.
    """
    by = automatic_post(practice_id=practice_id, role_key="automaton", at=at)
    told = f"{practice_id}:{phone}:{reference or f'{text}:{at:%Y-%m-%d %H:%M}'}"
    call, new = Call.objects.get_or_create(
        practice_id=practice_id,
        sheet=uuid5(TEXTS, told),
        defaults={
            "started_at": at, "closed_at": at, "taken_by": by, "caller_phone": phone[:16],
            "request": "Réponse par SMS", "message": text.strip()[:2000],
            "outcome": Call.Outcome.MESSAGE,
        },
    )  # fmt: skip
    if new:
        _note(call, "reception.text_received", by, at)
    return call


def may_settle(call: Call, by: Staff) -> bool:
    """The desk settles every message; a practitioner those addressed to them."""
    mine = by.practitioner_id is not None and call.message_for_id == by.practitioner_id
    return mine or by.may("reception.work")


def _settled_by(call: Call, by: Staff) -> Call:
    current = Call.objects.select_for_update().get(pk=call.pk, practice_id=by.practice_id)
    if not may_settle(current, by):
        raise NotAllowed("Ce message ne vous est pas adressé : l’accueil s’en occupe.")
    return current


def _allowed(by: Staff) -> None:
    if not by.may("reception.work"):
        raise NotAllowed("Votre rôle ne permet pas de tenir le téléphone.")


def _held(call: Call, version: int, by: Staff) -> Call:
    _allowed(by)
    current = Call.objects.select_for_update().get(pk=call.pk, practice_id=by.practice_id)
    if current.closed_at is not None:
        raise CallIsClosed("Cet appel est déjà clos : rouvrez-le pour le corriger.")
    if current.version != version and current.touched_by_id != by.pk:
        raise CallChangedMeanwhile(
            "Un autre poste vient de modifier cette fiche : rien n’a été écrasé, la voici.",
            call=current,
        )
    return current


def _written(call: Call, by: Staff) -> None:
    call.version += 1
    call.touched_by = by
    call.save()


def _note(call: Call, verb: str, by: Staff, at: datetime, **detail: Any) -> None:
    daybook.note(
        practice_id=call.practice_id,
        by=by,
        at=at,
        verb=verb,
        subject=call,
        patient_id=call.patient_id,
        **detail,
    )
