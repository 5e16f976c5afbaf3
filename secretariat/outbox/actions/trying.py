"""Keep a trial among what left: it cost something, and may come back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.core.refusal import NotAllowed
from secretariat.outbox.channels import Outcome
from secretariat.outbox.models import Delivery, Message
from secretariat.outbox.sender_queries import TRIAL
from secretariat.outbox.signals import acted
from secretariat.outbox.trials import Trial, sentence
from secretariat.practice.models import Staff


@transaction.atomic
def keep_trial(*, channel: str, trial: Trial, by: Staff, at: datetime) -> Message:
    """Write what was tried and what came of it; it counts in what the day may cost.

    Raises:
        NotAllowed.
    """
    if not by.may("practice.manage"):
        raise NotAllowed("Votre rôle ne permet pas d’essayer les envois.")
    letter, accepted = trial.letter, trial.receipt.outcome is Outcome.ACCEPTED
    message = Message.objects.create(
        practice_id=by.practice_id, kind=TRIAL, cause=str(letter.stable_id), channel=channel,
        address=letter.to[:120] or "?", stable_id=letter.stable_id, language=letter.language,
        subject=letter.subject if channel == Message.Channel.EMAIL else "", body=letter.body,
        state=Message.State.SENT if accepted else Message.State.FAILED, attempts=1, urgent=True,
        sent_at=at if accepted else None, settled_at=None if accepted else at,
        cents=trial.cents if accepted else 0, confirmed_later=trial.confirms and accepted,
        reference=trial.receipt.reference[:120], created_at=at, next_at=at,
        failure="" if accepted else sentence(trial.receipt)[:300],
    )  # fmt: skip
    Delivery.objects.create(
        practice_id=by.practice_id, message=message, at=at, outcome=trial.receipt.outcome.value,
        detail=trial.receipt.detail[:300],
    )  # fmt: skip
    acted.send(
        Message, verb="outbox.try", row=message, by=by, at=at,
        detail={"channel": channel, "accepted": accepted},
    )  # fmt: skip
    return message
