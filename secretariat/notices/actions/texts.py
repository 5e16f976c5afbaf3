"""Write the practice's own words for a kind of notice, and come back to ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.notices import wording
from secretariat.notices.models import Template
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

SUBJECT_LENGTH, BODY_LENGTH = 120, 2000
NEUTRAL = frozenset({"consultation", "rendez-vous", "rendez vous", "visite"})
"""Names of reasons that say nothing of why someone comes."""


class ChangedMeanwhile(Refusal):
    """Someone else wrote this text since it was opened."""


def check(subject: str, body: str, forbidden: Sequence[str]) -> None:
    """Refuse a text that says too much, is too long, or says nothing.

    Args:
        forbidden: reasons and specialities of the practice, as they read on screen.

    Raises:
        BadInput.
    """
    if len(subject) > SUBJECT_LENGTH or len(body) > BODY_LENGTH:
        raise BadInput(
            f"Ce texte est trop long : {SUBJECT_LENGTH} caractères pour l’objet, "
            f"{BODY_LENGTH} pour le texte."
        )
    if len(subject.strip().splitlines()) > 1:
        raise BadInput("L’objet tient sur une seule ligne.")
    words = [word for word in forbidden if word.strip().casefold() not in NEUTRAL]
    wording.check(body, words)
    if subject:
        wording.check(subject, words)


@transaction.atomic
def write(
    *, kind: str, channel: str, language: str, subject: str, body: str, version: int,
    forbidden: Sequence[str], by: Staff, at: datetime,
) -> Template:  # fmt: skip
    """Write the practice's words; what they said before stays in the day book.

    Args:
        version: the one that was read, 0 when the practice had none.
        forbidden: as `check`.

    Raises:
        NotAllowed, BadInput, ChangedMeanwhile.
    """
    check(subject, body, forbidden)
    said = {"subject": subject.strip(), "body": body.strip()}
    place = {"kind": kind, "channel": channel, "language": language}
    return _keep(place=place, said=said, version=version, by=by, at=at)


@transaction.atomic
def forget(
    *, kind: str, channel: str, language: str, version: int, by: Staff, at: datetime
) -> Template:
    """Come back to our words.

    Raises:
        NotAllowed, ChangedMeanwhile.
    """
    place = {"kind": kind, "channel": channel, "language": language}
    return _keep(place=place, said={"subject": "", "body": ""}, version=version, by=by, at=at)


def _keep(
    *, place: dict[str, str], said: dict[str, str], version: int, by: Staff, at: datetime
) -> Template:
    """The row stays when it is emptied: its history hangs on it."""
    if not by.may("notices.texts"):
        raise NotAllowed("Votre rôle ne permet pas d’écrire les textes des messages.")
    kept, new = Template.objects.select_for_update(of=("self",)).get_or_create(
        practice_id=by.practice_id, **place, defaults={**said, "author": by, "changed_at": at}
    )
    if (0 if new else kept.version) != version:
        raise ChangedMeanwhile(
            f"{kept.author} vient de changer ce texte : rouvrez-le pour voir le sien. "
            "Le vôtre n’a pas été gardé."
        )
    if not new:
        kept.subject, kept.body, kept.author, kept.changed_at = *said.values(), by, at
        kept.version += 1
        kept.save()
    daybook.note(
        practice_id=by.practice_id, by=by, at=at, verb="notices.text", subject=kept,
        version=kept.version, title=kept.subject, body=kept.body, of=place,
    )  # fmt: skip
    return kept
