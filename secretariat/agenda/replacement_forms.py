"""What is typed when a locum comes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from secretariat.agenda.models import Agenda, VisitReason
from secretariat.agenda.rule_forms import DayField
from secretariat.practice.models import Practitioner


class LimitsForm(forms.Form):
    """What a locum takes."""

    most_per_half_day = forms.IntegerField(
        label="Au plus… rendez-vous par demi-journée (facultatif)", required=False,
        min_value=1, max_value=200,
    )  # fmt: skip
    not_taken = forms.ModelMultipleChoiceField(
        label="Motifs que le remplaçant ne prend pas", required=False,
        queryset=VisitReason.objects.none(), widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, reasons: QuerySet[VisitReason], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["not_taken"].queryset = reasons  # type: ignore[attr-defined]


class ReplacementForm(LimitsForm):
    """Who stands in for whom, when, within which limits."""

    agenda = forms.TypedChoiceField(label="Agenda tenu", coerce=int)
    practitioner = forms.ModelChoiceField(
        label="Remplaçant", required=False, queryset=Practitioner.objects.none(),
        empty_label="une autre personne",
        widget=forms.Select(attrs={"data-shows": ""}),
    )  # fmt: skip
    family_name = forms.CharField(label="Nom du remplaçant", required=False, max_length=80)
    given_name = forms.CharField(label="Son prénom", required=False, max_length=80)
    from_date = DayField(label="Du")
    to_date = DayField(label="Au (inclus)")

    def __init__(
        self,
        agendas: Iterable[Agenda],
        practitioners: QuerySet[Practitioner],
        reasons: QuerySet[VisitReason],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(reasons, *args, **kwargs)
        choices = [(one.pk, f"{one.name} · {one.site.name}") for one in agendas]
        self.fields["agenda"].choices = choices  # type: ignore[attr-defined]
        self.fields["practitioner"].queryset = practitioners  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Someone is named, one way."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, named = typed.get("practitioner"), typed.get("family_name")
        if not chosen and not named and "practitioner" not in self.errors:
            self.add_error("practitioner", "Choisissez le remplaçant, ou écrivez son nom.")
        if chosen and named:
            self.add_error("family_name", "Choisissez dans la liste, ou écrivez un nom : pas deux.")
        return typed
