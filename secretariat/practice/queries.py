"""Reads of the practice room."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from secretariat.practice.models import Practitioner, Site, Staff


def posts_of(user_id: int, day: date) -> list[Staff]:
    """The posts open on `day` for a person, with their practices, in stable order.

    Runs before any practice is in view: the policy lets a person read their own posts.
    """
    posts = (
        Staff.objects.filter(user_id=user_id)
        .select_related("practice")
        .order_by("practice__name", "pk")
    )
    return [post for post in posts if post.on_duty(day)]


def staff(practice_id: int) -> list[Staff]:
    """All posts of a practice, open ones first."""
    return list(
        Staff.objects.filter(practice_id=practice_id)
        .select_related("user", "practitioner")
        .order_by(F("ends_on").desc(nulls_first=True), "display_name")
    )


def practitioners(practice_id: int) -> list[Practitioner]:
    """Those who receive patients, by name."""
    return list(Practitioner.objects.filter(practice_id=practice_id).order_by("family_name", "pk"))


def sites(practice_id: int) -> list[Site]:
    """The addresses of a practice, oldest first."""
    return list(Site.objects.filter(practice_id=practice_id).order_by("pk"))
