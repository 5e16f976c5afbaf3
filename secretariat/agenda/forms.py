"""What is typed to give, move and cancel a time."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django import forms

from secretariat.agenda import typed_time
from secretariat.agenda.models import Agenda, Appointment, VisitReason
from secretariat.agenda.queries.desk import Desk, may_give
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff

LONGEST_MINUTES = 480
YEARS = range(1950, 2151)
MISSING = {
    "agenda": "Choisissez l’agenda.",
    "day": "Indiquez le jour.",
    "clock": "Indiquez l’heure.",
}


class DateInput(forms.DateInput):
    """The browser's own day picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own clock, by steps of five minutes."""

    input_type = "time"

    def __init__(self, step: int = 300) -> None:
        super().__init__(format="%H:%M", attrs={"step": step})


class PlaceForm(forms.Form):
    """Where in which agenda: a day and an hour on the site's clock, or a time the server proposed.

    A proposed time comes as `agenda@moment` in `instead`, or in `squeeze` or `force` when it is
    taken knowingly. `place()` gives the moment once the form is valid.
    """

    agenda = forms.TypedChoiceField(label="Agenda", coerce=int, required=False, empty_value=None)
    day = forms.DateField(label="Jour", required=False, widget=DateInput)
    # Any minute: visits brought from another software may stand anywhere.
    clock = forms.TimeField(label="Heure", required=False, widget=TimeInput)
    minutes = forms.IntegerField(
        label="Durée (min)", required=False, min_value=1, max_value=LONGEST_MINUTES
    )
    instead = forms.CharField(required=False, widget=forms.HiddenInput)
    squeeze = forms.CharField(required=False, widget=forms.HiddenInput)
    force = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk = desk
        choices = [(agenda.pk, agenda.name) for agenda in desk.agendas]
        self.fields["agenda"].choices = choices  # type: ignore[attr-defined]
        # Native pickers step by five; any minute can still be typed.
        self.fields["minutes"].widget.attrs |= {"step": 5, "min": 5}
        self._proposed: datetime | None = None

    def clean_day(self) -> date | None:
        """A day that an agenda can hold; a year typed with five digits is a slip."""
        day: date | None = self.cleaned_data["day"]
        if day and not YEARS.start <= day.year < YEARS.stop:
            raise forms.ValidationError("Vérifiez l’année.")
        return day

    def clean(self) -> dict[str, Any]:
        """A whole place, typed or proposed."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        said = [typed.get(name) or "" for name in ("instead", "squeeze", "force")]
        for text in said:
            agenda, _, moment = text.rpartition("@")
            if proposed := typed_time.exact(moment):
                self._proposed = proposed
                if found := self.desk.agenda(agenda or typed.get("agenda")):
                    typed["agenda"] = found.pk
        wanted = ("agenda",) if self._proposed else ("agenda", "day", "clock")
        for name in wanted:
            if not self.errors.get(name) and typed.get(name) is None:
                self.add_error(name, MISSING[name])
        return typed

    @property
    def wanted_agenda(self) -> Agenda:
        """The agenda chosen; the form must be valid."""
        found = self.desk.agenda(self.cleaned_data["agenda"])
        assert found is not None  # noqa: S101 - a choice of this very desk
        return found

    @property
    def squeezes(self) -> bool:
        """Whether « entre deux » was pressed."""
        return bool(self.cleaned_data["squeeze"])

    @property
    def forces(self) -> bool:
        """Whether « hors règles » was pressed."""
        return bool(self.cleaned_data["force"])

    def place(self) -> datetime:
        """The moment wanted.

        Raises:
            HourSkipped, HourTwice: the clock of the site never shows it, or shows it twice.
        """
        if self._proposed:
            return self._proposed
        zone = self.wanted_agenda.site.time_zone
        return typed_time.moment(self.cleaned_data["day"], self.cleaned_data["clock"], zone)


class BookForm(PlaceForm):
    """A time to give, to a patient or to something that blocks it."""

    patient = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.TypedChoiceField(label="Motif", coerce=int, required=False, empty_value=None)
    title = forms.CharField(label="Ce qui occupe ce temps", required=False, max_length=200)
    note = forms.CharField(
        label="Note", required=False, max_length=500,
        widget=forms.TextInput(attrs={"class": "private", "autocomplete": "off"}),
    )  # fmt: skip
    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, desk: Desk, staff: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(desk, *args, **kwargs)
        given = [
            (reason.pk, f"{reason.name} · {reason.minutes} min")
            for reason in desk.reasons
            if may_give(reason, staff)
        ]
        self.fields["reason"].choices = [("", "Choisir…"), *given]  # type: ignore[attr-defined]

    @property
    def wanted_reason(self) -> VisitReason | None:
        """The reason chosen, if any; the form must be valid."""
        return self.desk.reason(self.cleaned_data["reason"])

    def length(self, patient: Patient | None) -> int | None:
        """Minutes of the visit: those typed, else the reason's in this agenda for that patient."""
        if typed := self.cleaned_data["minutes"]:
            return int(typed)
        reason = self.wanted_reason
        agenda = self.cleaned_data["agenda"]
        return self.desk.lengths_for(reason, patient).get(agenda) if reason else None


class MoveForm(PlaceForm):
    """Another place for a visit, as seen at `version`."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """The note of a visit."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "private", "autocomplete": "off"}),
    )


class CancelForm(forms.Form):
    """Who cancels, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    wanted_by = forms.ChoiceField(
        label="Qui annule ?", choices=Appointment.CancelledFor.choices, widget=forms.RadioSelect,
        initial=Appointment.CancelledFor.PATIENT,
    )  # fmt: skip
    why = forms.CharField(
        label="Pourquoi (facultatif)", required=False, max_length=200,
        widget=forms.TextInput(attrs={"class": "private", "autocomplete": "off"}),
    )  # fmt: skip
