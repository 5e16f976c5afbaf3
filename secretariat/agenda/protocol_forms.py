"""What is typed to chain reasons, and to order what is proposed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from secretariat.agenda.actions.protocols import LONGEST_WAIT, MOST_STEPS, Step
from secretariat.agenda.models import ProtocolStep, VisitReason

WEIGHTS = {
    "earliest": ("Le plus tôt", "Proposer d’abord la date la plus proche."),
    "usual": ("Le médecin habituel", "Proposer d’abord qui connaît déjà le patient."),
    "compact": ("Sans trou", "Ne pas laisser de trou trop court pour un autre rendez-vous."),
    "balance": ("Répartir", "Préférer les jours et les médecins les moins chargés."),
}


class ProtocolForm(forms.Form):
    """A chain: its name, and up to six reasons with the wait before each."""

    name = forms.CharField(
        label="Nom", max_length=80,
        widget=forms.TextInput(attrs={"placeholder": "ECG puis cardiologue"}),
    )  # fmt: skip
    active = forms.BooleanField(label="Encore proposé", required=False, initial=True)

    def __init__(self, reasons: Sequence[VisitReason], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = {reason.pk: reason for reason in reasons}
        choices = [("", "—"), *((reason.pk, reason.name) for reason in reasons)]
        for number in range(1, MOST_STEPS + 1):
            self.fields[f"reason_{number}"] = forms.TypedChoiceField(
                label=f"Étape {number}", coerce=int, choices=choices, required=number <= 2,
                empty_value=None,
            )  # fmt: skip
            for bound, label in (("from", "au moins"), ("to", "au plus")):
                self.fields[f"{bound}_{number}"] = forms.IntegerField(
                    label=f"Attente avant l’étape {number}, {label} (min)", required=False,
                    min_value=0, max_value=LONGEST_WAIT,
                    widget=forms.NumberInput(attrs={"step": 5}),
                )  # fmt: skip

    @staticmethod
    def as_it_is(steps: Sequence[ProtocolStep]) -> dict[str, Any]:
        """What the fields say of a chain."""
        initial: dict[str, Any] = {}
        for number, step in enumerate(steps, start=1):
            initial |= {
                f"reason_{number}": step.reason_id,
                f"from_{number}": step.wait_from,
                f"to_{number}": step.wait_to,
            }
        return initial

    def steps(self) -> list[Step]:
        """The steps typed, in order; an empty line is passed over."""
        typed = self.cleaned_data
        found = []
        for number in range(1, MOST_STEPS + 1):
            if reason := self.reasons.get(typed[f"reason_{number}"]):
                shortest = typed[f"from_{number}"] or 0
                longest = typed[f"to_{number}"]
                wait = max(30, shortest) if longest is None else longest
                found.append(Step(reason, shortest, wait))
        return found

    def lines(self) -> list[list[forms.BoundField]]:
        """The fields of each step; nobody waits before the first."""
        first = [self["reason_1"]]
        return [first] + [
            [self[f"{name}_{number}"] for name in ("reason", "from", "to")]
            for number in range(2, MOST_STEPS + 1)
        ]


class RankingForm(forms.Form):
    """Four weights, each said in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in WEIGHTS.items():
            self.fields[name] = forms.IntegerField(
                label=label, help_text=help_text, min_value=0, max_value=10
            )
