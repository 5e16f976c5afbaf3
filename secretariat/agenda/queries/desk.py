"""What every agenda screen offers to choose from: agendas, reasons, lengths."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from secretariat.agenda.facts import AgendaFacts
from secretariat.agenda.lengths import more_minutes, practitioners_seen
from secretariat.agenda.models import Agenda, VisitReason
from secretariat.core.prepared import columns, fetch, row, width
from secretariat.patients.models import Patient
from secretariat.practice.models import Practitioner, Site, Staff

DEFAULT_ZONE = "Europe/Paris"


@dataclass(frozen=True)
class Desk:
    """The agendas and reasons of a practice, and the minutes of each reason in each agenda."""

    agendas: list[Agenda]
    reasons: list[VisitReason] = field(default_factory=list)
    minutes: dict[tuple[int, int], int] = field(default_factory=dict)
    """By (agenda, reason); a pair that is absent is not offered."""
    first_minutes: dict[tuple[int, int], int] = field(default_factory=dict)
    """The same for someone whom the practitioner never saw, where it differs."""

    @property
    def zone(self) -> str:
        """The time zone in which a day is shown: the first agenda's."""
        return self.agendas[0].site.time_zone if self.agendas else DEFAULT_ZONE

    def agenda(self, pk: int | str | None) -> Agenda | None:
        """The agenda of that key, if it is one of the practice's."""
        return next((one for one in self.agendas if str(one.pk) == str(pk)), None)

    def reason(self, pk: int | str | None) -> VisitReason | None:
        """The reason of that key, if it is one of the practice's."""
        return next((one for one in self.reasons if str(one.pk) == str(pk)), None)

    def lengths(self, reason: VisitReason) -> dict[int, int]:
        """Minutes of `reason` by agenda, where it is offered."""
        return {
            agenda: length for (agenda, one), length in self.minutes.items() if one == reason.pk
        }

    def lengths_for(
        self, reason: VisitReason, patient: Patient | None, met: Collection[int] = ()
    ) -> dict[int, int]:
        """The same for one patient: one statement more where a first visit lasts longer.

        Args:
            met: practitioners whom the patient will have seen by then.
        """
        lengths = self.lengths(reason)
        if patient is None:
            return lengths
        firsts = {pk: self.first_minutes.get((pk, reason.pk)) for pk in lengths}
        if any(firsts.values()):
            seen = practitioners_seen(patient) | set(met)
            for agenda in self.agendas:
                if (first := firsts.get(agenda.pk)) and agenda.practitioner_id not in seen:
                    lengths[agenda.pk] = first
        more = more_minutes(reason, patient)
        return {pk: minutes + more for pk, minutes in lengths.items()}

    def table(self) -> dict[str, dict[str, int]]:
        """Minutes by reason, then by agenda, for the page's script."""
        table: dict[str, dict[str, int]] = {}
        for (agenda, reason), length in self.minutes.items():
            table.setdefault(str(reason), {})[str(agenda)] = length
        return table


def agendas(practice_id: int, *, every: bool = False, wanted: Iterable[str] = ()) -> list[Agenda]:
    """The agendas of a practice in the order of their columns: one statement.

    Args:
        every: closed ones too.
        wanted: keys of the only ones to read; all when it names none.
    """
    sql = (
        f"SELECT {columns(Agenda, 'a')}, {columns(Site, 's')}, {columns(Practitioner, 'p')}"  # noqa: S608
        " FROM agenda_agenda a JOIN practice_site s ON s.id = a.site_id"
        " JOIN practice_practitioner p ON p.id = a.practitioner_id"
        " WHERE a.practice_id = %s AND (a.active OR %s)"
        " AND (%s::bigint[] IS NULL OR a.id = ANY(%s::bigint[])) ORDER BY a.position, a.name, a.id"
    )
    end = width(Agenda)
    end_site = end + width(Site)
    keys = _keys(wanted)
    found: list[Agenda] = []
    sites: dict[int, Site] = {}
    for values in fetch(sql, [practice_id, every, keys, keys]):
        agenda = row(Agenda, values[:end])
        agenda.site = sites.get(agenda.site_id) or row(Site, values[end:end_site])
        agenda.practitioner = row(Practitioner, values[end_site:])
        sites[agenda.site_id] = agenda.site
        found.append(agenda)
    return found


def desk(practice_id: int, wanted: Iterable[str] = ()) -> Desk:
    """What a booking form offers: two statements.

    Args:
        wanted: keys of the only agendas that matter; all when it names none.
    """
    sql = (
        f"SELECT {columns(VisitReason, 'r')}, ARRAY("  # noqa: S608
        " SELECT ARRAY[agenda_id, minutes, first_minutes] FROM agenda_offeredreason"
        " WHERE reason_id = r.id AND (%s::bigint[] IS NULL OR agenda_id = ANY(%s::bigint[])))"
        " FROM agenda_visitreason r WHERE r.practice_id = %s AND r.active"
        " ORDER BY r.position, r.name"
    )
    keys = _keys(wanted)
    found = Desk(agendas(practice_id, wanted=wanted))
    for *values, offers in fetch(sql, [keys, keys, practice_id]):
        reason = row(VisitReason, values)
        found.reasons.append(reason)
        for agenda, own, own_first in offers:
            found.minutes[agenda, reason.pk] = own or reason.minutes
            if first := own_first or reason.first_minutes:
                found.first_minutes[agenda, reason.pk] = first
    return found


def _keys(wanted: Iterable[str]) -> list[int] | None:
    return [int(key) for key in wanted if key.isdecimal() and len(key) < 19] or None


def kept_for(facts: Iterable[AgendaFacts]) -> dict[int, str]:
    """How the reasons are called for which a range without a name is kept: a statement at most."""
    rules = (rule for one in facts for rule in one.hours.rules if not rule.label)
    wanted = {pk for rule in rules for pk in rule.reasons}
    if not wanted:
        return {}
    sql = "SELECT id, name FROM agenda_visitreason WHERE id = ANY(%s::bigint[])"
    return dict(fetch(sql, [sorted(wanted)]))


def may_give(reason: VisitReason, staff: Staff) -> bool:
    """Whether that post may give this reason: some are kept by the practice's own desk."""
    return reason.bookable_by_remote or staff.role_key != "remote_secretary"


def chosen(found: Iterable[Agenda], wanted: Iterable[str]) -> list[Agenda]:
    """The agendas asked for by their keys; all of them when none of these is known."""
    agendas, keys = list(found), set(wanted)
    return [agenda for agenda in agendas if str(agenda.pk) in keys] or agendas
