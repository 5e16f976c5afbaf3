"""What is told to patients, as a person of the desk types it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms

from secretariat.agenda.forms import TimeInput
from secretariat.agenda.models import VisitReason
from secretariat.agenda.reminder_times import When

_NUMBERS = re.compile(r"\d+")


class AnnouncingForm(forms.Form):
    """What patients are told, and what they may do by a link."""

    confirm = forms.BooleanField(label="Confirmer chaque rendez-vous par message", required=False)
    patients_move = forms.BooleanField(
        label="Laisser le patient prendre une autre heure par le lien", required=False,
        help_text="Pour les motifs ouverts aux patients ; sinon il demande à être rappelé.",
    )  # fmt: skip
    cancel_hours = forms.IntegerField(
        label="Annuler par le lien jusqu’à (heures avant)", min_value=0, max_value=720
    )


class RemindersForm(forms.Form):
    """When visits are reminded: « 7, 2 » days before at an hour, « 24 » hours before."""

    reason = forms.ChoiceField(label="Pour", required=False)
    days = forms.CharField(
        label="Jours avant", required=False, max_length=40, help_text="Par exemple : 7, 2."
    )
    at_time = forms.TimeField(label="À", required=False, widget=TimeInput)
    hours = forms.CharField(
        label="Heures avant", required=False, max_length=40, help_text="Par exemple : 24."
    )
    silent = forms.BooleanField(label="Aucun rappel pour ce motif", required=False)

    def __init__(self, reasons: Sequence[VisitReason], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = {str(reason.pk): reason for reason in reasons}
        choices = [("", "Tous les motifs")] + [(pk, one.name) for pk, one in self.reasons.items()]
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for mypy)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Numbers in days and hours, within what a patient can bear."""
        data = super().clean() or {}
        days = _numbers(self, "days", data.get("days", ""), 60)
        hours = _numbers(self, "hours", data.get("hours", ""), 72)
        at_time = data.get("at_time") or time(10)
        data["whens"] = [When(days=one, at_time=at_time) for one in days]
        data["whens"] += [When(hours=one) for one in hours]
        data["chosen"] = self.reasons.get(data.get("reason", ""))
        if data.get("silent") and data["chosen"] is None:
            self.add_error("reason", "Choisissez le motif qui n’a pas de rappel.")
        if data.get("silent"):
            data["whens"] = []
        return data


def _numbers(form: forms.Form, name: str, text: str, most: int) -> list[int]:
    found = [int(one) for one in _NUMBERS.findall(text)]
    if any(not 1 <= one <= most for one in found) or re.search(r"[^\d\s,;et]", text):
        form.add_error(name, f"Des nombres de 1 à {most}, séparés par des virgules.")
        return []
    return found
