"""What is typed of someone to see again, and of a campaign."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from secretariat.agenda.actions.recalls import Due
from secretariat.agenda.queries.desk import Desk, may_give
from secretariat.agenda.recall_criteria import Criteria, months_after
from secretariat.agenda.rule_forms import DayField
from secretariat.agenda.waiting_forms import doctors_of
from secretariat.patients.models import Patient
from secretariat.practice.models import Practitioner, Staff

MONTHS = (1, 2, 3, 4, 6, 9, 12, 18, 24, 36)
TOLERANCES = ((7, "une semaine"), (15, "quinze jours"), (30, "un mois"), (60, "deux mois"))


class DueForm(forms.Form):
    """When: in so many months, or a day."""

    months = forms.TypedChoiceField(
        label="Dans", coerce=int, required=False, empty_value=None,
        choices=[("", "autre date…"), *((n, f"{n} mois") for n in MONTHS)],
    )  # fmt: skip
    day = DayField(label="Ou le", required=False)
    tolerance_days = forms.TypedChoiceField(
        label="À plus ou moins", coerce=int, required=False, choices=TOLERANCES, initial=30,
        empty_value=None,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not typed.get("months") and not typed.get("day"):
            self.add_error("months", "Dites dans combien de mois, ou quel jour.")
        return typed

    def due(self, today: date) -> Due:
        """When, once the form is valid: a number of months means the month, not the day."""
        typed = self.cleaned_data
        tolerance = int(typed["tolerance_days"] or 30)
        if typed["day"]:
            return Due(typed["day"], tolerance_days=tolerance)
        return Due(months_after(today, typed["months"]), by_month=True, tolerance_days=tolerance)


class RecallForm(DueForm):
    """A patient to see again."""

    patient = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.TypedChoiceField(
        label="Motif", coerce=int, error_messages={"required": "Choisissez un motif."}
    )
    practitioner = forms.TypedChoiceField(
        label="Avec", coerce=int, required=False, empty_value=None
    )
    note = forms.CharField(
        label="Note (rien de médical)", required=False, max_length=200,
        widget=forms.TextInput(attrs={"class": "private", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("reason", "months", "day", "tolerance_days", "practitioner", "note")

    def __init__(self, desk: Desk, staff: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = doctors_of(desk.agendas)
        self.reasons = {one.pk: one for one in desk.reasons if may_give(one, staff)}
        named = [(pk, one.name) for pk, one in self.reasons.items()]
        doctors = [(pk, str(doctor)) for pk, doctor in self.people.items()]
        self.fields["reason"].choices = [("", "Choisir…"), *named]  # type: ignore[attr-defined]
        self.fields["practitioner"].choices = [("", "N’importe qui"), *doctors]  # type: ignore[attr-defined]

    @property
    def doctor(self) -> Practitioner | None:
        """By whom, once the form is valid."""
        return self.people.get(self.cleaned_data["practitioner"] or 0)


class CampaignForm(forms.Form):
    """Whom to recall at once, for what, by when."""

    name = forms.CharField(label="Nom de la campagne", max_length=80)
    reason = forms.TypedChoiceField(label="À revoir pour", coerce=int)
    day = DayField(label="Pour le")
    age_from = forms.IntegerField(label="De (ans)", required=False, min_value=0, max_value=120)
    age_to = forms.IntegerField(label="À (ans)", required=False, min_value=0, max_value=120)
    sex = forms.ChoiceField(
        label="Sexe", required=False, choices=[("", "Tous"), *Patient.Sex.choices]
    )
    practitioner = forms.TypedChoiceField(
        label="Praticien habituel", coerce=int, required=False, empty_value=None
    )
    visited = forms.TypedChoiceField(
        label="Dernière venue pour", coerce=int, required=False, empty_value=None
    )
    not_since = DayField(label="N’est pas venu depuis le", required=False)
    came_before = forms.BooleanField(label="Est déjà venu au moins une fois", required=False)

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doctors = [(pk, str(doctor)) for pk, doctor in doctors_of(desk.agendas).items()]
        reasons = [(one.pk, one.name) for one in desk.reasons]
        self.fields["reason"].choices = [("", "Choisir…"), *reasons]  # type: ignore[attr-defined]
        self.fields["visited"].choices = [("", "le même motif"), *reasons]  # type: ignore[attr-defined]
        self.fields["practitioner"].choices = [("", "N’importe qui"), *doctors]  # type: ignore[attr-defined]

    def criteria(self) -> Criteria:
        """What was typed, once the form is valid."""
        typed = self.cleaned_data
        return Criteria(
            age_from=typed["age_from"], age_to=typed["age_to"], sex=typed["sex"],
            practitioner=typed["practitioner"], visited=typed["visited"],
            not_since=typed["not_since"], came_before=typed["came_before"],
        )  # fmt: skip
