"""What is typed to bring a file and to say what it holds."""

from __future__ import annotations

import uuid
from collections.abc import Mapping as Given
from datetime import date
from typing import Any, cast

from django import forms

from secretariat.agenda.models import Agenda
from secretariat.interop import calendar_plan
from secretariat.interop.csv.fields import FIELDS, Mapping
from secretariat.interop.models import ImportFile

_ENCODINGS = [
    ("", "Deviner"),
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows (cp1252)"),
    ("utf-16", "UTF-16"),
    ("iso8859_15", "ISO 8859-15"),
    ("mac_roman", "Macintosh"),
    ("cp850", "DOS (cp850)"),
]
_SEPARATORS = [
    ("", "Deviner"),
    (";", "Point-virgule"),
    (",", "Virgule"),
    ("\t", "Tabulation"),
    ("|", "Barre verticale"),
]


class Sent(forms.Form):
    """A form that does its work once, however often it is sent."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    @property
    def token(self) -> str:
        """The token as `core.idempotency.once` takes it."""
        return str(self.cleaned_data["form_token"])


class BringForm(Sent):
    """A file, and what it contains."""

    kind = forms.ChoiceField(choices=ImportFile.Kind.choices, widget=forms.HiddenInput)
    file = forms.FileField(
        label="Fichier",
        max_length=None,
        allow_empty_file=True,  # the action says it better
        error_messages={"required": "Choisissez un fichier."},
    )

    def __init__(self, *args: Any, accept: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if accept:
            self.fields["file"].widget.attrs["accept"] = accept


class ReadingForm(Sent):
    """How a table is read, when we guessed wrong."""

    encoding = forms.ChoiceField(label="Caractères", choices=_ENCODINGS, required=False)
    separator = forms.ChoiceField(label="Séparateur", choices=_SEPARATORS, required=False)
    sheet = forms.ChoiceField(label="Feuille", required=False)
    header_row = forms.IntegerField(
        label="Ligne des titres", required=False, min_value=0, max_value=200,
        help_text="0 : le tableau n’a pas de titres.",
    )  # fmt: skip

    def __init__(self, *args: Any, sheets: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(sheets) > 1:
            field = cast("forms.ChoiceField", self.fields["sheet"])
            field.choices = [("", "Première remplie"), *((one, one) for one in sheets)]
        else:
            del self.fields["sheet"]

    def reading(self) -> dict[str, Any]:
        """What the person imposes."""
        given = self.cleaned_data
        names = ("encoding", "separator", "sheet", "header_row")
        return {name: given[name] for name in names if given.get(name) not in (None, "")}


class ColumnsForm(Sent):
    """What each column holds; the columns themselves are read by `mapping_of`."""

    source = forms.CharField(
        label="Logiciel d’origine, si le cabinet en a eu plusieurs", required=False, max_length=40,
        help_text="Deux logiciels peuvent avoir donné le même numéro à deux personnes.",
    )  # fmt: skip


def mapping_of(given: Given[str, Any], header: list[str]) -> Mapping:
    """The mapping that the fields `c0`, `c1`… tell."""
    return {
        label: field
        for position, label in enumerate(header)
        if (field := str(given.get(f"c{position}", ""))) in FIELDS
    }


class PlanForm(Sent):
    """Where a calendar goes, what its entries are, for which days."""

    agenda = forms.ModelChoiceField(
        label="Agenda", queryset=Agenda.objects.none(), empty_label="Choisissez…",
        error_messages={"required": "Choisissez l’agenda dans lequel ce calendrier doit entrer."},
    )  # fmt: skip
    meant = forms.ChoiceField(
        label="Ce que contient le calendrier", choices=list(calendar_plan.MEANT.items())
    )
    first_day = forms.DateField(label="Du", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last_day = forms.DateField(label="Au", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, *args: Any, agendas: list[Agenda], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        practice = agendas[0].practice_id if agendas else 0
        cast(
            "forms.ModelChoiceField[Agenda]", self.fields["agenda"]
        ).queryset = Agenda.objects.filter(practice_id=practice, active=True).order_by(
            "position", "name"
        )

    def clean(self) -> dict[str, Any]:
        """The days are in order."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last_day", "Le dernier jour tombe avant le premier.")
        return data

    def plan(self) -> calendar_plan.Plan:
        """The choices; the form must be valid."""
        given = self.cleaned_data
        return calendar_plan.Plan(
            given["agenda"].pk, given["meant"], given["first_day"], given["last_day"]
        )


class SettleForm(Sent):
    """A decision about a held line."""

    patient = forms.IntegerField(
        required=False, min_value=1, error_messages={"invalid": "Choisissez un patient."}
    )
    with_points = forms.BooleanField(required=False)
    alike = forms.BooleanField(required=False)
