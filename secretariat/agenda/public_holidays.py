"""Public holidays of the French territories.

The days come from the `holidays` library. Only days that the law names are kept: eleven
everywhere (Code du travail L3133-1), the abolition of slavery overseas (L3422-2), Good
Friday and 26 December in Alsace-Moselle (L3134-13). Customary days of the Antilles
(Mi-Carême, Fête de Victor Schœlcher…) are a practice's own choice: an exception closes them.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

import holidays


class Region(NamedTuple):
    """A territory with its own list of public holidays."""

    label: str
    subdivision: str | None
    """Its code in the `holidays` library."""
    customs: frozenset[str] = frozenset()
    """Days of the library's list that custom keeps there, not law."""


_ANTILLES = frozenset({"Mi-Carême", "Vendredi saint", "Fête de Victor Schoelcher"})

REGIONS: Mapping[str, Region] = MappingProxyType(
    {
        "": Region("France métropolitaine", None),
        "Alsace-Moselle": Region("Alsace et Moselle", "57"),
        "GP": Region("Guadeloupe", "971", _ANTILLES),
        "MQ": Region("Martinique", "972", _ANTILLES),
        "GF": Region("Guyane", "973"),
        "RE": Region("La Réunion", "974"),
        "YT": Region("Mayotte", "976"),
        "BL": Region("Saint-Barthélemy", "BL", _ANTILLES),
        "MF": Region("Saint-Martin", "MF", _ANTILLES),
        "PM": Region("Saint-Pierre-et-Miquelon", "PM"),
        "WF": Region("Wallis-et-Futuna", "WF"),
        "PF": Region("Polynésie française", "PF"),
        "NC": Region("Nouvelle-Calédonie", "NC"),
    }
)
"""What `Site.region` may hold; overseas by ISO 3166 code."""


@lru_cache(maxsize=512)
def holidays_of(year: int, region: str = "") -> Mapping[date, str]:
    """Public holidays of a year: day → French name. KeyError for a region not in `REGIONS`."""
    place = REGIONS[region]
    listed = holidays.country_holidays(
        "FR", subdiv=place.subdivision, years=year, language="fr", expand=False
    )
    named = {
        day: " et ".join(name for name in listed.get_list(day) if name not in place.customs)
        for day in sorted(listed)
    }
    return MappingProxyType({day: name for day, name in named.items() if name})


def holiday_name(day: date, region: str = "") -> str | None:
    """The French name of the public holiday, or None on an ordinary day."""
    return holidays_of(day.year, region).get(day)
