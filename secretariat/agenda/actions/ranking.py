"""What weighs when times are proposed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import Ranking
from secretariat.core.refusal import BadInput
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

WEIGHTS = range(11)


@transaction.atomic
def set_ranking(
    *, earliest: int, usual: int, compact: int, balance: int, by: Staff, at: datetime
) -> Ranking:
    """Say what weighs in the practice of `by`, 0 to 10 each.

    Args:
        earliest: the soonest time.
        usual: the practitioner who knows the patient.
        compact: leaves no hole that nothing fits.
        balance: the emptier day or colleague.

    Raises:
        NotAllowed, BadInput.
    """
    must_rule(by)
    weights = {"earliest": earliest, "usual": usual, "compact": compact, "balance": balance}
    if any(weight not in WEIGHTS for weight in weights.values()):
        raise BadInput("Chaque poids va de 0 (ne compte pas) à 10 (compte le plus).")
    if not any(weights.values()):
        raise BadInput("Au moins un poids doit compter : sinon rien n’ordonne les propositions.")
    ranking, _new = Ranking.objects.update_or_create(
        practice_id=by.practice_id, defaults=weights | {"author": by, "changed_at": at}
    )
    daybook.note(
        practice_id=by.practice_id, by=by, at=at, verb="agenda.set_ranking", subject=ranking,
        **weights,
    )  # fmt: skip
    return ranking
