"""Agendas and their rules, visits, rooms, reminders, waiting list, recalls, replans."""

import datetime
import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models
from django.db.models.expressions import CombinedExpression

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice
from secretariat.core.tables import CreateTables

# One field a line, to be read as a table.
# fmt: off
TABLES = [
    migrations.CreateModel(
        name="Agenda",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("practitioner", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practitioner")),
            ("site", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.site")),
            ("name", models.CharField(max_length=80)),
            ("colour", models.PositiveSmallIntegerField(default=1)),
            ("position", models.PositiveSmallIntegerField(default=0)),
            ("active", models.BooleanField(default=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practitioner", "site"), name="one_agenda_per_place"),
            ],
        },
    ),
    migrations.CreateModel(
        name="Replacement",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("agenda", models.ForeignKey(on_delete=models.PROTECT, related_name="replacements", to="agenda.agenda")),
            ("practitioner", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practitioner")),
            ("from_date", models.DateField()),
            ("to_date", models.DateField()),
            ("most_per_half_day", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("created_at", models.DateTimeField()),
            ("cancelled_at", models.DateTimeField(blank=True, null=True)),
            ("cancelled_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "constraints": [
                models.CheckConstraint(condition=models.Q(("to_date__gte", models.F("from_date"))), name="replacement_dates_in_order"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("cancelled_at__isnull", True), ("cancelled_by__isnull", True)),
                        models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="replacement_cancelled_pair",
                ),
                ExclusionConstraint(
                    condition=models.Q(("cancelled_at__isnull", True)),
                    expressions=[
                        (models.Func(models.F("agenda_id"), models.F("agenda_id"), models.Value("[]"), function="int8range"), "&&"),
                        (models.Func(models.F("from_date"), models.F("to_date"), models.Value("[]"), function="daterange"), "&&"),
                    ],
                    name="one_locum_at_a_time",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Travel",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("site", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="practice.site")),
            ("other", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="practice.site")),
            ("minutes", models.PositiveSmallIntegerField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice", "site", "other"), name="travel_once"),
                models.CheckConstraint(condition=models.Q(("site__lt", models.F("other"))), name="travel_older_first"),
                models.CheckConstraint(condition=models.Q(("minutes__lte", 480)), name="travel_at_most_8_h"),
            ],
        },
    ),
    migrations.CreateModel(
        name="OpeningRule",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("agenda", models.ForeignKey(on_delete=models.PROTECT, related_name="opening_rules", to="agenda.agenda")),
            ("weekday", models.PositiveSmallIntegerField()),
            ("starts", models.TimeField()),
            ("ends", models.TimeField()),
            ("kind", models.CharField(choices=[("open", "Consultation"), ("protected", "Plage protégée")], default="open", max_length=10)),
            ("label", models.CharField(blank=True, max_length=120)),
            ("every_weeks", models.PositiveSmallIntegerField(default=1)),
            (
                "school_holidays",
                models.CharField(
                    blank=True,
                    choices=[
                        ("", "Toute l’année"),
                        ("except", "Sauf vacances scolaires"),
                        ("only", "Pendant les vacances scolaires seulement"),
                    ],
                    default="",
                    max_length=6,
                ),
            ),
            ("mode", models.CharField(blank=True, default="", max_length=8)),
            ("from_date", models.DateField()),
            ("to_date", models.DateField(blank=True, null=True)),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("created_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="opening_weekday"),
                models.CheckConstraint(
                    condition=models.Q(("ends__gt", models.F("starts")), ("ends", datetime.time(0, 0)), _connector="OR"),
                    name="opening_ends_after_start",
                ),
                models.CheckConstraint(
                    condition=models.Q(("every_weeks__gte", 1), ("every_weeks__lte", 12)), name="opening_every_1_to_12_weeks"
                ),
                models.CheckConstraint(
                    condition=models.Q(("mode", ""), ("kind", "open"), _connector="OR"), name="opening_mode_of_an_opening"
                ),
                models.CheckConstraint(
                    condition=models.Q(("to_date__isnull", True), ("to_date__gte", models.F("from_date")), _connector="OR"),
                    name="opening_dates_in_order",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="OpeningException",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("agenda", models.ForeignKey(on_delete=models.PROTECT, related_name="opening_exceptions", to="agenda.agenda")),
            ("date", models.DateField()),
            (
                "kind",
                models.CharField(choices=[("open", "Ouvert exceptionnellement"), ("closed", "Fermé exceptionnellement")], max_length=6),
            ),
            ("starts", models.TimeField(blank=True, null=True)),
            ("ends", models.TimeField(blank=True, null=True)),
            ("label", models.CharField(blank=True, max_length=120)),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("created_at", models.DateTimeField()),
        ],
        options={
            "indexes": [
                models.Index(fields=["agenda", "date"], name="agenda_open_agenda__748f15_idx"),
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("ends__isnull", True), ("kind", "closed"), ("starts__isnull", True)),
                        ("ends__gt", models.F("starts")),
                        models.Q(("ends", datetime.time(0, 0)), ("starts__isnull", False)),
                        _connector="OR",
                    ),
                    name="exception_times",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Absence",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("agenda", models.ForeignKey(on_delete=models.PROTECT, related_name="absences", to="agenda.agenda")),
            ("starts_at", models.DateTimeField()),
            ("ends_at", models.DateTimeField()),
            ("label", models.CharField(blank=True, max_length=120)),
            ("of_locum", models.BooleanField(default=False)),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("created_at", models.DateTimeField()),
            ("cancelled_at", models.DateTimeField(blank=True, null=True)),
            ("cancelled_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "agenda", "starts_at"], name="agenda_abse_practic_bedeea_idx"),
            ],
            "constraints": [
                models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="absence_ends_after_start"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("cancelled_at__isnull", True), ("cancelled_by__isnull", True)),
                        models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="absence_cancelled_pair",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="VisitReason",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("name", models.CharField(max_length=80)),
            ("minutes", models.PositiveSmallIntegerField()),
            ("first_minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("more_minutes", models.PositiveSmallIntegerField(default=0)),
            ("minutes_before", models.PositiveSmallIntegerField(default=0)),
            ("minutes_after", models.PositiveSmallIntegerField(default=0)),
            (
                "mode",
                models.CharField(
                    choices=[("on_site", "Au cabinet"), ("home", "À domicile"), ("video", "En vidéo"), ("phone", "Par téléphone")],
                    default="on_site",
                    max_length=8,
                ),
            ),
            ("colour", models.PositiveSmallIntegerField(default=1)),
            (
                "kind",
                models.CharField(
                    choices=[("first", "Première consultation"), ("follow_up", "Suivi"), ("urgent", "Urgence"), ("other", "Autre")],
                    default="follow_up",
                    max_length=10,
                ),
            ),
            ("bookable_by_remote", models.BooleanField(default=True)),
            ("bookable_by_patient", models.BooleanField(default=False)),
            ("named_only", models.BooleanField(default=False)),
            ("referral_only", models.BooleanField(default=False)),
            ("age_from", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("age_to", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("patient_notice_hours", models.PositiveSmallIntegerField(default=0)),
            ("patient_horizon_days", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("again_after_days", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("within_days", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("instructions", models.TextField(blank=True, max_length=2000)),
            ("papers", models.TextField(blank=True, max_length=1000)),
            ("afterwards", models.TextField(blank=True, max_length=2000)),
            ("active", models.BooleanField(default=True)),
            ("position", models.PositiveSmallIntegerField(default=0)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice", "name"), name="reason_name_once"),
                models.CheckConstraint(condition=models.Q(("minutes__gte", 5), ("minutes__lte", 480)), name="reason_5_min_to_8_h"),
                models.CheckConstraint(
                    condition=models.Q(
                        ("first_minutes__isnull", True), models.Q(("first_minutes__gte", 5), ("first_minutes__lte", 480)), _connector="OR"
                    ),
                    name="reason_first_5_min_to_8_h",
                ),
                models.CheckConstraint(
                    condition=models.Q(("minutes_after__lte", 120), ("minutes_before__lte", 120), ("more_minutes__lte", 120)),
                    name="reason_at_most_2_h_around",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("age_to__isnull", True), ("age_from__isnull", True), ("age_to__gte", models.F("age_from")), _connector="OR"
                    ),
                    name="reason_ages_in_order",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="OfferedReason",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("agenda", models.ForeignKey(on_delete=models.CASCADE, related_name="offered_reasons", to="agenda.agenda")),
            ("reason", models.ForeignKey(on_delete=models.CASCADE, related_name="offers", to="agenda.visitreason")),
            ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("first_minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("agenda", "reason"), name="reason_offered_once"),
            ],
        },
    ),
    migrations.CreateModel(
        name="OpeningReason",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("rule", models.ForeignKey(on_delete=models.CASCADE, related_name="named_reasons", to="agenda.openingrule")),
            ("reason", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="agenda.visitreason")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("rule", "reason"), name="reason_named_once"),
            ],
        },
    ),
    migrations.CreateModel(
        name="LocumLimit",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("replacement", models.ForeignKey(on_delete=models.CASCADE, related_name="limits", to="agenda.replacement")),
            ("reason", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="agenda.visitreason")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("replacement", "reason"), name="reason_left_to_the_holder_once"),
            ],
        },
    ),
    migrations.CreateModel(
        name="Announcing",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("confirm", models.BooleanField(default=True)),
            ("cancel_hours", models.PositiveSmallIntegerField(default=24)),
            ("patients_move", models.BooleanField(default=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice",), name="one_announcing_per_practice"),
                models.CheckConstraint(condition=models.Q(("cancel_hours__lte", 720)), name="cancel_at_most_30_days_before"),
            ],
        },
    ),
    migrations.CreateModel(
        name="Reminder",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("reason", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="+", to="agenda.visitreason")),
            ("days_before", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("at_time", models.TimeField(blank=True, null=True)),
            ("hours_before", models.PositiveSmallIntegerField(blank=True, null=True)),
            ("silent", models.BooleanField(default=False)),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("created_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("at_time", None), ("days_before", None), ("hours_before", None), ("silent", True), ("reason__isnull", False)
                        ),
                        models.Q(
                            ("days_before__isnull", False),
                            ("days_before__range", (1, 60)),
                            ("silent", False),
                            ("at_time__isnull", False),
                            ("hours_before", None),
                        ),
                        models.Q(
                            ("hours_before__isnull", False),
                            ("hours_before__range", (1, 72)),
                            ("silent", False),
                            ("at_time", None),
                            ("days_before", None),
                        ),
                        _connector="OR",
                    ),
                    name="reminder_days_or_hours",
                ),
                models.UniqueConstraint(
                    fields=("practice", "reason", "days_before", "at_time", "hours_before"), name="reminder_once", nulls_distinct=False
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="VisitGroup",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            (
                "kind",
                models.CharField(
                    choices=[("chain", "Visites enchaînées"), ("household", "En famille"), ("series", "Série")], max_length=10
                ),
            ),
            ("label", models.CharField(blank=True, max_length=200)),
            ("created_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("created_at", models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name="Protocol",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("name", models.CharField(max_length=80)),
            ("position", models.PositiveSmallIntegerField(default=0)),
            ("active", models.BooleanField(default=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice", "name"), name="protocol_name_once"),
            ],
        },
    ),
    migrations.CreateModel(
        name="ProtocolStep",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("protocol", models.ForeignKey(on_delete=models.CASCADE, related_name="steps", to="agenda.protocol")),
            ("reason", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="agenda.visitreason")),
            ("position", models.PositiveSmallIntegerField()),
            ("wait_from", models.PositiveSmallIntegerField(default=0)),
            ("wait_to", models.PositiveSmallIntegerField(default=30)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("protocol", "position"), name="step_place_once"),
                models.CheckConstraint(
                    condition=models.Q(("wait_to__gte", models.F("wait_from")), ("wait_to__lte", 480)), name="step_waits_in_order"
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Appointment",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            (
                "agenda",
                models.ForeignKey(
                    db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="appointments", to="agenda.agenda"
                ),
            ),
            (
                "patient",
                models.ForeignKey(
                    blank=True,
                    db_constraint=False,
                    db_index=False,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="+",
                    to="patients.patient",
                ),
            ),
            (
                "reason",
                models.ForeignKey(
                    blank=True,
                    db_constraint=False,
                    db_index=False,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="+",
                    to="agenda.visitreason",
                ),
            ),
            ("title", models.CharField(blank=True, max_length=200)),
            ("starts_at", models.DateTimeField()),
            ("ends_at", models.DateTimeField()),
            ("minutes_before", models.PositiveSmallIntegerField(default=0)),
            ("minutes_after", models.PositiveSmallIntegerField(default=0)),
            (
                "group",
                models.ForeignKey(
                    blank=True,
                    db_constraint=False,
                    db_index=False,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="appointments",
                    to="agenda.visitgroup",
                ),
            ),
            ("note", models.CharField(blank=True, max_length=500)),
            ("squeezed", models.BooleanField(default=False)),
            (
                "squeezed_by",
                models.ForeignKey(
                    blank=True,
                    db_constraint=False,
                    db_index=False,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="+",
                    to="practice.staff",
                ),
            ),
            ("forced", models.BooleanField(default=False)),
            (
                "forced_by",
                models.ForeignKey(
                    blank=True,
                    db_constraint=False,
                    db_index=False,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="+",
                    to="practice.staff",
                ),
            ),
            ("forced_rule", models.CharField(blank=True, max_length=200)),
            ("cancelled_at", models.DateTimeField(blank=True, null=True)),
            (
                "cancelled_by",
                models.ForeignKey(
                    blank=True,
                    db_constraint=False,
                    db_index=False,
                    null=True,
                    on_delete=models.PROTECT,
                    related_name="+",
                    to="practice.staff",
                ),
            ),
            (
                "cancelled_for",
                models.CharField(
                    blank=True,
                    choices=[("patient", "À la demande du patient"), ("practice", "Par le cabinet"), ("mistake", "Erreur de saisie")],
                    max_length=10,
                ),
            ),
            ("cancelled_why", models.CharField(blank=True, max_length=200)),
            ("confirmed_at", models.DateTimeField(blank=True, null=True)),
            ("import_key", models.CharField(blank=True, max_length=200)),
            ("created_at", models.DateTimeField()),
            (
                "created_by",
                models.ForeignKey(db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+", to="practice.staff"),
            ),
            ("version", models.PositiveIntegerField(default=1)),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "agenda", "starts_at"], name="agenda_appo_practic_47db54_idx"),
                models.Index(fields=["practice", "patient", "starts_at"], name="agenda_appo_practic_6af8fd_idx"),
                models.Index(fields=["practice", "starts_at"], name="agenda_appo_practic_fd82c7_idx"),
                models.Index(condition=models.Q(("group__isnull", False)), fields=["practice", "group"], name="appointment_of_a_group"),
            ],
            "constraints": [
                ExclusionConstraint(
                    condition=models.Q(("cancelled_at__isnull", True), ("squeezed", False)),
                    expressions=[
                        (models.Func(models.F("agenda_id"), models.F("agenda_id"), models.Value("[]"), function="int8range"), "&&"),
                        (models.Func(models.F("starts_at"), models.F("ends_at"), models.Value("[)"), function="tstzrange"), "&&"),
                    ],
                    name="no_accidental_double_booking",
                ),
                models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="appointment_ends_after_start"),
                models.CheckConstraint(
                    condition=models.Q(
                        ("ends_at__lte", CombinedExpression(models.F("starts_at"), "+", models.Value(datetime.timedelta(days=1))))
                    ),
                    name="appointment_at_most_a_day",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("cancelled_at__isnull", True), ("cancelled_by__isnull", True), ("cancelled_for", "")),
                        models.Q(
                            ("cancelled_at__isnull", False), ("cancelled_by__isnull", False), models.Q(("cancelled_for", ""), _negated=True)
                        ),
                        _connector="OR",
                    ),
                    name="appointment_cancelled_pair",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("squeezed", False), ("squeezed_by__isnull", True)),
                        models.Q(("squeezed", True), ("squeezed_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="appointment_squeezed_pair",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("forced", False), ("forced_by__isnull", True)),
                        models.Q(("forced", True), ("forced_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="appointment_forced_pair",
                ),
                models.CheckConstraint(
                    condition=models.Q(("patient__isnull", False), models.Q(("title", ""), _negated=True), _connector="OR"),
                    name="appointment_is_someone_or_something",
                ),
                models.CheckConstraint(
                    condition=models.Q(("minutes_after__lte", 120), ("minutes_before__lte", 120)), name="appointment_at_most_2_h_around"
                ),
                models.UniqueConstraint(
                    condition=models.Q(("import_key", ""), _negated=True),
                    fields=("practice", "agenda", "import_key"),
                    name="appointment_imported_once",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="InstructionDocument",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("reason", models.ForeignKey(on_delete=models.PROTECT, related_name="documents", to="agenda.visitreason")),
            ("title", models.CharField(max_length=120)),
            ("file_name", models.CharField(max_length=100)),
            ("content", models.BinaryField()),
            ("sha256", models.CharField(max_length=64)),
            ("size", models.PositiveIntegerField()),
            ("pages", models.PositiveSmallIntegerField()),
            ("joinable_at", models.DateTimeField(blank=True, null=True)),
            ("joinable_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("created_at", models.DateTimeField()),
            ("removed_at", models.DateTimeField(blank=True, null=True)),
            ("removed_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("removed_at__isnull", True)), fields=("reason", "title"), name="document_title_once"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("joinable_at__isnull", True), ("joinable_by__isnull", True)),
                        models.Q(("joinable_at__isnull", False), ("joinable_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="document_joinable_by_someone",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                        models.Q(("content", b""), ("removed_at__isnull", False), ("removed_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="document_removed_keeps_nothing",
                ),
                models.CheckConstraint(
                    condition=models.Q(("pages__gt", 0), ("size__gt", 0), ("size__lte", 5242880)), name="document_at_most_5_mb"
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="FavouriteAgenda",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("staff", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="practice.staff")),
            ("agenda", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="agenda.agenda")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("staff", "agenda"), name="agenda_favourite_once"),
            ],
        },
    ),
    migrations.CreateModel(
        name="Hold",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("agenda", models.ForeignKey(on_delete=models.CASCADE, related_name="holds", to="agenda.agenda")),
            ("starts_at", models.DateTimeField()),
            ("ends_at", models.DateTimeField()),
            ("staff", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="practice.staff")),
            ("sheet", models.UUIDField()),
            ("expires_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice", "staff", "sheet"), name="one_hold_a_sheet"),
                models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="hold_ends_after_start"),
                ExclusionConstraint(
                    expressions=[
                        (models.Func(models.F("agenda_id"), models.F("agenda_id"), models.Value("[]"), function="int8range"), "&&"),
                        (models.Func(models.F("starts_at"), models.F("ends_at"), models.Value("[)"), function="tstzrange"), "&&"),
                    ],
                    name="one_hold_at_a_time",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Ranking",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("earliest", models.PositiveSmallIntegerField(default=5)),
            ("usual", models.PositiveSmallIntegerField(default=3)),
            ("compact", models.PositiveSmallIntegerField(default=2)),
            ("balance", models.PositiveSmallIntegerField(default=1)),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("changed_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice",), name="one_ranking_a_practice"),
                models.CheckConstraint(
                    condition=models.Q(("balance__lte", 10), ("compact__lte", 10), ("earliest__lte", 10), ("usual__lte", 10)),
                    name="ranking_0_to_10",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Quota",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("agenda", models.ForeignKey(on_delete=models.PROTECT, related_name="quotas", to="agenda.agenda")),
            ("kind", models.CharField(choices=[("keep", "Garder libres"), ("most", "Au plus"), ("share", "Part au plus")], max_length=5)),
            (
                "part",
                models.CharField(
                    choices=[
                        ("day", "La journée"),
                        ("morning", "Le matin"),
                        ("afternoon", "L’après-midi"),
                        ("half", "Chaque demi-journée"),
                    ],
                    default="half",
                    max_length=9,
                ),
            ),
            ("weekdays", models.PositiveSmallIntegerField(default=127)),
            ("amount", models.PositiveSmallIntegerField()),
            ("minutes", models.PositiveSmallIntegerField(default=0)),
            (
                "release",
                models.CharField(
                    choices=[("never", "Jamais"), ("day", "Le jour même"), ("notice", "Avant l’heure")], default="never", max_length=6
                ),
            ),
            ("release_hours", models.PositiveSmallIntegerField(default=0)),
            ("label", models.CharField(blank=True, max_length=120)),
            ("from_date", models.DateField()),
            ("to_date", models.DateField(blank=True, null=True)),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("created_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.CheckConstraint(condition=models.Q(("weekdays__gte", 1), ("weekdays__lte", 127)), name="quota_some_weekday"),
                models.CheckConstraint(
                    condition=models.Q(("to_date__isnull", True), ("to_date__gte", models.F("from_date")), _connector="OR"),
                    name="quota_dates_in_order",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("amount__gte", 1), ("amount__lte", 50), ("kind", "keep"), ("minutes__gte", 5)),
                        models.Q(("amount__lte", 200), ("kind", "most"), ("minutes", 0), ("release", "never")),
                        models.Q(("amount__lte", 100), ("kind", "share"), ("minutes", 0), ("release", "never")),
                        _connector="OR",
                    ),
                    name="quota_amounts_of_its_kind",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("release", "notice"), ("release_hours__gte", 1)),
                        models.Q(models.Q(("release", "notice"), _negated=True), ("release_hours", 0)),
                        _connector="OR",
                    ),
                    name="quota_notice_has_hours",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="QuotaReason",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("quota", models.ForeignKey(on_delete=models.CASCADE, related_name="reasons", to="agenda.quota")),
            ("reason", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="agenda.visitreason")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("quota", "reason"), name="reason_once_in_a_quota"),
            ],
        },
    ),
    migrations.CreateModel(
        name="RecallCampaign",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("name", models.CharField(max_length=80)),
            ("reason", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="agenda.visitreason")),
            ("due_on", models.DateField()),
            ("criteria", models.JSONField(blank=True, default=dict)),
            ("count", models.PositiveIntegerField(default=0)),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("created_at", models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name="Recall",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("patient", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="patients.patient")),
            ("reason", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="agenda.visitreason")),
            (
                "practitioner",
                models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.practitioner"),
            ),
            (
                "campaign",
                models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="recalls", to="agenda.recallcampaign"),
            ),
            ("due_on", models.DateField()),
            ("by_month", models.BooleanField(default=False)),
            ("tolerance_days", models.PositiveSmallIntegerField(default=30)),
            ("note", models.CharField(blank=True, max_length=200)),
            ("tries", models.PositiveSmallIntegerField(default=0)),
            ("tried_at", models.DateTimeField(blank=True, null=True)),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("created_at", models.DateTimeField()),
            ("closed_at", models.DateTimeField(blank=True, null=True)),
            ("closed_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            (
                "outcome",
                models.CharField(
                    blank=True,
                    choices=[
                        ("booked", "Rendez-vous donné"),
                        ("elsewhere", "Suivi ailleurs"),
                        ("refused", "Ne souhaite pas"),
                        ("unreachable", "Injoignable"),
                        ("no_longer", "N’a plus lieu d’être"),
                        ("silence", "Ne plus relancer"),
                        ("mistake", "Noté par erreur"),
                    ],
                    max_length=12,
                ),
            ),
            ("appointment", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="agenda.appointment")),
        ],
        options={
            "indexes": [
                models.Index(condition=models.Q(("closed_at__isnull", True)), fields=["practice", "due_on"], name="recall_due"),
                models.Index(fields=["practice", "patient"], name="agenda_reca_practic_641983_idx"),
                models.Index(
                    condition=models.Q(("appointment__isnull", False)), fields=["practice", "appointment"], name="recall_closed_by_a_visit"
                ),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("closed_at__isnull", True)),
                    fields=("practice", "patient", "reason"),
                    name="recalled_once_for_a_reason",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("closed_at__isnull", True), ("closed_by__isnull", True), ("outcome", "")),
                        models.Q(("closed_at__isnull", False), ("closed_by__isnull", False), models.Q(("outcome", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="recall_closed_with_an_outcome",
                ),
                models.CheckConstraint(
                    condition=models.Q(("by_month", False), ("due_on__day", 1), _connector="OR"), name="recall_month_is_its_first"
                ),
                models.CheckConstraint(
                    condition=models.Q(("appointment__isnull", True), ("outcome", "booked"), _connector="OR"),
                    name="recall_visit_only_when_booked",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("tried_at__isnull", True), ("tries", 0)),
                        models.Q(("tried_at__isnull", False), ("tries__gt", 0)),
                        _connector="OR",
                    ),
                    name="recall_tried_when",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="RecallTry",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("recall", models.ForeignKey(on_delete=models.CASCADE, related_name="attempts", to="agenda.recall")),
            (
                "how",
                models.CharField(
                    choices=[("message", "Message"), ("phone", "Téléphone"), ("letter", "Courrier"), ("desk", "De vive voix")], max_length=7
                ),
            ),
            (
                "outcome",
                models.CharField(
                    choices=[
                        ("sent", "Message envoyé"),
                        ("undelivered", "Message non remis"),
                        ("will_call", "Rappellera"),
                        ("no_answer", "Ne répond pas"),
                        ("voicemail", "Message sur répondeur"),
                        ("wrong_number", "Mauvais numéro"),
                    ],
                    max_length=12,
                ),
            ),
            ("note", models.CharField(blank=True, max_length=200)),
            ("at", models.DateTimeField()),
            ("by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "indexes": [
                models.Index(fields=["recall", "at"], name="agenda_reca_recall__f0b817_idx"),
            ],
        },
    ),
    migrations.CreateModel(
        name="RecallSilence",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("patient", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="patients.patient")),
            ("why", models.CharField(max_length=200)),
            ("since", models.DateTimeField()),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ("lifted_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("lifted_at__isnull", True)), fields=("practice", "patient"), name="one_silence_each"
                ),
                models.CheckConstraint(condition=models.Q(("why", ""), _negated=True), name="silence_says_why"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                        models.Q(("lifted_at__gte", models.F("since")), ("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="silence_lifted_pair",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Resource",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("site", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.site")),
            ("name", models.CharField(max_length=80)),
            ("kind", models.CharField(choices=[("room", "Salle"), ("equipment", "Matériel")], default="room", max_length=10)),
            ("accessible", models.BooleanField(default=True)),
            ("position", models.PositiveSmallIntegerField(default=0)),
            ("active", models.BooleanField(default=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice", "site", "name"), name="resource_name_once"),
            ],
        },
    ),
    migrations.CreateModel(
        name="ResourceClosing",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("resource", models.ForeignKey(on_delete=models.PROTECT, related_name="closings", to="agenda.resource")),
            ("starts_at", models.DateTimeField()),
            ("ends_at", models.DateTimeField()),
            ("label", models.CharField(blank=True, max_length=120)),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("created_at", models.DateTimeField()),
            ("cancelled_at", models.DateTimeField(blank=True, null=True)),
            ("cancelled_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "resource", "starts_at"], name="agenda_reso_practic_f99e88_idx"),
            ],
            "constraints": [
                models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="closing_ends_after_start"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("cancelled_at__isnull", True), ("cancelled_by__isnull", True)),
                        models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="closing_cancelled_pair",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="ReasonNeed",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("reason", models.ForeignKey(on_delete=models.CASCADE, related_name="needs", to="agenda.visitreason")),
            ("resource", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="agenda.resource")),
            ("need", models.PositiveSmallIntegerField(default=1)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("reason", "resource"), name="resource_needed_once"),
            ],
        },
    ),
    migrations.CreateModel(
        name="ResourceUse",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("appointment", models.ForeignKey(on_delete=models.PROTECT, related_name="resources_used", to="agenda.appointment")),
            ("resource", models.ForeignKey(on_delete=models.PROTECT, related_name="uses", to="agenda.resource")),
            ("starts_at", models.DateTimeField()),
            ("ends_at", models.DateTimeField()),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "resource", "starts_at"], name="agenda_reso_practic_afab86_idx"),
            ],
            "constraints": [
                ExclusionConstraint(
                    expressions=[
                        (models.Func(models.F("resource_id"), models.F("resource_id"), models.Value("[]"), function="int8range"), "&&"),
                        (models.Func(models.F("starts_at"), models.F("ends_at"), models.Value("[)"), function="tstzrange"), "&&"),
                    ],
                    name="no_resource_twice",
                ),
                models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="resource_use_ends_after_start"),
                models.UniqueConstraint(fields=("appointment", "resource"), name="resource_used_once_in_a_visit"),
            ],
        },
    ),
    migrations.CreateModel(
        name="Replan",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("agenda", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="agenda.agenda")),
            ("absence", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="agenda.absence")),
            ("with_absence", models.BooleanField(default=False)),
            ("closing", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="agenda.resourceclosing")),
            ("of_rules", models.BooleanField(default=False)),
            ("starts_at", models.DateTimeField()),
            ("ends_at", models.DateTimeField()),
            ("accepted", models.JSONField(default=list)),
            (
                "state",
                models.CharField(
                    choices=[("draft", "En préparation"), ("approved", "Validé"), ("undone", "Repris"), ("dropped", "Abandonné")],
                    default="draft",
                    max_length=8,
                ),
            ),
            ("proven", models.BooleanField(default=False)),
            ("milliseconds", models.PositiveIntegerField(default=0)),
            ("held_until", models.DateTimeField(blank=True, null=True)),
            ("version", models.PositiveIntegerField(default=1)),
            ("created_at", models.DateTimeField()),
            ("created_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("approved_at", models.DateTimeField(blank=True, null=True)),
            ("approved_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("ended_at", models.DateTimeField(blank=True, null=True)),
            ("ended_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "created_at"], name="agenda_repl_practic_30fef5_idx"),
            ],
            "constraints": [
                models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="replan_ends_after_start"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                        models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="replan_approved_pair",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                        models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="replan_ended_pair",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("approved_at__isnull", True), ("state__in", ("draft", "dropped"))),
                        models.Q(("approved_at__isnull", False), ("state__in", ("approved", "undone"))),
                        _connector="OR",
                    ),
                    name="replan_approved_when",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("closing__isnull", True), ("of_rules", False), ("state", "draft")),
                    fields=("agenda", "starts_at", "ends_at"),
                    name="one_draft_for_a_day",
                ),
                models.UniqueConstraint(condition=models.Q(("state", "draft")), fields=("closing",), name="one_draft_for_a_closing"),
            ],
        },
    ),
    migrations.CreateModel(
        name="ReplanLine",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("replan", models.ForeignKey(on_delete=models.CASCADE, related_name="lines", to="agenda.replan")),
            ("appointment", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="agenda.appointment")),
            ("was_in", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="agenda.agenda")),
            ("was_at", models.DateTimeField()),
            ("version", models.PositiveIntegerField()),
            ("companion", models.BooleanField(default=False)),
            (
                "choice",
                models.CharField(
                    choices=[("move", "Déplacer"), ("cancel", "Annuler"), ("recall", "À rappeler"), ("stay", "Laisser")],
                    default="move",
                    max_length=6,
                ),
            ),
            ("agenda", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="agenda.agenda")),
            ("starts_at", models.DateTimeField(blank=True, null=True)),
            ("pinned", models.BooleanField(default=False)),
            ("shifted", models.BooleanField(default=False)),
            ("refused", models.JSONField(blank=True, default=list)),
            ("why", models.CharField(blank=True, max_length=200)),
            ("trouble", models.CharField(blank=True, max_length=300)),
            ("sheet", models.UUIDField(default=uuid.uuid4)),
            ("done", models.BooleanField(default=False)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("replan", "appointment"), name="visit_once_in_a_replan"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("agenda__isnull", True), ("starts_at__isnull", True)),
                        models.Q(("agenda__isnull", False), ("starts_at__isnull", False)),
                        _connector="OR",
                    ),
                    name="replan_line_place_pair",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Waiting",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("patient", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="patients.patient")),
            ("reason", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="agenda.visitreason")),
            ("visit", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="agenda.appointment")),
            ("weekdays", models.PositiveSmallIntegerField(default=127)),
            ("from_time", models.TimeField(blank=True, null=True)),
            ("to_time", models.TimeField(blank=True, null=True)),
            ("from_date", models.DateField(blank=True, null=True)),
            ("to_date", models.DateField(blank=True, null=True)),
            ("notice_minutes", models.PositiveIntegerField(default=0)),
            ("priority", models.PositiveSmallIntegerField(choices=[(1, "Urgente"), (2, "À avancer"), (3, "Habituelle")], default=3)),
            (
                "priority_by",
                models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.practitioner"),
            ),
            ("priority_on", models.DateField(blank=True, null=True)),
            ("note", models.CharField(blank=True, max_length=200)),
            ("asked_at", models.DateTimeField()),
            ("created_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("ended_at", models.DateTimeField(blank=True, null=True)),
            ("ended_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            (
                "outcome",
                models.CharField(
                    blank=True,
                    choices=[
                        ("booked", "A un rendez-vous"),
                        ("no_longer", "N’attend plus"),
                        ("elsewhere", "A trouvé ailleurs"),
                        ("unreachable", "Injoignable"),
                        ("lapsed", "Date passée"),
                        ("mistake", "Inscrit par erreur"),
                    ],
                    max_length=12,
                ),
            ),
            ("version", models.PositiveIntegerField(default=1)),
        ],
        options={
            "indexes": [
                models.Index(
                    condition=models.Q(("ended_at__isnull", True)), fields=["practice", "priority", "asked_at"], name="waiting_in_order"
                ),
                models.Index(fields=["practice", "patient"], name="agenda_wait_practic_be0373_idx"),
            ],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("ended_at__isnull", True)), fields=("practice", "patient", "reason"), name="waits_once_for_a_reason"
                ),
                models.CheckConstraint(condition=models.Q(("weekdays__gte", 1), ("weekdays__lte", 127)), name="waiting_some_weekday"),
                models.CheckConstraint(
                    condition=models.Q(
                        ("to_date__isnull", True), ("from_date__isnull", True), ("to_date__gte", models.F("from_date")), _connector="OR"
                    ),
                    name="waiting_dates_in_order",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        ("to_time__isnull", True), ("from_time__isnull", True), ("to_time__gt", models.F("from_time")), _connector="OR"
                    ),
                    name="waiting_hours_in_order",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("priority", 3), ("priority_by__isnull", True), ("priority_on__isnull", True)),
                        models.Q(("priority__in", (1, 2)), ("priority_by__isnull", False), ("priority_on__isnull", False)),
                        _connector="OR",
                    ),
                    name="waiting_priority_is_signed",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("ended_at__isnull", True), ("ended_by__isnull", True), ("outcome", "")),
                        models.Q(("ended_at__isnull", False), ("ended_by__isnull", False), models.Q(("outcome", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="waiting_ends_with_an_outcome",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="WaitingDoctor",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("waiting", models.ForeignKey(on_delete=models.CASCADE, related_name="doctors", to="agenda.waiting")),
            ("practitioner", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practitioner")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("waiting", "practitioner"), name="waits_for_a_doctor_once"),
            ],
        },
    ),
    migrations.CreateModel(
        name="FreedTime",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("agenda", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="agenda.agenda")),
            ("starts_at", models.DateTimeField()),
            ("ends_at", models.DateTimeField()),
            (
                "why",
                models.CharField(
                    choices=[
                        ("cancelled", "Rendez-vous annulé"),
                        ("moved", "Rendez-vous déplacé"),
                        ("chosen", "Choisi dans l’agenda"),
                        ("absence", "Absence annulée"),
                        ("opening", "Ouverture exceptionnelle"),
                        ("quota", "Quota libéré"),
                    ],
                    max_length=10,
                ),
            ),
            ("visit", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="agenda.appointment")),
            (
                "state",
                models.CharField(
                    choices=[("open", "À proposer"), ("offered", "Proposé"), ("filled", "Pris"), ("closed", "Laissé libre")],
                    default="open",
                    max_length=8,
                ),
            ),
            ("passes_on", models.BooleanField(default=False)),
            ("sheet", models.UUIDField(default=uuid.uuid4, editable=False)),
            ("freed_at", models.DateTimeField()),
            ("freed_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("closed_at", models.DateTimeField(blank=True, null=True)),
        ],
        options={
            "indexes": [
                models.Index(condition=models.Q(("closed_at__isnull", True)), fields=["practice", "starts_at"], name="freed_time_to_offer"),
            ],
            "constraints": [
                models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="freed_time_ends_after_start"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("closed_at__isnull", True), ("state__in", ("open", "offered"))),
                        models.Q(("closed_at__isnull", False), ("state__in", ("filled", "closed"))),
                        _connector="OR",
                    ),
                    name="freed_time_closed_when",
                ),
                models.UniqueConstraint(
                    condition=models.Q(("closed_at__isnull", True)), fields=("practice", "agenda", "starts_at"), name="freed_time_once"
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="WaitingOffer",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("freed", models.ForeignKey(on_delete=models.PROTECT, related_name="offers", to="agenda.freedtime")),
            ("waiting", models.ForeignKey(on_delete=models.PROTECT, related_name="offers", to="agenda.waiting")),
            ("starts_at", models.DateTimeField()),
            ("ends_at", models.DateTimeField()),
            ("how", models.CharField(choices=[("message", "Message"), ("phone", "Téléphone")], max_length=7)),
            (
                "state",
                models.CharField(
                    choices=[
                        ("open", "Proposé"),
                        ("accepted", "Pris"),
                        ("refused", "Refusé"),
                        ("no_answer", "Ne répond pas"),
                        ("expired", "Sans réponse à temps"),
                        ("unreached", "Message non remis"),
                        ("taken", "Un autre a été plus rapide"),
                    ],
                    default="open",
                    max_length=9,
                ),
            ),
            ("offered_at", models.DateTimeField()),
            ("offered_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("expires_at", models.DateTimeField()),
            ("answered_at", models.DateTimeField(blank=True, null=True)),
            ("answered_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("appointment", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="agenda.appointment")),
        ],
        options={
            "indexes": [
                models.Index(condition=models.Q(("state", "open")), fields=["expires_at"], name="offer_open"),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("freed", "waiting"), name="offered_once_to_each"),
                models.UniqueConstraint(condition=models.Q(("state", "accepted")), fields=("freed",), name="one_acceptance"),
                models.UniqueConstraint(condition=models.Q(("state", "open")), fields=("waiting",), name="one_open_offer_each"),
                models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="offer_ends_after_start"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("answered_at__isnull", True), ("state", "open")),
                        models.Q(models.Q(("state", "open"), _negated=True), ("answered_at__isnull", False)),
                        _connector="OR",
                    ),
                    name="offer_answered_when",
                ),
                models.CheckConstraint(
                    condition=models.Q(models.Q(("state", "accepted"), _negated=True), ("appointment__isnull", False), _connector="OR"),
                    name="offer_accepted_is_a_visit",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="WaitingRules",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("automatic", models.BooleanField(default=False)),
            ("at_once", models.PositiveSmallIntegerField(default=3)),
            ("answer_minutes", models.PositiveSmallIntegerField(default=60)),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("changed_at", models.DateTimeField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice",), name="one_waiting_rules_a_practice"),
                models.CheckConstraint(condition=models.Q(("at_once__gte", 1), ("at_once__lte", 10)), name="offered_to_1_to_10_at_once"),
                models.CheckConstraint(
                    condition=models.Q(("answer_minutes__gte", 5), ("answer_minutes__lte", 1440)), name="offer_5_min_to_a_day"
                ),
            ],
        },
    ),
]
# fmt: on

