"""What is typed to declare rooms, equipment, sites and the way between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from secretariat.agenda.models import Resource
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
