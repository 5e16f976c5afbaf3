"""Who receives, where, for what: small lists, read whole and narrowed here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from secretariat.agenda.models import Agenda, VisitReason
from secretariat.agenda.queries import desk as agenda_desk
from secretariat.interop.fhir import asking, paging, people, places, terms
from secretariat.interop.fhir.wire import Resource, Wrong
from secretariat.interop.queries.people import words
from secretariat.practice import queries as practice_queries
from secretariat.practice.models import Practice


@dataclass(frozen=True)
class Entry:
    """A resource and what it can be found by."""

    pk: int
    resource: Resource
    names: str = ""
    codes: Sequence[tuple[str, str]] = ()
    """Pairs (system, code): identifiers or service types."""
    near: frozenset[tuple[str, int]] = field(default_factory=frozenset)
    """References that lead to it: ("Practitioner", 12)."""
    active: bool = True


@dataclass(frozen=True)
class Kind:
    """A resource type: its entries in a practice, its criteria."""

    name: str
    entries: Callable[[Practice], list[Entry]]
    criteria: tuple[str, ...]


def one(kind: Kind, practice: Practice, pk: int | None) -> Resource | None:
    """The resource of that key; None for anyone else's."""
    found = (entry.resource for entry in kind.entries(practice) if entry.pk == pk)
    return next(found, None)


def search(kind: Kind, practice: Practice, asked: asking.Asked) -> paging.Page:
    """A page of those that meet every criterion, in the order of their keys."""
    wanted = [entry for entry in kind.entries(practice) if _meets(entry, asked)]
    wanted.sort(key=lambda entry: entry.pk)
    last = paging.after(asked, 1)
    rest = [entry for entry in wanted if last is None or entry.pk > last[0]]
    here = rest[: asked.count]
    follows = [here[-1].pk] if here and len(rest) > len(here) else None
    return paging.Page([entry.resource for entry in here], next=follows, total=len(wanted))


def _meets(entry: Entry, asked: asking.Asked) -> bool:
    if (ids := asked.tokens("_id")) and str(entry.pk) not in {one.code for one in ids}:
        return False
    if (said := asked.text("active")) and (said == "true") is not entry.active:
        return False
    if said := asked.text("name"):
        kept, typed = words(entry.names), words(said)
        if not typed or not all(any(one.startswith(word) for one in kept) for word in typed):
            return False
    for name in ("identifier", "service-type"):
        tokens = asked.tokens(name)
        if tokens and not any(
            t.means(code, system) for t in tokens for system, code in entry.codes
        ):
            return False
    return all(
        {(reference.kind, reference.key) for reference in asked.references(name, kind)} & entry.near
        for name, kind in _REFERENCES.items()
        if name in asked
    )


_REFERENCES = {
    "practitioner": "Practitioner", "location": "Location", "service": "HealthcareService",
    "actor": "",
}  # fmt: skip


def _practitioners(practice: Practice) -> list[Entry]:
    return [
        Entry(
            who.pk, people.practitioner(who), f"{who.family_name} {who.given_name}",
            [(terms.IDNPS, f"8{who.rpps}"), (terms.RPPS, who.rpps)] if who.rpps else (),
        )
        for who in practice_queries.practitioners(practice.pk)
    ]  # fmt: skip


def _locations(practice: Practice) -> list[Entry]:
    sites = practice_queries.sites(practice.pk)
    return [Entry(site.pk, places.location(site, practice), site.name) for site in sites]


def _roles(practice: Practice) -> list[Entry]:
    desk = agenda_desk.desk(practice.pk)
    offered = offers(desk)
    return [
        Entry(
            agenda.pk,
            people.role(agenda, practice, [reason.pk for reason, _ in offered[agenda.pk]]),
            agenda.name,
            near=actors(agenda)
            | {("HealthcareService", reason.pk) for reason, _ in offered[agenda.pk]},
            active=agenda.active,
        )
        for agenda in agenda_desk.agendas(practice.pk, every=True)
    ]


def _services(practice: Practice) -> list[Entry]:
    desk = agenda_desk.desk(practice.pk)
    where: dict[int, list[Agenda]] = defaultdict(list)
    by_pk = {agenda.pk: agenda for agenda in desk.agendas}
    for agenda_id, reason_id in desk.minutes:
        if agenda_id in by_pk:
            where[reason_id].append(by_pk[agenda_id])
    return [
        Entry(
            reason.pk,
            places.service(reason, practice, where[reason.pk]),
            reason.name,
            _codes([reason]),
            near=frozenset(("Location", agenda.site_id) for agenda in where[reason.pk]),
        )
        for reason in desk.reasons
    ]


def _schedules(practice: Practice) -> list[Entry]:
    desk = agenda_desk.desk(practice.pk)
    offered = offers(desk)
    return [
        Entry(
            agenda.pk,
            places.schedule(agenda, offered[agenda.pk]),
            agenda.name,
            _codes(reason for reason, _ in offered[agenda.pk]),
            near=actors(agenda),
            active=agenda.active,
        )
        for agenda in agenda_desk.agendas(practice.pk, every=True)
    ]


def offers(desk: agenda_desk.Desk) -> dict[int, list[tuple[VisitReason, int]]]:
    """By agenda, its reasons in the practice's order, with their minutes there."""
    found: dict[int, list[tuple[VisitReason, int]]] = defaultdict(list)
    for agenda_id in {agenda_id for agenda_id, _ in desk.minutes}:
        found[agenda_id] = [
            (reason, desk.minutes[agenda_id, reason.pk])
            for reason in desk.reasons
            if (agenda_id, reason.pk) in desk.minutes
        ]
    return found


def actors(agenda: Agenda) -> frozenset[tuple[str, int]]:
    """The references that an agenda answers to."""
    return frozenset(
        {
            ("PractitionerRole", agenda.pk),
            ("Practitioner", agenda.practitioner_id),
            ("Location", agenda.site_id),
        }
    )


def acting(agenda: Agenda, references: Iterable[asking.Reference]) -> bool:
    """Whether the agenda is that of one of these actors; a bare key is a practitioner's."""
    wanted = {(one.kind or "Practitioner", one.key) for one in references}
    return bool(wanted & actors(agenda))


def with_number(agenda: Agenda, tokens: Iterable[asking.Token]) -> bool:
    """Whether the practitioner of the agenda has one of these national numbers."""
    rpps = agenda.practitioner.rpps
    return bool(rpps) and any(
        token.means(f"8{rpps}", terms.IDNPS) or token.means(rpps, terms.RPPS, terms.IDNPS)
        for token in tokens
    )


def _codes(reasons: Iterable[VisitReason]) -> list[tuple[str, str]]:
    return [(terms.system(places.REASONS), str(reason.pk)) for reason in reasons]


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("Practitioner", _practitioners, ("_id", "identifier", "name")),
        Kind(
            "PractitionerRole",
            _roles,
            ("_id", "practitioner", "location", "service", "active"),
        ),
        Kind("HealthcareService", _services, ("_id", "name", "service-type", "location", "active")),
        Kind("Location", _locations, ("_id", "name")),
        Kind("Schedule", _schedules, ("_id", "actor", "service-type", "active")),
    )
}


def kind(name: str) -> Kind:
    """The kind of that name.

    Raises:
        Wrong: no such resource here.
    """
    if name not in KINDS:
        raise Wrong(f"« {name[:40]} » n’existe pas ici.", 404)
    return KINDS[name]
