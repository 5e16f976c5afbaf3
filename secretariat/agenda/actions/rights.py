"""Who may write the rules of an agenda."""

from __future__ import annotations

from secretariat.core.refusal import NotAllowed
from secretariat.practice.models import Staff


def must_rule(by: Staff) -> None:
    """Refuse a post that does not hold `agenda.rules`."""
    if not by.may("agenda.rules"):
        raise NotAllowed(
            f"Votre rôle ({by.role.label}) ne permet pas de régler les horaires et les motifs."
        )
