"""Other programs' keys: found by what they present, listed for who answers for them."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from secretariat.core import scope
from secretariat.core.prepared import columns, fetch, row, width
from secretariat.interop import secret_keys
from secretariat.interop.models import ApiToken
from secretariat.practice.models import Practice, Staff, User


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
        rows = [row(ApiToken, values) for values in fetch(_standing(), [digest])]
    if not rows:
        return None
    scope.apply([token.practice_id for token in rows])
    at_work = {post.pk: post for post in _posts([token.staff_id for token in rows])}
    for token in rows:
        token.staff = at_work[token.staff_id]
        names = {"", str(token.practice_id), token.staff.practice.slug}
        if wanted in names and token.works_on(day):
            if len(rows) > 1:
                scope.apply([token.practice_id])
            return token
    scope.close()
    return None


def _standing() -> str:
    return (
        f"SELECT {columns(ApiToken, 't')} FROM interop_apitoken t"  # noqa: S608
        " WHERE t.digest = %s AND t.revoked_at IS NULL ORDER BY t.id"
    )


def _posts(ids: list[int]) -> list[Staff]:
    """Posts with their practice and their person, in one prepared statement."""
    sql = (
        f"SELECT {columns(Staff, 's')}, {columns(Practice, 'p')}, {columns(User, 'u')}"  # noqa: S608
        " FROM practice_staff s JOIN practice_practice p ON p.id = s.practice_id"
        " JOIN practice_user u ON u.id = s.user_id WHERE s.id = ANY(%s::bigint[])"
    )
    end = width(Staff)
    end_practice = end + width(Practice)
    posts = []
    for values in fetch(sql, [ids]):
        post = row(Staff, values[:end])
        post.practice = row(Practice, values[end:end_practice])
        post.user = row(User, values[end_practice:])
        posts.append(post)
    return posts


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
