"""A form sent twice (double click, retry, back button) does its work once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from secretariat.core.models import FormToken
from secretariat.core.prepared import fetch
from secretariat.core.refusal import BadInput

_CLAIM = (
    "INSERT INTO core_formtoken (token, user_id, result, claimed_at) VALUES (%s, %s, '', %s) "
    "ON CONFLICT (token) DO NOTHING RETURNING token"
)
_RESULT = "UPDATE core_formtoken SET result = %s WHERE token = %s RETURNING token"


def once(*, token: str, user_id: int, at: datetime, work: Callable[[], str]) -> tuple[str, bool]:
    """Do `work` unless this form was already sent; claimed inside the transaction.

    Args:
        token: the form's hidden token (a UUID, as text).
        user_id: who sends it; another person's token is refused.
        at: now, UTC.
        work: does the action and returns a short reference, e.g. "appointment:12".

    Returns:
        The reference and whether the work was done now.

    Raises:
        BadInput: the token is missing, malformed, or someone else's.
    """
    try:
        key = UUID(token)
    except ValueError as error:
        raise BadInput(
            "Ce formulaire est incomplet : rechargez la page, votre saisie est gardée."
        ) from error
    with transaction.atomic():
        # Waits for a first sending still under way, then sees its row.
        claimed = fetch(_CLAIM, [key, user_id, at])
        if not claimed:
            first = FormToken.objects.get(token=key)
            if first.user_id != user_id:
                raise BadInput("Ce formulaire n’est pas le vôtre : rechargez la page.")
            return first.result, False
        result = work()
        fetch(_RESULT, [result, key])
        return result, True


def forget(before: datetime) -> int:
    """Throw away the tokens claimed before a moment; answers how many."""
    return FormToken.objects.filter(claimed_at__lt=before).delete()[0]
