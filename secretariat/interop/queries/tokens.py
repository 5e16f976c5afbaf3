"""Other programs' keys: found by what they present, listed for who answers for them."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from secretariat.core import scope
from secretariat.interop import secret_keys
from secretariat.interop.models import ApiToken
from secretariat.practice.models import Staff


def presented(secret: str, wanted: str, day: date) -> ApiToken | None:
    """The token that a program presents, its post loaded; leaves the scope open on its practice.

    Args:
        secret: as received; whatever it is, nothing but its digest reaches the database.
        wanted: key or short name of the practice asked for, "" for the only one, or the first.
        day: today; a post that is closed has no token.

    Returns:
        None for a token that is unknown, revoked, or whose post is closed; no scope is open then.
    """
    digest = secret_keys.digest(secret)
    with secret_keys.keyhole(digest):
        rows = list(ApiToken.objects.filter(digest=digest, revoked_at__isnull=True).order_by("pk"))
    if not rows:
        return None
    scope.apply([row.practice_id for row in rows])
    posts = Staff.objects.filter(pk__in=[row.staff_id for row in rows])
    at_work = {post.pk: post for post in posts.select_related("practice", "user")}
    for row in rows:
        row.staff = at_work[row.staff_id]
        names = {"", str(row.practice_id), row.staff.practice.slug}
        if wanted in names and row.works_on(day):
            if len(rows) > 1:
                scope.apply([row.practice_id])
            return row
    scope.close()
    return None


def listed(practice_id: int) -> list[ApiToken]:
    """The keys of a practice, those that still open first, newest first."""
    return list(
        ApiToken.objects.filter(practice_id=practice_id)
        .select_related("staff__user", "created_by", "revoked_by")
        .order_by(F("revoked_at").desc(nulls_first=True), "-created_at")
    )


def token(practice_id: int, pk: int) -> ApiToken | None:
    """One key of the practice; None for anyone else's."""
    return ApiToken.objects.filter(practice_id=practice_id, pk=pk).select_related("staff").first()


def posts(practice_id: int, day: date) -> list[Staff]:
    """The open posts at which a program may work, by name."""
    found = Staff.objects.filter(practice_id=practice_id, user__is_active=True)
    return [post for post in found.order_by("display_name", "pk") if post.on_duty(day)]
