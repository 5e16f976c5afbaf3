"""Practices, their sites and practitioners, people and their posts."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from secretariat.core.rls import USER, PracticeIsolation, PracticeKey, SamePractice
from secretariat.core.tables import CreateTables

# One field a line, to be read as a table.
# fmt: off
TABLES = [
    migrations.CreateModel(
        name="User",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("password", models.CharField(max_length=128, verbose_name="password")),
            ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
            (
                "is_superuser",
                models.BooleanField(
                    default=False,
                    help_text="Designates that this user has all permissions without explicitly assigning them.",
                    verbose_name="superuser status",
                ),
            ),
            (
                "username",
                models.CharField(
                    error_messages={"unique": "A user with that username already exists."},
                    help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                    max_length=150,
                    unique=True,
                    validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                    verbose_name="username",
                ),
            ),
            ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
            ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
            ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
            (
                "is_staff",
                models.BooleanField(
                    default=False, help_text="Designates whether the user can log into this admin site.", verbose_name="staff status"
                ),
            ),
            (
                "is_active",
                models.BooleanField(
                    default=True,
                    help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                    verbose_name="active",
                ),
            ),
            ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
            ("password_given", models.BooleanField(default=False)),
            (
                "groups",
                models.ManyToManyField(
                    blank=True,
                    help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                    related_name="user_set",
                    related_query_name="user",
                    to="auth.group",
                    verbose_name="groups",
                ),
            ),
            (
                "user_permissions",
                models.ManyToManyField(
                    blank=True,
                    help_text="Specific permissions for this user.",
                    related_name="user_set",
                    related_query_name="user",
                    to="auth.permission",
                    verbose_name="user permissions",
                ),
            ),
        ],
        options={
            "verbose_name": "user",
            "verbose_name_plural": "users",
            "swappable": "AUTH_USER_MODEL",
        },
        managers=[("objects", django.contrib.auth.models.UserManager())],
    ),
    migrations.CreateModel(
        name="Practice",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(max_length=120)),
            ("slug", models.SlugField(max_length=60, unique=True)),
            ("colour", models.PositiveSmallIntegerField(default=1)),
            ("idle_minutes", models.PositiveSmallIntegerField(default=10)),
            ("created_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.CheckConstraint(condition=models.Q(("colour__gte", 1), ("colour__lte", 8)), name="practice_colour_1_to_8"),
            ],
        },
    ),
    migrations.CreateModel(
        name="Site",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("name", models.CharField(max_length=120)),
            ("public_name", models.CharField(blank=True, default="", max_length=120)),
            ("time_zone", models.CharField(default="Europe/Paris", max_length=40)),
            ("region", models.CharField(blank=True, default="", max_length=20)),
            ("school_zone", models.CharField(blank=True, default="", max_length=1)),
            ("accessible", models.BooleanField(default=True)),
            ("closes_on_holidays", models.BooleanField(default=True)),
            ("address", models.CharField(blank=True, max_length=200)),
            ("postcode", models.CharField(blank=True, max_length=10)),
            ("town", models.CharField(blank=True, max_length=80)),
            ("phone", models.CharField(blank=True, max_length=16)),
            ("access", models.TextField(blank=True, max_length=1000)),
        ],
    ),
    migrations.CreateModel(
        name="Practitioner",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("title", models.CharField(default="Dr", max_length=10)),
            ("family_name", models.CharField(max_length=80)),
            ("given_name", models.CharField(blank=True, max_length=80)),
            ("rpps", models.CharField(blank=True, max_length=11)),
            ("speciality", models.CharField(max_length=80)),
            (
                "sector",
                models.CharField(
                    choices=[("0", "Non conventionné"), ("1", "Secteur 1"), ("2", "Droit permanent à dépassement"), ("3", "Secteur 2")],
                    default="1",
                    max_length=1,
                ),
            ),
            ("optam", models.BooleanField(default=False)),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("rpps", ""), ("rpps__regex", "^\\d{11}$"), _connector="OR"), name="practitioner_rpps_11_digits"
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Staff",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("user", models.ForeignKey(on_delete=models.PROTECT, related_name="posts", to=settings.AUTH_USER_MODEL)),
            (
                "role_key",
                models.CharField(
                    choices=[
                        ("secretary", "Secrétaire"),
                        ("remote_secretary", "Télésecrétaire"),
                        ("physician", "Médecin"),
                        ("locum", "Médecin remplaçant"),
                        ("manager", "Responsable"),
                        ("trainee", "Stagiaire"),
                        ("patient_link", "Patient, par un lien"),
                        ("automaton", "Envois automatiques"),
                    ],
                    max_length=20,
                ),
            ),
            ("display_name", models.CharField(max_length=80)),
            (
                "practitioner",
                models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.practitioner"),
            ),
            ("withheld", models.JSONField(blank=True, default=list)),
            ("starts_on", models.DateField(blank=True, null=True)),
            ("ends_on", models.DateField(blank=True, null=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice", "user"), name="one_post_per_person_and_practice"),
                models.CheckConstraint(
                    condition=models.Q(
                        ("ends_on__isnull", True), ("starts_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                    ),
                    name="staff_ends_after_start",
                ),
            ],
        },
    ),
]
# fmt: on

MY_PRACTICES = f"id IN (SELECT practice_id FROM practice_staff WHERE user_id = {USER})"  # noqa: S608
# Development’s migrations that this one stands for, after the first, whose name it kept.
JOINED = [
    "0002_truths", "0003_school_zone", "0004_automatic_roles", "0005_public_name",
    "0006_a_password_given",
]  # fmt: skip


class Migration(migrations.Migration):
    initial = True
    replaces = [("practice", name) for name in JOINED]
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        CreateTables(TABLES),
        # A person reads their own posts, and the names of their practices, before choosing one.
        PracticeIsolation("practice_staff", also=f"user_id = {USER}"),
        PracticeIsolation("practice_practice", column="id", also=MY_PRACTICES),
        PracticeIsolation("practice_site"),
        PracticeIsolation("practice_practitioner"),
        PracticeKey("practice_site"),
        PracticeKey("practice_practitioner"),
        PracticeKey("practice_staff"),
        SamePractice("practice_staff", "practitioner_id", "practice_practitioner"),
    ]
