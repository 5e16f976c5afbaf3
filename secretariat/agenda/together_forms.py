"""What is typed to give several visits together, and what the buttons of the proposals send."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict

from secretariat.agenda import typed_time
from secretariat.agenda.forms import PlaceForm, TimeInput
from secretariat.agenda.models import VisitGroup
from secretariat.agenda.proposals import PartOfDay
from secretariat.agenda.rule_forms import DayField
from secretariat.agenda.series import MOST
from secretariat.core.day_names import DAYS
from secretariat.practice.doors import Request

BIGGEST_KEY = 2**63 - 1
LONGEST_WAIT = 480
BY_HAND = 4
"""How many reasons can be chained without a protocol."""
MOST_PEOPLE = 8
TOLERANCES = ((0, "exactement"), (30, "à 30 min près"), (60, "à 1 h près"), (120, "à 2 h près"),
              (240, "dans la demi-journée"))  # fmt: skip
PARTS = (
    (PartOfDay.ANY.value, "Toute la journée"), (PartOfDay.MORNING.value, "Matin"),
    (PartOfDay.AFTERNOON.value, "Après-midi"), (PartOfDay.EVENING.value, "Après 17 h"),
)  # fmt: skip


class Sent(NamedTuple):
    """A visit as a button sends it: keys, minutes and moment, nothing known of them yet."""

    agenda: int
    reason: int
    patient: int
    minutes: int
    starts_at: datetime


class _Key(forms.IntegerField):
    """The key of a row; anything else names none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, min_value=1, max_value=BIGGEST_KEY, widget=forms.HiddenInput, **kwargs
        )


class TogetherForm(forms.Form):
    """What the three ways of giving visits together have in common."""

    day = DayField(label="À partir du", required=False)
    part = forms.ChoiceField(label="Moment", required=False, choices=PARTS)
    wait = forms.IntegerField(
        label="Attente (min au plus)", required=False, min_value=0, max_value=LONGEST_WAIT,
        widget=forms.NumberInput(attrs={"step": 5}),
    )  # fmt: skip


class ChainForm(TogetherForm):
    """One patient, a protocol or up to four reasons."""

    patient = _Key()
    protocol = _Key()


class FamilyForm(TogetherForm):
    """Several people; their lines are drawn and read by the screen."""

    add = _Key(label="Qui vient ?")
    agenda = _Key()


class SeriesForm(forms.Form):
    """The same visit again and again."""

    patient = _Key()
    day = DayField(label="Premier jour")
    clock = forms.TimeField(label="Vers", widget=TimeInput)
    tolerance = forms.TypedChoiceField(label="Tolérance", coerce=int, choices=TOLERANCES)
    weekdays = forms.TypedMultipleChoiceField(
        label="Jours (aucun coché : celui du premier jour)", coerce=int, required=False,
        choices=[(n, name[:3]) for n, name in enumerate(DAYS[:6])],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    every = forms.TypedChoiceField(
        label="Revient",
        coerce=int,
        choices=[(1, "chaque semaine"), *((n, f"toutes les {n} semaines") for n in range(2, 27))],
    )
    number = forms.IntegerField(label="Nombre", min_value=1, max_value=MOST)
    unit = forms.ChoiceField(
        label="Compté en", choices=[("times", "fois"), ("weeks", "semaines")]
    )  # fmt: skip


class VisitsForm(forms.Form):
    """The visits chosen, to be given together."""

    kind = forms.ChoiceField(choices=VisitGroup.Kind.choices)
    label = forms.CharField(required=False, max_length=200)
    form_token = forms.UUIDField(initial=uuid.uuid4)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.sent: list[Sent] = []
        self._chosen = data.getlist("visit")

    def clean(self) -> dict[str, Any]:
        """Each `visit` of the form names one or several; an empty one was left out."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for text in self._chosen:
            self.sent += read_visits(text)
        return typed


class MoveRestForm(PlaceForm):
    """Another place for a visit and those that follow, as seen at `version`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    those_that_can = forms.BooleanField(required=False, widget=forms.HiddenInput)


def read_visits(text: str) -> Iterable[Sent]:
    """The visits that a button or a line of a series names.

    ValidationError for anything that no button of ours says.
    """
    for one in filter(None, text.split("|")):
        keys, _, moment = one.partition("@")
        numbers = [int(key) for key in keys.split(".") if key.isdecimal() and len(key) < 19]
        starts_at = typed_time.exact(moment)
        if len(numbers) != 4 or starts_at is None:
            raise forms.ValidationError("Ce choix n’est plus lisible : cherchez encore.")
        agenda, reason, patient, minutes = numbers
        yield Sent(agenda, reason, patient, minutes, starts_at)


def filled(request: Request, first: dict[str, Any]) -> QueryDict:
    """The address, with what a form shows at first where it says nothing."""
    data = request.GET.copy()
    for name, value in first.items():
        data.setdefault(name, str(value))
    return data
