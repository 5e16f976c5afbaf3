"""Reads of the practice room."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from secretariat.core.prepared import columns, fetch, row, width
from secretariat.practice.models import Practice, Practitioner, Site, Staff, User
from secretariat.practice.roles import AUTOMATIC, ROLES


def user(pk: int) -> User | None:
    """The person of a session."""
    sql = f"SELECT {columns(User, 'u')} FROM practice_user u WHERE u.id = %s"  # noqa: S608
    found = fetch(sql, [pk])
    return row(User, found[0]) if found else None


def posts_of(user_id: int, day: date) -> list[Staff]:
    """The posts open on `day` for a person, with their practices, in stable order.

    Runs before any practice is in view: the policy lets a person read their own posts.
    """
    sql = (
        f"SELECT {columns(Staff, 's')}, {columns(Practice, 'p')}"  # noqa: S608
        " FROM practice_staff s JOIN practice_practice p ON p.id = s.practice_id"
        " WHERE s.user_id = %s ORDER BY p.name, s.id"
    )
    posts, end = [], width(Staff)
    for found in fetch(sql, [user_id]):
        post = row(Staff, found[:end])
        post.practice = row(Practice, found[end:])
        posts.append(post)
    return [post for post in posts if post.on_duty(day)]


def staff(practice_id: int) -> list[Staff]:
    """The posts of people in a practice, open ones first."""
    return list(
        Staff.objects.filter(practice_id=practice_id, role_key__in=ROLES)
        .select_related("user", "practitioner")
        .order_by(F("ends_on").desc(nulls_first=True), "display_name")
    )


def practitioners(practice_id: int) -> list[Practitioner]:
    """Those who receive patients, by name."""
    return list(Practitioner.objects.filter(practice_id=practice_id).order_by("family_name", "pk"))


def sites(practice_id: int) -> list[Site]:
    """The addresses of a practice, oldest first."""
    sql = (
        f"SELECT {columns(Site, 's')} FROM practice_site s"  # noqa: S608
        " WHERE s.practice_id = %s ORDER BY s.id"
    )
    return [row(Site, values) for values in fetch(sql, [practice_id])]


def automatic_post_to_be(practice_id: int, role_key: str) -> Staff:
    """The post that would sign for a role of `roles.AUTOMATIC`, for a page that only reads: one
    that nothing has needed yet has no row, and the key 0."""
    found = Staff.objects.filter(practice_id=practice_id, role_key=role_key)
    return found.select_related("practice", "user").first() or Staff(
        pk=0, practice=Practice.objects.get(pk=practice_id), role_key=role_key,
        display_name=AUTOMATIC[role_key].label,
    )  # fmt: skip
