"""What is typed to replan a day, and to choose one time by hand."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms

from secretariat.agenda import typed_time
from secretariat.agenda.actions.replanning import Period
from secretariat.agenda.forms import TimeInput
from secretariat.agenda.models import Agenda
from secretariat.agenda.queries.desk import Desk
from secretariat.agenda.rule_forms import DayField


class ReplanForm(forms.Form):
    """« Le Dr Lefèvre, aujourd’hui à partir de 14 h »."""

    agenda = forms.ChoiceField(label="Agenda")
    day = DayField(label="Jour")
    from_clock = forms.TimeField(
        label="À partir de (facultatif)", required=False, widget=TimeInput, help_text="Alt+H y va"
    )
    to_clock = forms.TimeField(label="Jusqu’à (facultatif)", required=False, widget=TimeInput)
    label = forms.CharField(label="Pourquoi (facultatif)", required=False, max_length=120)
    close = forms.BooleanField(label="Noter l’absence : l’agenda se ferme tout de suite",
                               required=False, initial=True)  # fmt: skip

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._desk = desk
        choices = [(str(one.pk), one.name) for one in desk.agendas]
        self.fields["agenda"].choices = choices  # type: ignore[attr-defined]
        self.fields["from_clock"].widget.attrs["data-key"] = "alt+h"

    @property
    def wanted(self) -> Agenda:
        """The agenda chosen."""
        found = self._desk.agenda(self.cleaned_data["agenda"])
        assert found is not None  # noqa: S101 - one of the choices
        return found

    def period(self) -> Period:
        """From when to when, on the clock of the site."""
        typed, zone = self.cleaned_data, self.wanted.site.time_zone
        starts = typed_time.moment(typed["day"], typed["from_clock"] or time(0), zone)
        ends = (
            typed_time.moment(typed["day"], typed["to_clock"], zone)
            if typed["to_clock"]
            else typed_time.end_of(typed["day"], zone)
        )
        return Period(starts, ends, close=typed["close"], label=typed["label"])


class ShiftForm(forms.Form):
    """How late the practitioner is."""

    minutes = forms.IntegerField(label="Minutes", min_value=5, max_value=240)


class PlaceForm(forms.Form):
    """A time chosen by hand."""

    agenda = forms.ChoiceField(label="Agenda")
    day = DayField(label="Jour")
    clock = forms.TimeField(label="Heure", widget=TimeInput)

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._desk = desk
        choices = [(str(one.pk), one.name) for one in desk.agendas]
        self.fields["agenda"].choices = choices  # type: ignore[attr-defined]

    def place(self) -> tuple[Agenda, datetime]:
        """The agenda and the moment."""
        found = self._desk.agenda(self.cleaned_data["agenda"])
        assert found is not None  # noqa: S101 - one of the choices
        typed = self.cleaned_data
        return found, typed_time.moment(typed["day"], typed["clock"], found.site.time_zone)
