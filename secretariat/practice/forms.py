"""What is typed to engage someone, and to change their rights."""

from __future__ import annotations

from typing import Any

from django import forms

from secretariat.practice.models import Practitioner, Staff
from secretariat.practice.roles import PERMISSIONS, ROLES


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class EngageForm(forms.Form):
    """A new post: who, which role, until when."""

    display_name = forms.CharField(label="Nom affiché", max_length=80)
    login = forms.CharField(
        label="Identifiant", max_length=60,
        help_text="Celui de la personne si elle travaille déjà dans un autre cabinet.",
    )  # fmt: skip
    role_key = forms.ChoiceField(
        label="Rôle", choices=[(key, role.label) for key, role in ROLES.items()]
    )
    practitioner = forms.ModelChoiceField(
        label="Praticien", queryset=Practitioner.objects.none(), required=False,
        empty_label="Aucun",
    )  # fmt: skip
    starts_on = forms.DateField(label="Premier jour", required=False, widget=DateInput)
    ends_on = forms.DateField(label="Dernier jour", required=False, widget=DateInput)

    def __init__(self, *args: Any, practice_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doctors = Practitioner.objects.filter(practice_id=practice_id).order_by("family_name")
        self.fields["practitioner"].queryset = doctors  # type: ignore[attr-defined]


class RightsForm(forms.Form):
    """Single rights taken away from a post."""

    withheld = forms.MultipleChoiceField(
        label="Droits retirés", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = sorted(staff.role.permissions)
        self.fields["withheld"].choices = [(key, PERMISSIONS[key]) for key in held]  # type: ignore[attr-defined]
        self.fields["withheld"].initial = staff.withheld