# Whose rows belong to one practice.
OWNED = [
    "agenda", "replacement", "travel", "openingrule", "openingexception", "absence",
    "visitreason", "offeredreason", "openingreason", "locumlimit", "announcing", "reminder",
    "visitgroup", "protocol", "protocolstep", "appointment", "instructiondocument",
    "favouriteagenda", "hold", "ranking", "quota", "quotareason", "recallcampaign", "recall",
    "recalltry", "recallsilence", "resource", "resourceclosing", "reasonneed", "resourceuse",
    "replan", "replanline", "waiting", "waitingdoctor", "freedtime", "waitingoffer",
    "waitingrules",
]  # fmt: skip
# What rows of the same practice may point at.
POINTED_AT = [
    "agenda", "replacement", "openingrule", "absence", "visitreason", "visitgroup", "protocol",
    "appointment", "quota", "recallcampaign", "recall", "resource", "resourceclosing", "replan",
    "waiting", "freedtime",
]  # fmt: skip
# (table, column, table of the same practice that it points at)
POINTERS = [
    ("agenda", "practitioner_id", "practice_practitioner"),
    ("agenda", "site_id", "practice_site"),
    ("replacement", "agenda_id", "agenda_agenda"),
    ("replacement", "practitioner_id", "practice_practitioner"),
    ("replacement", "author_id", "practice_staff"),
    ("replacement", "cancelled_by_id", "practice_staff"),
    ("travel", "site_id", "practice_site"),
    ("travel", "other_id", "practice_site"),
    ("openingrule", "agenda_id", "agenda_agenda"),
    ("openingrule", "author_id", "practice_staff"),
    ("openingexception", "agenda_id", "agenda_agenda"),
    ("openingexception", "author_id", "practice_staff"),
    ("absence", "agenda_id", "agenda_agenda"),
    ("absence", "author_id", "practice_staff"),
    ("absence", "cancelled_by_id", "practice_staff"),
    ("offeredreason", "agenda_id", "agenda_agenda"),
    ("offeredreason", "reason_id", "agenda_visitreason"),
    ("openingreason", "rule_id", "agenda_openingrule"),
    ("openingreason", "reason_id", "agenda_visitreason"),
    ("locumlimit", "replacement_id", "agenda_replacement"),
    ("locumlimit", "reason_id", "agenda_visitreason"),
    ("reminder", "reason_id", "agenda_visitreason"),
    ("reminder", "author_id", "practice_staff"),
    ("visitgroup", "created_by_id", "practice_staff"),
    ("protocolstep", "protocol_id", "agenda_protocol"),
    ("protocolstep", "reason_id", "agenda_visitreason"),
    ("appointment", "agenda_id", "agenda_agenda"),
    ("appointment", "patient_id", "patients_patient"),
    ("appointment", "reason_id", "agenda_visitreason"),
    ("appointment", "group_id", "agenda_visitgroup"),
    ("appointment", "squeezed_by_id", "practice_staff"),
    ("appointment", "forced_by_id", "practice_staff"),
    ("appointment", "cancelled_by_id", "practice_staff"),
    ("appointment", "created_by_id", "practice_staff"),
    ("instructiondocument", "reason_id", "agenda_visitreason"),
    ("instructiondocument", "joinable_by_id", "practice_staff"),
    ("instructiondocument", "author_id", "practice_staff"),
    ("instructiondocument", "removed_by_id", "practice_staff"),
    ("favouriteagenda", "staff_id", "practice_staff"),
    ("favouriteagenda", "agenda_id", "agenda_agenda"),
    ("hold", "agenda_id", "agenda_agenda"),
    ("hold", "staff_id", "practice_staff"),
    ("ranking", "author_id", "practice_staff"),
    ("quota", "agenda_id", "agenda_agenda"),
    ("quota", "author_id", "practice_staff"),
    ("quotareason", "quota_id", "agenda_quota"),
    ("quotareason", "reason_id", "agenda_visitreason"),
    ("recallcampaign", "reason_id", "agenda_visitreason"),
    ("recallcampaign", "author_id", "practice_staff"),
    ("recall", "patient_id", "patients_patient"),
    ("recall", "reason_id", "agenda_visitreason"),
    ("recall", "practitioner_id", "practice_practitioner"),
    ("recall", "campaign_id", "agenda_recallcampaign"),
    ("recall", "author_id", "practice_staff"),
    ("recall", "closed_by_id", "practice_staff"),
    ("recall", "appointment_id", "agenda_appointment"),
    ("recalltry", "recall_id", "agenda_recall"),
    ("recalltry", "by_id", "practice_staff"),
    ("recallsilence", "patient_id", "patients_patient"),
    ("recallsilence", "author_id", "practice_staff"),
    ("recallsilence", "lifted_by_id", "practice_staff"),
    ("resource", "site_id", "practice_site"),
    ("resourceclosing", "resource_id", "agenda_resource"),
    ("resourceclosing", "author_id", "practice_staff"),
    ("resourceclosing", "cancelled_by_id", "practice_staff"),
    ("reasonneed", "reason_id", "agenda_visitreason"),
    ("reasonneed", "resource_id", "agenda_resource"),
    ("resourceuse", "appointment_id", "agenda_appointment"),
    ("resourceuse", "resource_id", "agenda_resource"),
    ("replan", "agenda_id", "agenda_agenda"),
    ("replan", "absence_id", "agenda_absence"),
    ("replan", "closing_id", "agenda_resourceclosing"),
    ("replan", "created_by_id", "practice_staff"),
    ("replan", "approved_by_id", "practice_staff"),
    ("replan", "ended_by_id", "practice_staff"),
    ("replanline", "replan_id", "agenda_replan"),
    ("replanline", "appointment_id", "agenda_appointment"),
    ("replanline", "was_in_id", "agenda_agenda"),
    ("replanline", "agenda_id", "agenda_agenda"),
    ("waiting", "patient_id", "patients_patient"),
    ("waiting", "reason_id", "agenda_visitreason"),
    ("waiting", "visit_id", "agenda_appointment"),
    ("waiting", "priority_by_id", "practice_practitioner"),
    ("waiting", "created_by_id", "practice_staff"),
    ("waiting", "ended_by_id", "practice_staff"),
    ("waitingdoctor", "waiting_id", "agenda_waiting"),
    ("waitingdoctor", "practitioner_id", "practice_practitioner"),
    ("freedtime", "agenda_id", "agenda_agenda"),
    ("freedtime", "visit_id", "agenda_appointment"),
    ("freedtime", "freed_by_id", "practice_staff"),
    ("waitingoffer", "freed_id", "agenda_freedtime"),
    ("waitingoffer", "waiting_id", "agenda_waiting"),
    ("waitingoffer", "offered_by_id", "practice_staff"),
    ("waitingoffer", "answered_by_id", "practice_staff"),
    ("waitingoffer", "appointment_id", "agenda_appointment"),
    ("waitingrules", "author_id", "practice_staff"),
]
# Development’s migrations that this one stands for, after the first, whose name it kept.
JOINED = [
    "0002_initial", "0003_truths", "0004_at_most_a_day", "0005_authors", "0006_engine",
    "0007_engine_truths", "0008_hold_of_a_sheet", "0009_favourite_agendas", "0010_announcing",
    "0011_waiting_and_recalls", "0012_one_key_a_column", "0013_replanning", "0014_replan_shift",
    "0015_reminder_says_when", "0016_undelivered_recalls", "0017_times_that_open",
    "0018_instruction_documents", "0019_closings",
]  # fmt: skip


class Migration(migrations.Migration):
    initial = True
    replaces = [("agenda", name) for name in JOINED]
    dependencies = [
        ("practice", "0001_initial"),
        ("patients", "0001_initial"),
    ]
    operations = [
        CreateTables(TABLES),
        *(PracticeIsolation(f"agenda_{table}") for table in OWNED),
        *(PracticeKey(f"agenda_{table}") for table in POINTED_AT),
        *(SamePractice(f"agenda_{table}", column, target) for table, column, target in POINTERS),
    ]
