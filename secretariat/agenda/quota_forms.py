"""What is typed to share a day among reasons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from secretariat.agenda.models import Quota, VisitReason
from secretariat.agenda.quota_words import EVERY_DAY, weekday_bits
from secretariat.agenda.rule_forms import DayField
from secretariat.core.day_names import DAYS

_SAID = (
    "kind", "amount", "minutes", "release", "release_hours", "part", "from_date", "to_date",
    "label",
)  # fmt: skip
KINDS = (
    ("keep", "Garder des créneaux libres"),
    ("most", "Au plus tant de rendez-vous"),
    ("share", "Au plus une part du temps"),
)


class QuotaForm(forms.Form):
    """A quota; what its kind has no use for is left aside."""

    kind = forms.ChoiceField(
        label="Ce que fait ce quota", choices=KINDS, widget=forms.Select(attrs={"data-shows": ""})
    )
    amount = forms.IntegerField(label="Combien (pour une part : en %)", min_value=0, max_value=200)
    minutes = forms.IntegerField(
        label="De… minutes chacun", required=False, min_value=5, max_value=480,
        widget=forms.NumberInput(attrs={"step": 5}),
    )  # fmt: skip
    release = forms.ChoiceField(
        label="Libérés", required=False, choices=Quota.Release.choices,
        widget=forms.Select(attrs={"data-shows": ""}),
    )  # fmt: skip
    release_hours = forms.IntegerField(
        label="Combien d’heures avant", required=False, min_value=0, max_value=1440
    )
    part = forms.ChoiceField(
        label="Quand", choices=Quota.Part.choices, initial=Quota.Part.EACH_HALF
    )
    reasons = forms.ModelMultipleChoiceField(
        label="Pour ces motifs", queryset=VisitReason.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un motif."},
    )  # fmt: skip
    weekdays = forms.TypedMultipleChoiceField(
        label="Jours (aucun coché : tous)", coerce=int, required=False,
        choices=list(enumerate(DAYS)), widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    from_date = DayField(label="À partir du")
    to_date = DayField(label="Jusqu’au (facultatif)", required=False)
    label = forms.CharField(label="Pourquoi (facultatif)", required=False, max_length=120)

    def __init__(self, reasons: QuerySet[VisitReason], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].queryset = reasons  # type: ignore[attr-defined]

    @classmethod
    def changing(
        cls, quota: Quota, reasons: QuerySet[VisitReason], *args: Any, **kwargs: Any
    ) -> QuotaForm:
        """The form of a quota already written: of its kind, and saying what it says."""
        said = {name: getattr(quota, name) for name in _SAID} | {
            "reasons": [one.reason_id for one in quota.reasons.all()],
            "weekdays": [] if quota.weekdays == EVERY_DAY
            else [day for day in range(7) if quota.weekdays >> day & 1],
        }  # fmt: skip
        form = cls(reasons, *args, initial=said, **kwargs)
        form.fields["kind"].disabled = True
        if quota.kind == Quota.Kind.SHARE:
            form.fields["amount"].label = "Part, en %"
        elif quota.kind == Quota.Kind.MOST:
            form.fields["amount"].label = "Combien au plus"
        else:
            form.fields["amount"].label = "Combien"
        return form

    def clean_weekdays(self) -> int:
        """The days as bits."""
        return weekday_bits(self.cleaned_data["weekdays"])

    def clean(self) -> dict[str, Any]:
        """Only what the kind has a use for."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        kept = typed.get("kind") == Quota.Kind.KEEP
        typed["minutes"] = (typed.get("minutes") or 0) if kept else 0
        release = (typed.get("release") if kept else "") or Quota.Release.NEVER
        notice = release == Quota.Release.NOTICE
        typed["release"] = release
        typed["release_hours"] = (typed.get("release_hours") or 0) if notice else 0
        return typed
