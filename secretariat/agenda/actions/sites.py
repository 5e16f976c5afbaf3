"""Sites as the agenda needs them: their holidays, and the way from one to another."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from django.db import transaction

from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import OpeningRule, Travel
from secretariat.agenda.public_holidays import REGIONS
from secretariat.agenda.school_holidays import ZONES
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice import actions as practice
from secretariat.practice.models import Site, Staff
from secretariat.privacy import daybook

LONGEST_MINUTES = 480


class ZoneNeeded(Refusal):
    """Opening rules speak of the school holidays of this site."""


@transaction.atomic
def settle_site(
    *, site: Site, by: Staff, at: datetime, **details: Unpack[practice.SiteDetails]
) -> Site:
    """Change a site, as long as its opening rules still mean something.

    Raises:
        ZoneNeeded, NotAllowed, BadInput.
    """
    must_rule(by)
    zone = details.get("school_zone", site.school_zone)
    if zone not in ("", *ZONES):
        raise BadInput("Choisissez la zone A, B ou C, ou aucune.")
    if details.get("region", site.region) not in REGIONS:
        raise BadInput("Choisissez la région de ce site.")
    if not zone:
        spoken = OpeningRule.objects.filter(agenda__site=site).exclude(school_holidays="")
        if count := spoken.count():
            raise ZoneNeeded(
                f"Des horaires de {site.name} dépendent des vacances scolaires ({count}) : "
                "arrêtez-les avant d’ôter la zone. Rien n’a été changé."
            )
    return practice.change_site(site=site, by=by, at=at, **details)


@transaction.atomic
def set_travel(*, site: Site, other: Site, minutes: int, by: Staff, at: datetime) -> None:
    """Say how long the way is between two sites, either way; 0: next door, nothing is kept.

    Raises:
        NotAllowed, BadInput.
    """
    must_rule(by)
    if site.pk == other.pk:
        raise BadInput("Un trajet va d’un site à un autre.")
    if not 0 <= minutes <= LONGEST_MINUTES:
        raise BadInput("Un trajet dure de 0 minute à 8 heures : corrigez sa durée.")
    older, newer = sorted((site, other), key=lambda one: one.pk)
    if minutes:
        Travel.objects.update_or_create(
            practice_id=by.practice_id, site=older, other=newer, defaults={"minutes": minutes}
        )
    else:
        Travel.objects.filter(site=older, other=newer).delete()
    daybook.note(
        practice_id=by.practice_id, by=by, at=at, verb="agenda.set_travel", subject=older,
        other=newer.pk, minutes=minutes,
    )  # fmt: skip
