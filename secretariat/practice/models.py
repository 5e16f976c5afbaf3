from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from secretariat.practice.roles import AUTOMATIC, ROLES, Role


class User(AbstractUser):
    """A person's login. Rights come from their posts (`Staff`), never from here."""

    # Somebody else knows the password: another one is chosen before anything else.
    password_given = models.BooleanField(default=False)

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"


class Practice(models.Model):
    """A cabinet, clinic or department: the wall between secrets."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    colour = models.PositiveSmallIntegerField(default=1)
    idle_minutes = models.PositiveSmallIntegerField(default=10)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(colour__gte=1, colour__lte=8), name="practice_colour_1_to_8"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Owned(models.Model):
    """A row that belongs to one practice and is invisible to every other."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    if TYPE_CHECKING:
        practice_id: int

    class Meta:
        abstract = True


class Site(Owned):
    """An address where patients are received."""

    name = models.CharField(max_length=120)
    # How patients read it in messages, when its own name tells why one goes there.
    public_name = models.CharField(max_length=120, blank=True, default="")
    time_zone = models.CharField(max_length=40, default="Europe/Paris")
    # Where public holidays are counted: a key of `agenda.public_holidays.REGIONS`.
    region = models.CharField(max_length=20, blank=True, default="")
    # School holidays: "A", "B" or "C"; "" for none.
    school_zone = models.CharField(max_length=1, blank=True, default="")
    # A wheelchair can enter.
    accessible = models.BooleanField(default=True)
    closes_on_holidays = models.BooleanField(default=True)
    address = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    town = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    access = models.TextField(blank=True, max_length=1000)

    def __str__(self) -> str:
        return self.name

    @property
    def name_said(self) -> str:
        """As messages, letters and the pages of links name it."""
        return self.public_name.strip() or self.name


class Practitioner(Owned):
    """A person who receives patients."""

    class Sector(models.TextChoices):
        NONE = "0", "Non conventionné"
        ONE = "1", "Secteur 1"
        TWO_PERMANENT = "2", "Droit permanent à dépassement"
        TWO = "3", "Secteur 2"

    title = models.CharField(max_length=10, default="Dr")
    family_name = models.CharField(max_length=80)
    given_name = models.CharField(max_length=80, blank=True)
    rpps = models.CharField(max_length=11, blank=True)
    speciality = models.CharField(max_length=80)
    sector = models.CharField(max_length=1, choices=Sector.choices, default=Sector.ONE)
    optam = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rpps="") | Q(rpps__regex=r"^\d{11}$"),
                name="practitioner_rpps_11_digits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.family_name}"


class Staff(Owned):
    """A post: one person, one practice, one role, for a time."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role_key = models.CharField(
        max_length=20,
        choices=[(key, role.label) for key, role in (ROLES | AUTOMATIC).items()],
    )
    display_name = models.CharField(max_length=80)
    practitioner = models.ForeignKey(
        Practitioner, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withheld = models.JSONField(default=list, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    if TYPE_CHECKING:
        user_id: int
        practitioner_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "user"], name="one_post_per_person_and_practice"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=models.F("starts_on")),
                name="staff_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def role(self) -> type[Role]:
        """The role's class, with its paragraph and permissions."""
        return ROLES.get(self.role_key) or AUTOMATIC[self.role_key]

    @property
    def short_name(self) -> str:
        """What the band of the page shows."""
        return self.display_name

    @property
    def role_name(self) -> str:
        """The role in French."""
        return self.role.label

    def on_duty(self, day: date) -> bool:
        """Whether the post is open on `day`, both bounds included."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or day <= self.ends_on
        )

    def may(self, permission: str) -> bool:
        """Whether the post holds `permission`; a withheld right always loses."""
        return permission in self.role.permissions and permission not in self.withheld
