"""What is typed to keep a document with a reason."""

from __future__ import annotations

from django import forms


class TitleForm(forms.Form):
    """What a document is called at the desk."""

    title = forms.CharField(
        label="Titre", max_length=120, error_messages={"required": "Donnez un titre."}
    )


class AddForm(TitleForm):
    """A PDF to keep."""

    file = forms.FileField(
        label="Fichier PDF",
        max_length=None,
        allow_empty_file=True,  # the action says it better
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": "Choisissez un fichier PDF."},
        help_text="5 Mo au plus.",
    )


class JoinForm(forms.Form):
    """Whether a document may leave."""

    joinable = forms.BooleanField(required=False)
