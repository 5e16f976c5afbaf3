"""Let another calendar follow an agenda, and stop it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.agenda.models import Agenda
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.interop import secret_keys
from secretariat.interop.models import Feed
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


@transaction.atomic
def publish(*, agenda: Agenda, shows: str, by: Staff, at: datetime) -> tuple[Feed, str]:
    """Make the secret address of an agenda; the one before it opens nothing any more.

    Args:
        shows: one of `Feed.Shows`.

    Returns:
        The row, and the secret of the address: it is never seen again.

    Raises:
        NotAllowed, BadInput.
    """
    _must_rule(by, agenda.practice_id)
    if shows not in Feed.Shows.values:
        raise BadInput("Dites ce que l’adresse montre : rien, ou les initiales.")
    Agenda.objects.select_for_update().get(pk=agenda.pk)  # one address at a time
    standing = Feed.objects.filter(agenda=agenda, revoked_at__isnull=True)
    replaced = standing.update(revoked_at=at, revoked_by=by)
    secret = secret_keys.new(secret_keys.FEED)
    feed = Feed.objects.create(
        practice_id=agenda.practice_id, agenda=agenda, digest=secret_keys.digest(secret),
        shows=shows, created_at=at, created_by=by,
    )  # fmt: skip
    daybook.note(
        practice_id=agenda.practice_id, by=by, at=at, verb="interop.publish_feed", subject=feed,
        agenda=agenda.pk, shows=shows, replaced=replaced,
    )  # fmt: skip
    return feed, secret


@transaction.atomic
def withdraw(*, feed: Feed, by: Staff, at: datetime) -> Feed:
    """Stop an address: whoever follows it sees nothing new.

    Raises:
        NotAllowed.
    """
    _must_rule(by, feed.practice_id)
    current = Feed.objects.select_for_update(of=("self",)).get(pk=feed.pk)
    if current.revoked_at is not None:
        return current
    current.revoked_at, current.revoked_by = at, by
    current.save(update_fields=["revoked_at", "revoked_by"])
    daybook.note(
        practice_id=current.practice_id, by=by, at=at, verb="interop.withdraw_feed",
        subject=current, agenda=current.agenda_id,
    )  # fmt: skip
    return current


def _must_rule(by: Staff, practice_id: int) -> None:
    if by.practice_id != practice_id or not by.may("agenda.rules"):
        raise NotAllowed("Votre rôle ne permet pas de montrer l’agenda ailleurs.")
