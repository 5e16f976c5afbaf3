"""Two practices side by side, with one row in every table of each.

The rows are made from the models themselves, so that a new table is covered on the day it
appears. What a constraint asks beyond the column types stands in `wishes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import IntegrityError, models, transaction

from secretariat.core.scope import scope
from secretariat.floor_plan import PLAN
from secretariat.practice import actions
from secretariat.practice.models import Practice, Site, Staff, User
from secretariat.practice.roles import ROLES
from tests.house.canaries import SONG

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NO_PASSWORD = "!"  # clients are logged in directly


def wishes(side: Side) -> dict[str, dict[str, Any]]:
    """Column values that the constraints of a table ask for, or that make its row worth showing."""
    at = side.moment
    return {
        "agenda.Appointment": {"ends_at": at + timedelta(minutes=10)},
        "agenda.Absence": {"starts_at": at + timedelta(4), "ends_at": at + timedelta(5)},
        "agenda.OpeningRule": {"weekday": 0, "starts": time(8), "ends": time(19)},
        "agenda.OpeningException": {"starts": time(8), "ends": time(12)},
        "agenda.VisitReason": {"minutes": 20},
        "agenda.FreedTime": {"ends_at": at + timedelta(minutes=10)},
        "agenda.Hold": {"ends_at": at + timedelta(minutes=10)},
        "agenda.Reminder": {"hours_before": 24},
        "agenda.Quota": {"amount": 2, "minutes": 15},
        "agenda.Recall": {"appointment": None},
        "agenda.Replan": {
            "ends_at": at + timedelta(minutes=10),
            "approved_at": None,
            "approved_by": None,
            "ended_at": None,
            "ended_by": None,
            "accepted": [],
        },
        "agenda.ReplanLine": {"version": 1, "starts_at": at},
        "agenda.ResourceClosing": {"starts_at": at + timedelta(4), "ends_at": at + timedelta(5)},
        "agenda.ResourceUse": {"ends_at": at + timedelta(minutes=10)},
        "agenda.Travel": {"other": lambda: Site.objects.create(practice=side.practice, name="x")},
        "agenda.Waiting": {"priority_by": None},
        "agenda.WaitingOffer": {"ends_at": at + timedelta(minutes=10)},
        "notices.Notice": {"state": "unreached", "unreached_at": at, "why": "x"},
        "outbox.Message": {"address": f"{side.serial}@{side.text}.example"},
        "patients.FileCounter": {"last": 10_000},
        "patients.PatientRevision": {"version": 1_000 + side.serial},
        "patients.RelatedPerson": {"person": None, "name": "x"},
        "privacy.Access": {"patient_id": side.patient_id},
    }


@dataclass
class Side:
    """One practice: who works there, by role, and one row of each of its tables."""

    practice: Practice
    text: str = "x"
    users: dict[str, User] = field(default_factory=dict)
    posts: dict[str, Staff] = field(default_factory=dict)
    rows: dict[str, models.Model] = field(default_factory=dict)
    serial: int = 0
    patient_id: int = 1

    @property
    def moment(self) -> datetime:
        """Noon for the first rows, a quarter of an hour later for each that follows."""
        return NOON + timedelta(minutes=15 * self.serial)

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
        side.users[key] = User.objects.create(username=name, password=NO_PASSWORD)
        side.posts[key] = post(side.practice, side.users[key], key)
        side.rows["practice.Staff"] = side.posts[key]


def post(practice: Practice, user: User, role_key: str) -> Staff:
    """`user` works at `practice`, for good."""
    return Staff.objects.create(
        practice=practice, user=user, role_key=role_key, display_name=user.username
    )


def fill(side: Side, before: Side | None = None) -> None:
    """One row of each table that belongs to the practice, foreign keys first.

    Where a table takes no second such row, the one of `before` stands in.
    """
    for model in owned_models():
        label = model._meta.label
        if label in side.rows:
            continue
        try:
            with transaction.atomic():
                side.rows[label] = model._default_manager.create(**columns(model, side))
        except IntegrityError:
            if before is None:
                raise
            side.rows[label] = before.rows[label]


def crowd(side: Side, count: int) -> None:
    """`count` more of everything: new rows among themselves, and new rows upon the first ones."""
    staff = {"practice.Staff": side.rows["practice.Staff"]}
    patient = side.pk("patients.Patient")
    for serial in range(1, count + 1):
        apart = replace(side, serial=serial, rows=dict(staff), patient_id=patient)
        fill(apart, before=side)
        upon = replace(side, serial=count + serial, rows={}, patient_id=patient)
        for model in owned_models():
            if model is not Staff:
                upon.rows = {k: v for k, v in side.rows.items() if k != model._meta.label}
                fill(upon, before=side)


@cache
def owned_models() -> list[type[models.Model]]:
    """Models with a practice, each after those that it points to."""
    ordered: list[type[models.Model]] = []
    waiting = [m for m in apps.get_models() if m._meta.app_label in PLAN and is_owned(m)]
    done: set[type[models.Model]] = {Practice, User}
    while waiting:
        ready = next(m for m in waiting if required_targets(m) <= done)
        waiting.remove(ready)
        done.add(ready)
        ordered.append(ready)
    return ordered


def is_owned(model: type[models.Model]) -> bool:
    """Whether a row of `model` belongs to one practice."""
    return any(f.attname == "practice_id" for f in model._meta.concrete_fields)


def required_targets(model: type[models.Model]) -> set[type[models.Model]]:
    """The other owned models that `model` points to."""
    targets = {f.related_model for f in model._meta.concrete_fields if f.is_relation}
    return {t for t in targets if isinstance(t, type) and t is not model}


def columns(model: type[models.Model], side: Side) -> dict[str, Any]:
    """A value for every column that needs one."""
    wished = wishes(side).get(model._meta.label, {})
    values = {f.name: value(f, side) for f in model._meta.concrete_fields if not f.primary_key}
    return {
        name: it() if callable(it) else it
        for name, it in (values | wished).items()
        if it is not models.NOT_PROVIDED
    }


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
    """A plain value of the column's type, another for each serial; texts that may be empty are."""
    kind = column.get_internal_type()
    match SAMPLES.get(kind, ""):
        case "":
            text = f"{side.text}{side.serial or ''}"
            fits = len(text) <= (column.max_length or 1_000)
            return "" if column.blank else text if fits else f"{side.serial}"
        case datetime():
            return side.moment
        case bool() | dict() | bytes() | date() | time() as plain:
            return plain
        case int() as number:
            return number + side.serial
    return uuid4()


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
    "DateField": date(2026, 11, 23),
    "DateTimeField": NOON,
    "TimeField": time(12),
    "JSONField": {},
    "UUIDField": None,
    "BinaryField": b"x",
}
