"""What is typed of someone who waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from secretariat.agenda.actions.waiting import Terms
from secretariat.agenda.forms import TimeInput
from secretariat.agenda.models import Agenda, Waiting
from secretariat.agenda.queries.desk import Desk, may_give
from secretariat.agenda.rule_forms import DayField
from secretariat.agenda.waiting_words import NOTICES
from secretariat.core.day_names import DAYS
from secretariat.practice.models import Practitioner, Staff


def doctors_of(agendas: Iterable[Agenda]) -> dict[int, Practitioner]:
    """The practitioners of some agendas, each once, in the order of their columns."""
    return {agenda.practitioner_id: agenda.practitioner for agenda in agendas}


class TermsForm(forms.Form):
    """Whom they accept, when they can come, who decided that it presses."""

    doctors = forms.TypedMultipleChoiceField(
        label="Avec (aucun coché : n’importe qui)", coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    weekdays = forms.TypedMultipleChoiceField(
        label="Jours (aucun coché : tous)", coerce=int, required=False,
        choices=list(enumerate(DAYS)), widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    from_time = forms.TimeField(label="Pas avant", required=False, widget=TimeInput)
    to_time = forms.TimeField(label="Fini à", required=False, widget=TimeInput)
    from_date = DayField(label="À partir du", required=False)
    to_date = DayField(label="Au plus tard le", required=False)
    notice_minutes = forms.TypedChoiceField(
        label="À prévenir avant", coerce=int, required=False, choices=list(NOTICES.items()),
    )  # fmt: skip
    priority = forms.TypedChoiceField(
        label="Priorité", coerce=int, required=False, choices=Waiting.Priority.choices,
        initial=Waiting.Priority.USUAL,
    )  # fmt: skip
    priority_by = forms.TypedChoiceField(
        label="Décidée par", coerce=int, required=False, empty_value=None,
        help_text="Une priorité autre qu’habituelle est une décision médicale.",
    )  # fmt: skip
    priority_on = DayField(label="Le", required=False)
    note = forms.CharField(
        label="Note (rien de médical)", required=False, max_length=200,
        widget=forms.TextInput(attrs={"class": "private", "autocomplete": "off"}),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = doctors_of(desk.agendas)
        named = [(pk, str(doctor)) for pk, doctor in self.people.items()]
        self.fields["doctors"].choices = named  # type: ignore[attr-defined]
        self.fields["priority_by"].choices = [("", "—"), *named]  # type: ignore[attr-defined]

    def terms(self, today: date) -> Terms:
        """What was typed, once the form is valid; a priority without a date is today's."""
        typed = self.cleaned_data
        priority = int(typed["priority"] or Waiting.Priority.USUAL)
        decided = priority != Waiting.Priority.USUAL
        days = typed["weekdays"]
        return Terms(
            doctors=tuple(self.people[pk] for pk in typed["doctors"]),
            weekdays=sum(1 << n for n in days) if days else 127,
            from_time=typed["from_time"], to_time=typed["to_time"],
            from_date=typed["from_date"], to_date=typed["to_date"],
            notice_minutes=int(typed["notice_minutes"] or 0), priority=priority,
            priority_by=self.people.get(typed["priority_by"]) if decided else None,
            priority_on=(typed["priority_on"] or today) if decided else None,
            note=typed["note"],
        )  # fmt: skip


class EnterForm(TermsForm):
    """The same, with who waits and for what."""

    patient = forms.IntegerField(required=False, widget=forms.HiddenInput)
    visit = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.TypedChoiceField(
        label="Motif", coerce=int, error_messages={"required": "Choisissez un motif."}
    )

    def __init__(self, desk: Desk, staff: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(desk, *args, **kwargs)
        given = [(one.pk, one.name) for one in desk.reasons if may_give(one, staff)]
        self.fields["reason"].choices = [("", "Choisir…"), *given]  # type: ignore[attr-defined]


def said(waiting: Waiting) -> dict[str, Any]:
    """What a wait says, to fill its form."""
    every = waiting.weekdays == 127
    return {
        "doctors": [one.practitioner_id for one in waiting.doctors.all()],
        "weekdays": [] if every else [n for n in range(7) if waiting.weekdays >> n & 1],
        "from_time": waiting.from_time, "to_time": waiting.to_time,
        "from_date": waiting.from_date, "to_date": waiting.to_date,
        "notice_minutes": waiting.notice_minutes, "priority": waiting.priority,
        "priority_by": waiting.priority_by_id, "priority_on": waiting.priority_on,
        "note": waiting.note, "version": waiting.version,
    }  # fmt: skip


class RulesForm(forms.Form):
    """How freed times are proposed."""

    automatic = forms.BooleanField(
        label="Proposer seul les créneaux libérés (deux minutes après)", required=False
    )
    at_once = forms.IntegerField(label="À combien de patients à la fois", min_value=1, max_value=10)
    answer_minutes = forms.IntegerField(
        label="Minutes pour répondre (comptées de 8 h à 20 h)", min_value=5, max_value=1440
    )
