"""Give another program a key, take it back, note that it was used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from secretariat.core import clock
from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.core.scope import scope
from secretariat.interop import secret_keys
from secretariat.interop.models import ApiToken, Feed
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

ZONE = "Europe/Paris"
SEEN_EVERY = timedelta(hours=1)
"""`last_used_at` is no more precise than this: reading stays reading."""


class PostClosed(Refusal):
    """A program cannot work at a post that is closed."""


def issue(
    *, staff: Staff, name: str, may_write: bool, by: Staff | None, at: datetime
) -> tuple[ApiToken, str]:
    """Give a program the key of a post.

    Args:
        staff: the post it works at: its practice, its name in the day book, its rights.
        name: of the program, as the practice knows it.
        may_write: False for a program that only reads.
        by: who answers for it; None for the site's own command line.

    Returns:
        The row, and the secret: it is never seen again.

    Raises:
        NotAllowed, PostClosed, BadInput.
    """
    rows, secret = issue_for(posts=[staff], name=name, may_write=may_write, by=by, at=at)
    return rows[0], secret


@transaction.atomic
def issue_for(
    *, posts: Sequence[Staff], name: str, may_write: bool, by: Staff | None, at: datetime
) -> tuple[list[ApiToken], str]:
    """The same for one person's posts in several practices: one secret opens each of them.

    Raises:
        As `issue`; NotAllowed too when `by` manages another practice than a post's.
    """
    if not name.strip():
        raise BadInput("Donnez un nom à ce logiciel : c’est lui qu’on retrouvera dans la liste.")
    secret = secret_keys.new(secret_keys.TOKEN)
    rows = [_row(post, secret, name=name, may_write=may_write, by=by, at=at) for post in posts]
    return rows, secret


def _row(
    post: Staff, secret: str, *, name: str, may_write: bool, by: Staff | None, at: datetime
) -> ApiToken:
    if by is not None:
        _must_manage(by, post.practice_id)
    if not post.on_duty(clock.local_date(at, ZONE)):
        raise PostClosed(f"Le poste de {post} est fermé : choisissez-en un autre.")
    with scope([post.practice_id], post.user_id):
        token = ApiToken.objects.create(
            practice_id=post.practice_id,
            name=name.strip()[:80],
            digest=secret_keys.digest(secret),
            staff=post,
            may_write=may_write,
            created_at=at,
            created_by=by,
        )
        daybook.note(
            practice_id=post.practice_id, by=by, at=at, verb="interop.issue_token",
            subject=token, name=token.name, works_as=post.pk, may_write=may_write,
        )  # fmt: skip
    return token


@transaction.atomic
def revoke(*, token: ApiToken, by: Staff, at: datetime) -> ApiToken:
    """Take a key back: the program's next question is refused.

    Raises:
        NotAllowed.
    """
    _must_manage(by, token.practice_id)
    current = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if current.revoked_at is not None:
        return current
    current.revoked_at, current.revoked_by = at, by
    current.save(update_fields=["revoked_at", "revoked_by"])
    daybook.note(
        practice_id=current.practice_id, by=by, at=at, verb="interop.revoke_token",
        subject=current, name=current.name,
    )  # fmt: skip
    return current


def used(*, key: ApiToken | Feed, at: datetime) -> None:
    """Note that a key was used, once an hour at most."""
    if key.last_used_at is not None and key.last_used_at > at - SEEN_EVERY:
        return
    due = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - SEEN_EVERY)
    type(key)._default_manager.filter(due, pk=key.pk).update(last_used_at=at)


def _must_manage(by: Staff, practice_id: int) -> None:
    if by.practice_id != practice_id or not by.may("practice.manage"):
        raise NotAllowed("Votre rôle ne permet pas d’ouvrir le cabinet à d’autres logiciels.")
