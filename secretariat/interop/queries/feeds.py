"""Agendas that other calendars follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from secretariat.agenda import loading
from secretariat.agenda.local_time import day_bounds, moment_of
from secretariat.agenda.locums import absences_in_force
from secretariat.agenda.models import Absence, Agenda, Appointment, Replacement
from secretariat.core import scope
from secretariat.core.clock import local
from secretariat.interop import secret_keys
from secretariat.interop.ical.writing import Busy
from secretariat.interop.models import Feed
from secretariat.interop.queries import places
from secretariat.patients.naming import initials

BEHIND, AHEAD = 30, 180
"""Days that a feed shows before and after today."""
TAKEN, AWAY = "Occupé", "Absence"
_LONGEST = timedelta(days=1)


@dataclass(frozen=True)
class Followed:
    """An agenda and the address that shows it, if there is one."""

    agenda: Agenda
    feed: Feed | None


def presented(secret: str) -> Feed | None:
    """The feed of that address, its agenda loaded; leaves the scope open on its practice.

    None for an address that is unknown, withdrawn, or whose agenda is closed.
    """
    digest = secret_keys.digest(secret)
    with secret_keys.keyhole(digest):
        found = Feed.objects.filter(digest=digest, revoked_at__isnull=True).first()
    if found is None:
        return None
    scope.apply([found.practice_id])
    found.agenda = Agenda.objects.select_related("site", "practice").get(pk=found.agenda_id)
    return found if found.agenda.active else None


def followed(practice_id: int) -> list[Followed]:
    """Every agenda in use, in the order of the columns, with its present address."""
    rows = Feed.objects.filter(practice_id=practice_id, revoked_at__isnull=True)
    feeds = {feed.agenda_id: feed for feed in rows.select_related("created_by")}
    return [Followed(one, feeds.get(one.pk)) for one in places.agendas(practice_id)]


def feed(practice_id: int, pk: int) -> Feed | None:
    """One address of the practice; None for anyone else's."""
    return Feed.objects.filter(practice_id=practice_id, pk=pk).select_related("agenda").first()


def window(agenda: Agenda, today: date) -> tuple[datetime, datetime]:
    """The days that a feed shows, from midnight to midnight of the site."""
    zone = agenda.site.time_zone
    since, _ = day_bounds(today - timedelta(days=BEHIND), zone)
    _, until = day_bounds(today + timedelta(days=AHEAD), zone)
    return moment_of(since), moment_of(until)


def taken(found: Feed, since: datetime, until: datetime) -> list[Busy]:
    """What takes time in the agenda, in order: never why, a name's initials at the most."""
    both = [*_visits(found, since, until), *_absences(found, since, until)]
    return sorted(both, key=lambda one: (one.starts_at, one.uid))


def _visits(found: Feed, since: datetime, until: datetime) -> Iterator[Busy]:
    rows = Appointment.objects.filter(
        practice_id=found.practice_id, agenda_id=found.agenda_id, cancelled_at__isnull=True,
        starts_at__gte=since - _LONGEST, starts_at__lt=until, ends_at__gt=since,
    )  # fmt: skip
    named = found.shows == Feed.Shows.INITIALS
    names = (
        "patient__used_given_name", "patient__first_given_name",
        "patient__used_name", "patient__birth_name",
    )  # fmt: skip
    columns = ("pk", "starts_at", "ends_at", "created_at", "version", *(names if named else ()))
    for pk, start, end, written, version, *said in rows.values_list(*columns):
        summary = TAKEN
        if said and said[3]:
            summary = initials([said[0] or said[1], said[2] or said[3]])
        yield Busy(start, end, summary, f"rdv-{pk}@{_domain(found)}", written, version - 1)


def _absences(found: Feed, since: datetime, until: datetime) -> Iterator[Busy]:
    """The holder's outside the days of a locum, the locum's inside them; and who stands in."""
    days = round((until - since) / timedelta(days=1))  # one may have 23 hours
    first = local(since, found.agenda.site.time_zone).date()
    [known] = loading.facts([found.agenda], first, days, visits=False)
    inside = {"practice_id": found.practice_id, "agenda_id": found.agenda_id}
    written = dict(Absence.objects.filter(**inside).values_list("pk", "created_at"))
    pieces: Counter[int] = Counter()
    for one in absences_in_force(known):
        pieces[one.id] += 1
        name = f"absence-{one.id}" + f"-{pieces[one.id]}" * (pieces[one.id] > 1)
        start, end = moment_of(one.start), moment_of(one.end)
        yield Busy(start, end, AWAY, f"{name}@{_domain(found)}", written[one.id], away=True)
    noted = dict(Replacement.objects.filter(**inside).values_list("pk", "created_at"))
    for locum in known.locums:
        start, end = (moment_of(edge) for edge in locum.span(found.agenda.site.time_zone))
        uid = f"remplacement-{locum.id}@{_domain(found)}"
        yield Busy(start, end, f"Remplacement : {locum.name}", uid, noted[locum.id], takes=False)


def _domain(found: Feed) -> str:
    return f"{found.agenda.practice.slug}.secretariat"
