"""What is typed on a call sheet."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms

from secretariat.agenda.models import Agenda
from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.patients.reaching import strict_phone
from secretariat.practice.models import Practitioner
from secretariat.reception.actions.calls import JOTTED
from secretariat.reception.models import Call

# « Je vous rappelle… » : a word and what it means on the clock.
PROMISES = [
    ("", "Pas de rappel promis"),
    ("30", "Dans la demi-heure"),
    ("120", "Dans les deux heures"),
    ("noon", "Avant midi"),
    ("evening", "Avant 18 h"),
    ("tomorrow", "Demain avant midi"),
]


class CallForm(forms.Form):
    """The sheet, from the first words to the outcome."""

    caller_phone = forms.CharField(label="Numéro", required=False, max_length=30)
    caller_name = forms.CharField(label="Qui appelle", required=False, max_length=120)
    patient = forms.IntegerField(required=False, widget=forms.HiddenInput)
    request = forms.CharField(label="Demande", required=False, max_length=JOTTED["request"])
    message = forms.CharField(
        label="Message", required=False, max_length=JOTTED["message"],
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    message_for = forms.ChoiceField(label="Pour", required=False)
    call_back = forms.ChoiceField(label="Rappel promis", required=False, choices=PROMISES)
    appointment = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(required=False, choices=Call.Outcome.choices)

    def __init__(self, *args: Any, doctors: list[Practitioner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._doctors = {str(doctor.pk): doctor for doctor in doctors}
        names = [(str(doctor.pk), str(doctor)) for doctor in doctors]
        self.fields["message_for"].choices = [("", "Le cabinet"), *names]  # type: ignore[attr-defined]

    def clean_caller_phone(self) -> str:
        """E.164, or the digits as they were typed so far."""
        typed = str(self.cleaned_data["caller_phone"]).strip()
        try:
            return strict_phone(typed) if typed else ""
        except BadInput:
            return typed[:16]

    def words(self) -> dict[str, str]:
        """What `jot` keeps."""
        return {name: self.cleaned_data.get(name) or "" for name in JOTTED}

    def doctor(self) -> Practitioner | None:
        """Who must read the message."""
        return self._doctors.get(self.cleaned_data.get("message_for") or "")

    def promise(self, at: datetime, zone: str) -> datetime | None:
        """The moment promised, in UTC."""
        return promised(self.cleaned_data.get("call_back") or "", at, zone)


class WalkInForm(forms.Form):
    """Who has come, and for whom."""

    patient = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": "Choisissez le patient."}
    )
    place = forms.TypedChoiceField(label="Pour", coerce=int)
    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, agendas: list[Agenda], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._agendas = {agenda.pk: agenda for agenda in agendas}
        choices = [(agenda.pk, agenda.name) for agenda in agendas]
        self.fields["place"].choices = choices  # type: ignore[attr-defined]

    def agenda(self) -> Agenda:
        """Whose waiting room; the form must be valid."""
        return self._agendas[self.cleaned_data["place"]]


def promised(word: str, at: datetime, zone: str) -> datetime | None:
    """What a promise means: « avant midi » said in the afternoon is tomorrow's noon."""
    if not word:
        return None
    if word.isdecimal():
        return at + timedelta(minutes=int(word))
    local = clock.local(at, zone)
    hour = 18 if word == "evening" else 12
    day = local.date() + timedelta(days=word == "tomorrow")
    moment = datetime.combine(day, time(hour), local.tzinfo)
    if moment <= local:
        moment = datetime.combine(day + timedelta(days=1), time(hour), local.tzinfo)
    return moment.astimezone(at.tzinfo)
