"""What is typed to close a notice, or to write a text."""

from __future__ import annotations

import re

from django import forms

from secretariat.notices.actions.texts import BODY_LENGTH, SUBJECT_LENGTH

# Why someone stops looking for a patient; the last one asks for words.
REASONS = [
    ("Le patient le sait déjà.", "Le patient le sait déjà"),
    ("Il est trop tard : le rendez-vous est passé.", "Il est trop tard, le rendez-vous est passé"),
    ("Un proche s’en charge.", "Un proche s’en charge"),
    ("Aucun moyen de joindre ce patient.", "Aucun moyen de le joindre"),
    ("Ce patient est décédé.", "Le patient est décédé"),
    ("", "Autre raison, écrite dessous"),
]
_E164 = re.compile(r"\+\d{4,15}")


def number_typed(text: str) -> str:
    """A number of the page as it was posted, or "" when it is none."""
    return text if _E164.fullmatch(text) else ""


class ClosingForm(forms.Form):
    """Why nobody looks for this patient any more."""

    reason = forms.ChoiceField(
        label="Pourquoi", required=False, choices=REASONS, initial=REASONS[0][0],
        widget=forms.RadioSelect(attrs={"data-autofocus": ""}),
    )  # fmt: skip
    words = forms.CharField(label="En quelques mots", required=False, max_length=280)

    def clean(self) -> None:
        """A reason, or words."""
        super().clean()
        if not self.why.strip():
            self.add_error("words", "Écrivez pourquoi, en quelques mots.")

    @property
    def why(self) -> str:
        """The reason, then the words."""
        said = (self.cleaned_data.get("reason"), self.cleaned_data.get("words"))
        return " ".join(part for part in said if part)


class TextForm(forms.Form):
    """A text with its placeholders."""

    subject = forms.CharField(label="Objet", required=False, max_length=SUBJECT_LENGTH)
    body = forms.CharField(
        label="Texte", required=False, max_length=BODY_LENGTH, strip=False,
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "true", "lang": "fr"}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    patient = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, has_subject: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not has_subject:
            del self.fields["subject"]
