"""What is typed to rule an agenda: hours, days that differ, absences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet

from secretariat.agenda import typed_time
from secretariat.agenda.forms import YEARS, DateInput, TimeInput
from secretariat.agenda.models import OpeningException, OpeningRule, VisitReason
from secretariat.agenda.rule_words import MODES, one_week_in
from secretariat.core.day_names import DAYS
from secretariat.core.refusal import BadInput


class DayField(forms.DateField):
    """A day of the site's calendar."""

    widget = DateInput

    def clean(self, value: Any) -> Any:
        """The day, in a year that an agenda can hold."""
        day = super().clean(value)
        if day and not YEARS.start <= day.year < YEARS.stop:
            raise forms.ValidationError("Vérifiez l’année.")
        return day


class RuleForm(forms.Form):
    """Weekly hours, the same for several days of the week at once."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Jours", coerce=int, choices=list(enumerate(DAYS)),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un jour."},
    )  # fmt: skip
    starts = forms.TimeField(label="De", widget=TimeInput)
    ends = forms.TimeField(label="À (00:00 : minuit)", widget=TimeInput)
    kind = forms.ChoiceField(
        label="Ces heures sont", required=False,
        widget=forms.Select(attrs={"data-shows": ""}),
        choices=[
            ("open", "ouvertes aux rendez-vous"), ("protected", "protégées : rien ne s’y donne"),
        ],
    )  # fmt: skip
    label = forms.CharField(
        label="Nom", required=False, max_length=120,
        widget=forms.TextInput(attrs={"placeholder": "Réunion, visites à domicile…"}),
    )  # fmt: skip
    from_date = DayField(label="À partir du")
    to_date = DayField(label="Jusqu’au (facultatif)", required=False)
    every_weeks = forms.TypedChoiceField(
        label="Revient", coerce=int, required=False,
        choices=[(n, one_week_in(n)) for n in range(1, 13)],
        help_text="Les semaines se comptent à partir de celle du premier jour.",
    )  # fmt: skip
    school_holidays = forms.ChoiceField(
        label="Vacances scolaires", required=False, choices=OpeningRule.SchoolHolidays.choices
    )
    mode = forms.ChoiceField(
        label="Sorte de consultation", required=False, choices=[("", "toutes"), *MODES.items()]
    )
    reasons = forms.ModelMultipleChoiceField(
        label="Gardé pour ces motifs (aucun coché : pour tous)", required=False,
        queryset=VisitReason.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, reasons: QuerySet[VisitReason], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].queryset = reasons  # type: ignore[attr-defined]

    def clean_every_weeks(self) -> int:
        """Every week when nothing is chosen."""
        return int(self.cleaned_data["every_weeks"] or 1)


class EndForm(forms.Form):
    """The last day of a weekly opening."""

    last_day = DayField(label="Dernier jour")


class ExceptionForm(forms.Form):
    """A day that differs."""

    date = DayField(label="Jour")
    kind = forms.ChoiceField(label="Ce jour-là", choices=OpeningException.Kind.choices)
    starts = forms.TimeField(label="De", required=False, widget=TimeInput)
    ends = forms.TimeField(label="À", required=False, widget=TimeInput)
    label = forms.CharField(label="Pourquoi (facultatif)", required=False, max_length=120)


class SpanForm(forms.Form):
    """From when to when something is not there; whole days unless hours are given."""

    from_day = DayField(label="Du")
    from_clock = forms.TimeField(label="À partir de (facultatif)", required=False, widget=TimeInput)
    to_day = DayField(label="Au (inclus)")
    to_clock = forms.TimeField(label="Jusqu’à (facultatif)", required=False, widget=TimeInput)
    label = forms.CharField(label="Pourquoi (facultatif)", required=False, max_length=120)

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """The two moments.

        Raises:
            HourSkipped, HourTwice: the clock of the site never shows it, or shows it twice.
        """
        typed = self.cleaned_data
        starts = typed_time.moment(typed["from_day"], typed["from_clock"] or time(0), zone)
        if typed["to_clock"]:
            return starts, typed_time.moment(typed["to_day"], typed["to_clock"], zone)
        return starts, typed_time.end_of(typed["to_day"], zone)


class AbsenceForm(SpanForm):
    """A practitioner is away."""

    of_locum = forms.BooleanField(label="C’est le remplaçant qui s’absente", required=False)


class AgendaForm(forms.Form):
    """A practitioner and a site that have no agenda together yet."""

    place = forms.ChoiceField(label="Praticien et site")

    def __init__(self, places: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]


def must_be_valid(form: forms.Form) -> dict[str, Any]:
    """What was typed, or a refusal that names each field to look at again.

    Raises:
        BadInput.
    """
    if form.is_valid():
        return form.cleaned_data
    faults = [
        f"{form.fields[name].label} : {text}" if name in form.fields else str(text)
        for name, errors in form.errors.items()
        for text in errors
    ]
    raise BadInput(" ".join(faults))
