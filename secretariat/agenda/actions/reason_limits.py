"""What the practice's visit reasons may say."""

from __future__ import annotations

from secretariat.agenda.models import VisitReason
from secretariat.core.refusal import BadInput

SHORTEST_MINUTES, LONGEST_MINUTES = 5, 480
MOST_AROUND = 120
OLDEST = 120
MOST_DAYS = 3660


def must_be_kept(reason: VisitReason) -> None:
    """Tidy a reason's words, and refuse what cannot be kept.

    Raises:
        BadInput.
    """
    reason.name = " ".join(reason.name.split())[:80]
    reason.instructions = reason.instructions.strip()[:2000]
    reason.papers = reason.papers.strip()[:1000]
    reason.afterwards = reason.afterwards.strip()[:2000]
    if not reason.name:
        raise BadInput("Donnez un nom à ce motif.")
    if reason.colour not in range(1, 9):
        raise BadInput("Choisissez une des huit couleurs.")
    if reason.kind not in VisitReason.Kind.values:
        raise BadInput("Choisissez la sorte de visite.")
    if reason.mode not in VisitReason.Mode.values:
        raise BadInput("Choisissez où la visite a lieu : au cabinet, à domicile, à distance.")
    _lengths(reason)
    _ages(reason)
    _delays(reason)


def in_range(minutes: int) -> None:
    """Refuse a visit too short or too long.

    Raises:
        BadInput.
    """
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise BadInput("Un motif dure de 5 minutes à 8 heures : corrigez la durée.")


def _lengths(reason: VisitReason) -> None:
    in_range(reason.minutes)
    if reason.first_minutes is not None:
        in_range(reason.first_minutes)
    around = (reason.more_minutes, reason.minutes_before, reason.minutes_after)
    if any(not 0 <= minutes <= MOST_AROUND for minutes in around):
        raise BadInput("Les minutes ajoutées, avant ou après vont de 0 à 120 : corrigez-les.")


def _ages(reason: VisitReason) -> None:
    youngest, oldest = reason.age_from, reason.age_to
    if any(age is not None and not 0 <= age <= OLDEST for age in (youngest, oldest)):
        raise BadInput("Un âge va de 0 à 120 ans : corrigez-le.")
    if youngest is not None and oldest is not None and oldest < youngest:
        raise BadInput("L’âge le plus haut est sous l’âge le plus bas : corrigez-les.")


def _delays(reason: VisitReason) -> None:
    days = (reason.patient_horizon_days, reason.again_after_days, reason.within_days)
    if any(one is not None and not 1 <= one <= MOST_DAYS for one in days):
        raise BadInput("Un délai va de 1 jour à dix ans : corrigez-le, ou laissez-le vide.")
    if not 0 <= reason.patient_notice_hours <= MOST_DAYS:
        raise BadInput("Le délai laissé aux patients se compte en heures, de 0 à 3660.")
