"""What a patient is told when a day was replanned: a new time, proposed, that awaits an answer."""

from __future__ import annotations

from secretariat.agenda.announcements import PURPOSE, standing
from secretariat.notices.kinds import Kind, Wording

PROPOSED = "replan.proposed"
_PLACE = "{lieu}\n{adresse}\nTéléphone : {telephone}"

KINDS = (
    Kind(
        PROPOSED, "Nouvelle heure proposée", standing, purpose=PURPOSE,
        texts={
            ("sms", "fr"): Wording(
                "",
                "Votre rendez-vous ({avant}) ne peut avoir lieu. Nouvelle heure : {rendezvous}, "
                "{lieu}, {telephone}.\nAccepter ou changer : {lien}",
            ),
            ("email", "fr"): Wording(
                "Votre rendez-vous doit changer d’heure",
                "Bonjour,\n\nVotre rendez-vous ne peut avoir lieu comme prévu.\nAvant : {avant}.\n"
                "Nous vous proposons : {rendezvous}.\n\n" + _PLACE
                + "\n\nAccepter ou changer : {lien}",
            ),
            ("letter", "fr"): Wording(
                "Votre rendez-vous doit changer d’heure",
                "Bonjour,\n\nVotre rendez-vous ne peut avoir lieu comme prévu.\nAvant : {avant}.\n"
                "Nous vous proposons : {rendezvous}.\n\n" + _PLACE,
            ),
            ("sms", "en"): Wording(
                "",
                "Your appointment ({avant}) cannot take place. New time: {rendezvous}, {lieu}, "
                "{telephone}.\nAccept or change: {lien}",
            ),
            ("email", "en"): Wording(
                "Your appointment has to change",
                "Hello,\n\nYour appointment ({avant}) cannot take place. New time: {rendezvous}, "
                "{lieu}, {telephone}.\n\nAccept or change: {lien}",
            ),
        },
    ),
)  # fmt: skip
"""Declared in `apps.ready()`."""
