"""Two practices side by side, with one row in every table of each.

The rows are made from the models themselves, so that a new table is covered on the day it
appears. What a constraint asks beyond the column types stands in `WISHES`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import models

from secretariat.core.scope import scope
from secretariat.floor_plan import PLAN
from secretariat.practice import actions
from secretariat.practice.models import Practice, Staff, User
from secretariat.practice.roles import ROLES
from tests.house.canaries import SONG

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PASSWORD = "not used: the client is logged in directly"

WISHES: dict[str, dict[str, Any]] = {
    "agenda.Appointment": {"ends_at": NOON.replace(hour=13)},
    "agenda.Absence": {"starts_at": NOON.replace(day=27), "ends_at": NOON.replace(day=28)},
    "agenda.OpeningRule": {"weekday": 0, "starts": time(8), "ends": time(19)},
    "agenda.OpeningException": {"starts": time(8), "ends": time(12)},
    "agenda.VisitReason": {"minutes": 20},
    "patients.RelatedPerson": {"person": None, "name": "x"},
    "privacy.Access": {"patient_id": 1},
}
"""Column values that the constraints of a table ask for."""


@dataclass
class Side:
    """One practice: who works there, by role, and one row of each of its tables."""

    practice: Practice
    text: str = "x"
    users: dict[str, User] = field(default_factory=dict)
    rows: dict[str, models.Model] = field(default_factory=dict)

    def pk(self, label: str) -> Any:
        """Primary key of the row of `label`, such as "agenda.Appointment"."""
        return self.practice.pk if label == "practice.Practice" else self.rows[label].pk


def two_sides() -> tuple[Side, Side]:
    """Our practice with one person of every role, and the practice next door.

    The remote secretary serves both; she has ours in view.
    """
    ours = Side(open_practice("tilleuls"))
    theirs = Side(open_practice("port"), text=f"{SONG}-x")
    for side in (ours, theirs):
        with scope([side.practice.pk]):
            engage_everyone(side)
            fill(side)
    with scope([theirs.practice.pk]):
        post(theirs.practice, ours.users["remote_secretary"], "remote_secretary")
    return ours, theirs


def open_practice(slug: str) -> Practice:
    """A practice named `slug`."""
    return actions.open_practice(name=slug, slug=slug, colour=1, at=NOON)


def engage_everyone(side: Side) -> None:
    """One person and one post for every role."""
    for key in ROLES:
        name = f"{key}-{side.practice.slug}"
        side.users[key] = User.objects.create_user(name, password=PASSWORD)
        side.rows["practice.Staff"] = post(side.practice, side.users[key], key)


def post(practice: Practice, user: User, role_key: str) -> Staff:
    """`user` works at `practice`, for good."""
    return Staff.objects.create(
        practice=practice, user=user, role_key=role_key, display_name=user.username
    )


def fill(side: Side) -> None:
    """One row of each table that belongs to the practice, foreign keys first."""
    for model in owned_models():
        label = model._meta.label
        if label not in side.rows:
            side.rows[label] = model._default_manager.create(**columns(model, side))


def owned_models() -> Iterator[type[models.Model]]:
    """Models with a practice, each after those that it points to."""
    waiting = [m for m in apps.get_models() if m._meta.app_label in PLAN and is_owned(m)]
    done: set[type[models.Model]] = {Practice, User}
    while waiting:
        ready = next(m for m in waiting if required_targets(m) <= done)
        waiting.remove(ready)
        done.add(ready)
        yield ready


def is_owned(model: type[models.Model]) -> bool:
    """Whether a row of `model` belongs to one practice."""
    return any(f.attname == "practice_id" for f in model._meta.concrete_fields)


def required_targets(model: type[models.Model]) -> set[type[models.Model]]:
    """The other owned models that `model` points to."""
    targets = {f.related_model for f in model._meta.concrete_fields if f.is_relation}
    return {t for t in targets if isinstance(t, type) and t is not model}


def columns(model: type[models.Model], side: Side) -> dict[str, Any]:
    """A value for every column that needs one."""
    wished = WISHES.get(model._meta.label, {})
    values = {f.name: value(f, side) for f in model._meta.concrete_fields if not f.primary_key}
    return {name: it for name, it in (values | wished).items() if it is not models.NOT_PROVIDED}


def value(column: models.Field[Any, Any], side: Side) -> Any:
    """Something that `column` accepts; foreign keys point inside the practice."""
    if column.attname == "practice_id":
        return side.practice if column.is_relation else side.practice.pk
    if column.is_relation:
        return target(column, side)
    if column.has_default() or column.null:
        return models.NOT_PROVIDED
    if column.choices and not column.blank:
        return next(iter(column.flatchoices))[0]
    return sample(column, side)


def sample(column: models.Field[Any, Any], side: Side) -> Any:
    """A plain value of the column's type; texts that may be empty are."""
    kind = column.get_internal_type()
    if kind in {"CharField", "TextField"}:
        room = column.max_length or len(side.text)
        return "" if column.blank else side.text if room >= len(side.text) else "x"
    return SAMPLES[kind]


def target(column: models.Field[Any, Any], side: Side) -> models.Model | None:
    """The row that a foreign key points to; who/when pairs stay empty together."""
    model = column.related_model
    if model is User:
        return side.users["secretary"]
    if column.null and (model is Staff or model is column.model):
        return None
    return side.rows.get(model._meta.label) if isinstance(model, type) else None


SAMPLES: dict[str, Any] = {
    "BigIntegerField": 1,
    "IntegerField": 1,
    "PositiveIntegerField": 1,
    "PositiveSmallIntegerField": 1,
    "SmallIntegerField": 1,
    "BooleanField": False,
    "SlugField": "x",
    "DateField": date(2026, 11, 23),
    "DateTimeField": NOON,
    "TimeField": time(12),
    "JSONField": {},
    "UUIDField": uuid4(),
    "BinaryField": b"x",
    "GenericIPAddressField": "192.0.2.1",
}
