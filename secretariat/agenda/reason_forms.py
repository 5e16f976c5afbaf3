"""What is typed to set a visit reason: the simple case first, the rest in groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from secretariat.agenda.models import Agenda, Resource, VisitReason

COLOURS = (
    (1, "Bleu"), (2, "Vert"), (3, "Ocre"), (4, "Violet"),
    (5, "Rose"), (6, "Turquoise"), (7, "Rouge"), (8, "Olive"),
)  # fmt: skip
_USUAL: tuple[Any, ...] = (None, "", 0, "0", [], VisitReason.Mode.ON_SITE.value)
NEEDS = ("need_1", "need_2", "need_3")


@dataclass(frozen=True)
class Group:
    """Fields that are folded together until one of them says something."""

    title: str
    fields: list[forms.BoundField]
    hint: str = ""

    @property
    def told(self) -> bool:
        """Whether one of its fields differs from the usual."""
        return any(field.value() not in _USUAL for field in self.fields)


class _Minutes(forms.IntegerField):
    """A length in minutes, by steps of five."""

    def __init__(self, label: str, least: int = 5, most: int = 480, **kwargs: Any) -> None:
        attrs = {"step": 5} | kwargs.pop("attrs", {})
        widget = forms.NumberInput(attrs=attrs)
        super().__init__(label=label, min_value=least, max_value=most, widget=widget, **kwargs)


class _Added(_Minutes):
    """Minutes besides the visit; none when left empty."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, least=0, most=120, required=False, **kwargs)

    def clean(self, value: Any) -> int:
        """The minutes, 0 when empty."""
        return super().clean(value) or 0


class _Few(forms.IntegerField):
    """A number of days, hours or years that may be left empty."""

    def __init__(self, label: str, least: int = 1, most: int = 3660, **kwargs: Any) -> None:
        super().__init__(label=label, required=False, min_value=least, max_value=most, **kwargs)


def _text(label: str, length: int, rows: int = 2) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=length, widget=widget)


