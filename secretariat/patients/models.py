from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from secretariat.practice.models import Owned, Practitioner


class Household(Owned):
    """People who share a home or a phone; says who answers for the children."""

    label = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=500, blank=True)


class Patient(Owned):
    """Identity and administrative file. Strict traits follow RNIV and the INS guide."""

    class Sex(models.TextChoices):
        FEMALE = "F", "Féminin"
        MALE = "M", "Masculin"
        UNKNOWN = "I", "Indéterminé"

    class IdentityStatus(models.TextChoices):
        # Récupérée and qualifiée need the INSi service, closed to this product.
        PROVISIONAL = "PROV", "Provisoire"
        VALIDATED = "VALI", "Validée"

    file_number = models.BigIntegerField()
    # Strict traits (normalised capitals, see naming.py).
    birth_name = models.CharField(max_length=100)
    given_names = models.CharField(max_length=100)
    first_given_name = models.CharField(max_length=100)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex.choices)
    birth_place_code = models.CharField(max_length=5, blank=True)
    birth_place = models.CharField(max_length=100, blank=True)
    # Complementary traits. EXI ID 08: the used given name is never filled by the system.
    used_name = models.CharField(max_length=100, blank=True)
    used_given_name = models.CharField(max_length=100, blank=True)
    identity_status = models.CharField(
        max_length=4, choices=IdentityStatus.choices, default=IdentityStatus.PROVISIONAL
    )
    identity_document = models.CharField(max_length=60, blank=True)
    identity_checked_at = models.DateTimeField(null=True, blank=True)
    identity_checked_by = models.BigIntegerField(null=True, blank=True)
    homonym = models.BooleanField(default=False)
    doubtful = models.BooleanField(default=False)

    address = models.CharField(max_length=200, blank=True)
    address_more = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    town = models.CharField(max_length=80, blank=True)
    household = models.ForeignKey(
        Household, null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    usual_practitioner = models.ForeignKey(
        Practitioner, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    needs_interpreter = models.CharField(max_length=60, blank=True)
    needs_wheelchair = models.BooleanField(default=False)
    is_deaf = models.BooleanField(default=False)
    needs_more_time = models.BooleanField(default=False)
    # Free text about health or family: sensitive, shown only on the patient page.
    note = models.TextField(blank=True, max_length=4000)

    deceased_on = models.DateField(null=True, blank=True)
    import_key = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)
    if TYPE_CHECKING:
        household_id: int | None
        usual_practitioner_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "file_number"], name="patient_file_number_once"
            ),
            models.UniqueConstraint(
                fields=["practice", "import_key"],
                condition=~Q(import_key=""),
                name="patient_imported_once",
            ),
            models.CheckConstraint(condition=Q(sex__in=["F", "M", "I"]), name="patient_sex"),
            models.CheckConstraint(
                condition=Q(identity_checked_at__isnull=True, identity_checked_by__isnull=True)
                | Q(identity_checked_at__isnull=False, identity_checked_by__isnull=False),
                name="patient_identity_check_pair",
            ),
            models.CheckConstraint(
                condition=~Q(identity_status="VALI") | Q(identity_checked_at__isnull=False),
                name="patient_validated_means_checked",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "household"]),
            # The same person twice? Equality only, so row-level security lets the index serve.
            models.Index(fields=["practice", "birth_date", "birth_name"], name="patient_identity"),
        ]

    def __str__(self) -> str:
        # « KELLER Anne-Marie »: the family name stands out, the given name reads.
        return f"{self.shown_name} {self.shown_given_name.title()}"

    @property
    def shown_name(self) -> str:
        """The family name people use at the desk."""
        return self.used_name or self.birth_name

    @property
    def shown_given_name(self) -> str:
        """The given name people use at the desk."""
        return self.used_given_name or self.first_given_name


class ContactPoint(Owned):
    """One way to reach someone, what it is for, and what it may be used for."""

    class System(models.TextChoices):
        PHONE = "phone", "Téléphone"
        EMAIL = "email", "Courriel"

    class Use(models.TextChoices):
        MOBILE = "mobile", "Mobile"
        HOME = "home", "Domicile"
        WORK = "work", "Travail"
        OTHER = "other", "Autre"

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="contact_points")
    system = models.CharField(max_length=10, choices=System.choices)
    use = models.CharField(max_length=10, choices=Use.choices, default=Use.MOBILE)
    # E.164 for a phone, lower case for an e-mail.
    value = models.CharField(max_length=120)
    holder = models.CharField(max_length=80, blank=True)
    accepts_calls = models.BooleanField(default=True)
    accepts_messages = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "system", "value"], name="contact_point_once_per_patient"
            )
        ]
        indexes = [models.Index(fields=["practice", "value"])]


class RelatedPerson(Owned):
    """Who stands beside a patient: parental authority, trusted person, guardian."""

    class Relation(models.TextChoices):
        PARENT = "parent", "Titulaire de l’autorité parentale"
        GUARDIAN = "guardian", "Tuteur ou curateur"
        TRUSTED = "trusted", "Personne de confiance"
        TO_WARN = "to_warn", "Personne à prévenir"

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="related_people")
    relation = models.CharField(max_length=10, choices=Relation.choices)
    # Either a patient of the practice, or a name and a phone.
    person = models.ForeignKey(
        Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(name=""), name="related_person_is_named"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | ~Q(person=F("patient")),
                name="not_related_to_self",
            ),
        ]


class PatientRevision(Owned):
    """What a file said before a correction: identity history, never overwritten."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=80)
    # For each field, what was written before and what is written after.
    changes = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "version"], name="revision_once")]


class SearchKey(models.Model):
    """One way to find a patient; see search_keys.py. Collation "C" so that an index serves prefixes
    under row-level security."""

    practice_id = models.BigIntegerField()
    # The migration's composite key ties both columns to the patient: one check a row is enough.
    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    key = models.CharField(max_length=60, db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["practice_id", "key", "patient"], name="searchkey_by_key")]


class FileCounter(Owned):
    """The last file number given in a practice."""

    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice"], name="one_file_counter_per_practice")
        ]
