"""Sites and the way between them, as the settings show them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from django.db.models import QuerySet

from secretariat.agenda.models import Agenda, Travel
from secretariat.practice.models import Site


@dataclass(frozen=True)
class Way:
    """Two sites, the minutes between them, and who goes from one to the other."""

    site: Site
    other: Site
    minutes: int
    who: list[str]


def sites_of(practice_id: int) -> QuerySet[Site]:
    """The sites of a practice, the first one first."""
    return Site.objects.filter(practice_id=practice_id).order_by("pk")


def ways(practice_id: int) -> list[Way]:
    """The ways between sites where one practitioner receives: two statements."""
    at: dict[int, list[Agenda]] = {}
    known = Agenda.objects.filter(practice_id=practice_id, active=True)
    for agenda in known.select_related("site", "practitioner").order_by("site_id"):
        at.setdefault(agenda.practitioner_id, []).append(agenda)
    who: dict[tuple[int, int], list[str]] = {}
    sites = {}
    for agendas in at.values():
        for one, other in combinations(agendas, 2):
            pair = one.site_id, other.site_id
            who.setdefault(pair, []).append(str(one.practitioner))
            sites[pair] = one.site, other.site
    minutes = {
        (travel.site_id, travel.other_id): travel.minutes
        for travel in Travel.objects.filter(practice_id=practice_id)
    }
    return [Way(*sites[pair], minutes.get(pair, 0), sorted(who[pair])) for pair in sorted(who)]
