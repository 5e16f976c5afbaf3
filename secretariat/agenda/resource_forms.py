"""What is typed to declare rooms, equipment, sites and the way between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from secretariat.agenda.models import Resource
from secretariat.agenda.public_holidays import REGIONS
from secretariat.agenda.rule_forms import SpanForm
from secretariat.agenda.school_holidays import ZONES
from secretariat.practice.models import Site


class ResourceForm(forms.Form):
    """A room or a piece of equipment; its site is chosen once."""

    name = forms.CharField(
        label="Nom", max_length=80,
        widget=forms.TextInput(attrs={"placeholder": "Salle de chirurgie, laser…"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label="C’est", choices=Resource.Kind.choices)
    site = forms.TypedChoiceField(label="Site", coerce=int)
    accessible = forms.BooleanField(
        label="Un fauteuil roulant y entre", required=False, initial=True
    )

    def __init__(self, sites: Sequence[Site], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sites:
            self.fields["site"].choices = [  # type: ignore[attr-defined]
                (site.pk, site.name) for site in sites
            ]
        else:
            del self.fields["site"]


class ClosingForm(SpanForm):
    """A room is closed, or equipment out of order."""


class SiteForm(forms.Form):
    """A place where patients are received."""

    name = forms.CharField(label="Nom", max_length=120)
    public_name = forms.CharField(
        label="Nom dit dans les messages", required=False, max_length=120,
        help_text="Vide : le nom du site. Autre, si celui-ci dit pourquoi on y vient.",
    )  # fmt: skip
    address = forms.CharField(label="Adresse", required=False, max_length=200)
    postcode = forms.CharField(label="Code postal", required=False, max_length=10)
    town = forms.CharField(label="Ville", required=False, max_length=80)
    accessible = forms.BooleanField(
        label="Un fauteuil roulant y entre", required=False, initial=True
    )
    access = forms.CharField(
        label="Comment venir (étage, code, parking)", required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    school_zone = forms.ChoiceField(
        label="Vacances scolaires", required=False,
        choices=[("", "sans zone"), *((zone, f"zone {zone}") for zone in ZONES)],
    )  # fmt: skip
    region = forms.ChoiceField(
        label="Jours fériés de", required=False,
        choices=[(key, region.label) for key, region in REGIONS.items()],
    )  # fmt: skip
    closes_on_holidays = forms.BooleanField(
        label="Fermé les jours fériés", required=False, initial=True
    )


class TravelForm(forms.Form):
    """How long the way is."""

    minutes = forms.IntegerField(label="Minutes", min_value=0, max_value=480)