class ReasonForm(forms.Form):
    """A reason for a visit, and where it is offered."""

    name = forms.CharField(label="Nom", max_length=80)
    minutes = _Minutes("Durée (min)")
    kind = forms.ChoiceField(label="Sorte", choices=VisitReason.Kind.choices)
    colour = forms.TypedChoiceField(label="Couleur", coerce=int, choices=COLOURS)
    bookable_by_remote = forms.BooleanField(
        label="La télésecrétaire peut le donner", required=False, initial=True
    )
    bookable_by_patient = forms.BooleanField(
        label="Le patient pourra le prendre lui-même", required=False
    )
    active = forms.BooleanField(label="Encore donné", required=False, initial=True)

    first_minutes = _Minutes("Durée si le praticien ne l’a jamais vu (min)", required=False)
    more_minutes = _Added("Minutes en plus : besoin de temps, interprète")
    minutes_before = _Added("Minutes libres avant (préparer la salle)")
    minutes_after = _Added("Minutes libres après (nettoyer)")

    mode = forms.ChoiceField(
        label="Où", required=False, choices=VisitReason.Mode.choices,
    )  # fmt: skip
    named_only = forms.BooleanField(
        label="Seulement dans les horaires qui nomment ce motif", required=False
    )

    referral_only = forms.BooleanField(label="Seulement sur courrier d’un médecin", required=False)
    age_from = _Few("Âge, à partir de (ans)", least=0, most=120)
    age_to = _Few("Âge, jusqu’à (ans)", least=0, most=120)
    again_after_days = _Few("Pas avant… jours après le dernier")
    within_days = _Few("À donner dans les… jours")
    patient_notice_hours = _Few("Patients en ligne : au moins… heures avant", least=0)
    patient_horizon_days = _Few("Patients en ligne : au plus… jours à l’avance")

    papers = _text("Papiers à apporter", 1000)
    instructions = _text("À dire au patient avant la visite", 2000, rows=3)
    afterwards = _text("À dire au patient après la visite", 2000)

    def __init__(
        self,
        agendas: Iterable[Agenda],
        resources: Sequence[Resource],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agendas, self.resources = list(agendas), list(resources)
        for agenda in self.agendas:
            self.fields[f"offered_{agenda.pk}"] = forms.BooleanField(
                label=agenda.name, required=False
            )
            for which, label in (("minutes", "Durée"), ("first", "Première fois")):
                self.fields[f"{which}_{agenda.pk}"] = _Minutes(
                    f"{label} chez {agenda.name} (min)", required=False,
                    attrs={"placeholder": "la même"},
                )  # fmt: skip
        sites = {one.site_id for one in self.resources}
        choices = [
            (one.pk, f"{one.name} · {one.site.name}" if len(sites) > 1 else one.name)
            for one in self.resources
        ]
        for name, label in zip(NEEDS, ("Il faut", "Et aussi", "Et encore"), strict=True):
            self.fields[name] = forms.TypedMultipleChoiceField(
                label=f"{label} une de ces salles, ou un de ces matériels", coerce=int,
                required=False, choices=choices, widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def clean_mode(self) -> str:
        """On site when nothing is chosen."""
        return self.cleaned_data["mode"] or VisitReason.Mode.ON_SITE

    def clean_patient_notice_hours(self) -> int:
        """No delay when nothing is typed."""
        return self.cleaned_data["patient_notice_hours"] or 0

    def own(self) -> dict[str, Any]:
        """The columns of the reason itself."""
        return {name: self.cleaned_data[name] for name in OWN}

    def needed(self) -> list[list[Resource]]:
        """One resource of each of these is taken."""
        known = {one.pk: one for one in self.resources}
        return [[known[pk] for pk in self.cleaned_data[name]] for name in NEEDS]

    def offered_in(self, agenda: Agenda) -> tuple[int | None, int | None] | None:
        """Own lengths of the reason in an agenda, usual and first; None: not offered there."""
        typed = self.cleaned_data
        if not typed[f"offered_{agenda.pk}"]:
            return None
        return typed[f"minutes_{agenda.pk}"], typed[f"first_{agenda.pk}"]

    def places(self) -> list[list[forms.BoundField]]:
        """For each agenda, the fields that say whether it offers the reason, and how long."""
        return [
            [self[f"{which}_{one.pk}"] for which in ("offered", "minutes", "first")]
            for one in self.agendas
        ]

    def groups(self) -> list[Group]:
        """What is folded under « Plus de réglages »."""
        known = bool(self.resources)
        rooms, others = (NEEDS[:1], NEEDS[1:]) if known else ((), ())
        groups = [
            ("Durées particulières et minutes autour", _LENGTHS, ""),
            ("Où, dans quels horaires, quelle salle", ("mode", "named_only", *rooms), _ROOMS_HINT),
            ("Autre salle ou autre matériel en même temps", others, _OTHERS_HINT),
            ("Pour qui et quand", _LIMITS, _LIMITS_HINT),
            ("Papiers et consignes", ("papers", "instructions", "afterwards"), ""),
        ]
        return [
            Group(title, [self[name] for name in names], hint)
            for title, names, hint in groups
            if names
        ]


_LENGTHS = ("first_minutes", "more_minutes", "minutes_before", "minutes_after")
_LIMITS = (
    "referral_only", "age_from", "age_to", "within_days", "again_after_days",
    "patient_notice_hours", "patient_horizon_days",
)  # fmt: skip
_OTHERS_HINT = "Pour une visite qui prend une salle et un appareil à la fois, par exemple."
_ROOMS_HINT = (
    "Une seule salle suffit : cochez toutes celles qui conviennent. "
    "Les salles et le matériel se déclarent dans « Salles et matériel »."
)
_LIMITS_HINT = "Le cabinet est prévenu et peut passer outre ; les patients en ligne, non."
OWN = (
    "name", "minutes", "kind", "colour", "bookable_by_remote", "bookable_by_patient", "active",
    "mode", "named_only", *_LENGTHS, *_LIMITS, "papers", "instructions", "afterwards",
)  # fmt: skip
