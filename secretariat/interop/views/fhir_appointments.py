"""/fhir/Appointment: found, given, moved, cancelled, by the agenda's own rules."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import HttpResponse

from secretariat.agenda.models import Appointment
from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.interop.actions import appointments as actions
from secretariat.interop.bearing import Asked, bearer
from secretariat.interop.fhir import (
    asking,
    including,
    ordering,
    paging,
    patching,
    resolving,
    terms,
    visits,
    wire,
)
from secretariat.interop.fhir.places import REASONS
from secretariat.interop.queries import appointments as queries
from secretariat.interop.queries import directory as numbers

CRITERIA = (
    "_id", "identifier", "status", "date", "created", "patient", "actor", "practitioner",
    "location", "service-type", "_include",
)  # fmt: skip
KINDS = ("application/fhir+json", "application/json")
ZONE = "Europe/Paris"


@bearer(GET="agenda.read", POST="agenda.book", PUT="agenda.book")
def appointments(request: Asked) -> HttpResponse:
    """Search, create, conditional update (GAP flows 4b, 6a, 6b)."""
    if request.method == "POST":
        return _create(request)
    return _put_by_name(request) if request.method == "PUT" else _search(request)


@bearer(GET="agenda.read", PUT="agenda.book", PATCH="agenda.book")
def appointment(request: Asked, key: str) -> HttpResponse:
    """One appointment: read, put, patched."""
    visit = queries.one(request.practice.pk, asking.key(key))
    if visit is None:
        raise wire.absent("Appointment", key)
    if request.method == "PUT":
        return _put(request, visit, wire.sent(request, KINDS))
    if request.method == "PATCH":
        kinds = (patching.JSON_PATCH, patching.MERGE_PATCH)
        sent = wire.sent(request, kinds)
        _must_match(request, visit)
        now = _resource(request, visit)
        return _put(request, visit, patching.patched(now, sent, request.content_type or ""))
    return _shown(request, visit)


def _search(request: Asked) -> HttpResponse:
    asked = asking.Asked(request.GET, CRITERIA)
    wish, most = _wish(request, asked), asked.count
    after = paging.after(asked, 2)
    found, more = queries.find(request.practice.pk, wish, after, most)
    named = request.staff.may("patients.read")
    page = paging.Page(
        [visits.appointment(one.visit, one.status, one.names, named=named) for one in found]
    )
    page.included = including.included(request, asked, "Appointment", page.found)
    if more and found:
        last = found[-1].visit
        page.next = [visits.microseconds(last.starts_at), last.pk]
    if asked.counted or most == 0:
        page.total = queries.count(request.practice.pk, wish)
    elif not more and after is None:
        page.total = len(found)
    return wire.answer(paging.bundle(request, page))


def _wish(request: Asked, asked: asking.Asked) -> queries.Wish:
    wish = queries.Wish(
        starts=asked.window("date", ZONE),
        created=asked.window("created", ZONE),
        ours=terms.system("rendez-vous"),
    )
    if ids := asked.tokens("_id"):
        wish.ids = [key for one in ids if (key := asking.key(one.code))]
    if statuses := asked.tokens("status"):
        wish.statuses = [one.code for one in statuses]
    if names := asked.tokens("identifier"):
        wish.names = names
    if services := asked.tokens("service-type"):
        wish.reasons = [
            key
            for one in services
            if one.system in {None, terms.system(REASONS)} and (key := asking.key(one.code))
        ]
    for name, kind in _ACTORS:
        _by_actor(wish, asked.references(name, kind))
    for name in ("actor", "practitioner"):
        if chained := asked.chained(name):
            wish.practitioners = numbers.with_number(request.practice.pk, chained)
    return wish


_ACTORS = (
    ("patient", "Patient"), ("practitioner", "Practitioner"), ("location", "Location"),
    ("actor", ""),
)  # fmt: skip
_COLUMNS = {
    "Patient": "patients", "Practitioner": "practitioners", "PractitionerRole": "agendas",
    "Location": "sites", "HealthcareService": "reasons",
}  # fmt: skip


def _by_actor(wish: queries.Wish, references: list[asking.Reference]) -> None:
    kinds = {one.kind for one in references}
    if len(kinds) > 1 or not kinds <= _COLUMNS.keys():
        said = ", ".join(_COLUMNS)
        raise wire.Wrong(f"« actor » attend des références d’un même genre : {said}.")
    for kind in kinds:
        column, wanted = _COLUMNS[kind], [one.key for one in references]
        before = getattr(wish, column)
        setattr(wish, column, wanted if before is None else [k for k in before if k in wanted])


def _create(request: Asked) -> HttpResponse:
    order = ordering.read(wire.sent(request, KINDS), ZONE)
    if order.status not in ordering.BOOKED:
        raise wire.Wrong("Un rendez-vous se crée « booked » : il est donné, ou refusé.", 422)
    unless = request.headers.get("If-None-Exist")
    return _give(request, order, _only_name(unless) if unless else None)


def _give(request: Asked, order: ordering.Order, unless: tuple[str, str] | None) -> HttpResponse:
    booking = resolving.booking(order, request.staff)
    found = actions.book(
        booking=booking, unless=unless, token=request.token, by=request.staff, at=clock.now()
    )
    if isinstance(found, int):
        visit = queries.one(request.practice.pk, found)
        if visit is None:
            raise wire.Wrong("Cet identifiant désigne un temps bloqué, sans patient.", 409)
        return _shown(request, visit, 200)
    names = list(dict.fromkeys([*([unless] if unless else []), *order.names]))
    named = request.staff.may("patients.read")
    made = visits.appointment(found, "booked", names, named=named)
    return _answer(request, made, found, 201)


def _put_by_name(request: Asked) -> HttpResponse:
    """Flow 6b: the appointment that another program calls so, or a new one."""
    name = _only_name(request.META.get("QUERY_STRING", ""))
    sent = wire.sent(request, KINDS)
    key = queries.named(request.practice.pk, *name)
    visit = queries.one(request.practice.pk, key)
    if visit is not None:
        return _put(request, visit, sent)
    order = ordering.read(sent, ZONE)
    if order.status not in ordering.BOOKED:
        raise wire.Wrong("Aucun rendez-vous ne porte cet identifiant : rien à annuler.", 404)
    return _give(request, order, name)


def _put(request: Asked, visit: Appointment, sent: object) -> HttpResponse:
    order = ordering.read(sent, ZONE)
    _same_id(sent, visit)
    version = _must_match(request, visit)
    by, at, token = request.staff, clock.now(), request.token
    if visit.cancelled_at is not None:
        if order.status in ordering.CANCELLED:
            return _shown(request, visit)
        raise wire.Wrong("Ce rendez-vous est annulé : donnez-en un autre.", 409)
    try:
        if order.status in ordering.CANCELLED:
            actions.cancel(
                appointment=visit, version=version, wanted_by=order.wanted_by, why=order.why,
                token=token, by=by, at=at,
            )  # fmt: skip
        else:
            change = resolving.change(order, visit, by)
            if _differs(change, visit, queries.seen(by.practice_id, [visit])[0].names):
                actions.change(
                    appointment=visit, version=version, change=change, token=token, by=by, at=at
                )
    except Refusal as refusal:
        raise _mismatch(request, refusal) from refusal
    after = queries.one(request.practice.pk, visit.pk)
    return _shown(request, after or visit)


def _differs(change: actions.Change, visit: Appointment, names: list[tuple[str, str]]) -> bool:
    kept = (visit.agenda_id, visit.starts_at, visits.minutes(visit))
    return (
        kept != (change.to.pk, change.starts_at, change.minutes)
        or change.note not in {None, visit.note}
        or not set(change.names) <= set(names)
    )


def _must_match(request: Asked, visit: Appointment) -> int:
    """The version that the program saw (If-Match), else the present one."""
    said = request.headers.get("If-Match", "").strip()
    if said not in {"", "*", visits.entity_tag(visit.version)}:
        raise wire.Wrong(
            "Ce rendez-vous a changé depuis que vous l’avez lu : relisez-le. Rien n’a été écrit.",
            412,
        )
    return visit.version


def _mismatch(request: Asked, refusal: Refusal) -> Refusal:
    """Someone was quicker between our reading and our writing."""
    if type(refusal).__name__ == "ChangedMeanwhile" and request.headers.get("If-Match"):
        return wire.Wrong(refusal.sentence, 412)
    return refusal


def _same_id(sent: object, visit: Appointment) -> None:
    said = sent.get("id") if isinstance(sent, dict) else None
    if said is not None and said != str(visit.pk):
        raise wire.Wrong("« id » n’est pas celui de l’adresse.", 400)


def _only_name(query: str) -> tuple[str, str]:
    """The identifier of If-None-Exist, or of a conditional update."""
    params = parse_qsl(query.strip().lstrip("?"), keep_blank_values=True)
    if len(params) != 1 or params[0][0] != "identifier" or "\x00" in params[0][1]:
        raise wire.Wrong("Ici un rendez-vous se désigne par identifier=système|valeur seulement.")
    return ordering.identifier(params[0][1])


def _shown(request: Asked, visit: Appointment, status: int = 200) -> HttpResponse:
    return _answer(request, _resource(request, visit), visit, status)


def _resource(request: Asked, visit: Appointment) -> wire.Resource:
    [seen] = queries.seen(request.practice.pk, [visit])
    named = request.staff.may("patients.read")
    return visits.appointment(seen.visit, seen.status, seen.names, named=named)


def _answer(
    request: Asked, resource: wire.Resource, visit: Appointment, status: int
) -> HttpResponse:
    address = f"{paging.root(request)}/Appointment/{visit.pk}"
    tag = visits.entity_tag(visit.version)
    if status == 201 or request.method in {"POST", "PUT"}:
        return wire.answer(resource, status, ETag=tag, Location=address)
    return wire.answer(resource, status, ETag=tag)
