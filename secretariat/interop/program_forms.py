"""What is typed to let another program in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from secretariat.practice.models import Staff


class ProgramForm(forms.Form):
    """A program's name, the post it works at, what it may do."""

    name = forms.CharField(
        label="Nom du logiciel", max_length=80,
        help_text="Comme vous l’appelez : « Prise de rendez-vous en ligne ».",
    )  # fmt: skip
    staff = forms.ChoiceField(
        label="Il agit sous le poste de",
        help_text="Il a les droits de ce poste, pas davantage ; le journal porte ce nom.",
    )
    may_write = forms.BooleanField(
        label="Il peut donner, déplacer et annuler des rendez-vous", required=False,
        help_text="Sans cette case, il ne fait que lire.",
    )  # fmt: skip

    def __init__(self, *args: Any, posts: Sequence[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._posts = {str(post.pk): post for post in posts}
        choices = [(key, f"{post} ({post.role_name})") for key, post in self._posts.items()]
        self.fields["staff"].choices = choices  # type: ignore[attr-defined]

    @property
    def post(self) -> Staff:
        """The post chosen, once the form is valid."""
        return self._posts[self.cleaned_data["staff"]]
