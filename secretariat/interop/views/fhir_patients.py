"""/fhir/Patient: every file that is shown is written in the register of opened files."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse

from secretariat.core import clock
from secretariat.interop.bearing import Asked, bearer
from secretariat.interop.fhir import asking, paging, people, visits, wire
from secretariat.interop.queries import people as queries
from secretariat.patients.access import patient_for
from secretariat.patients.reaching import NumberRefused, strict_phone
from secretariat.privacy import register

CRITERIA = ("_id", "identifier", "name", "family", "given", "birthdate", "phone")
ZONE = "Europe/Paris"


@bearer(GET="patients.read")
def one(request: Asked, key: str) -> HttpResponse:
    """One file."""
    pk = asking.key(key)
    if pk is None:
        raise wire.absent("Patient", key)
    found = patient_for(request.staff, pk, at=clock.now(), screen=_screen(request))
    points = queries.points(request.practice.pk, [pk])
    tag = visits.entity_tag(found.version)
    return wire.answer(people.patient(found, points[pk], request.practice), ETag=tag)


@bearer(GET="patients.read")
def search(request: Asked) -> HttpResponse:
    """Files by number, name, birth date, telephone."""
    asked = asking.Asked(request.GET, CRITERIA)
    wish, practice, at = _wish(request, asked), request.practice, clock.now()
    found = queries.find(
        practice.pk, wish, paging.after(asked, 1), asked.count, clock.local_date(at, ZONE)
    )
    ids = [row.pk for row in found.rows]
    points = queries.points(practice.pk, ids)
    register.trace_all(staff=request.staff, patient_ids=ids, at=at, screen=_screen(request))
    page = paging.Page([people.patient(row, points[row.pk], practice) for row in found.rows])
    page.next, page.total = found.next, found.total
    if page.total is None and (asked.counted or asked.count == 0):
        page.total = queries.count(practice.pk, wish)
    if page.total is None and page.next is None and not asked.text("_cursor"):
        page.total = len(ids)
    if found.cut:
        page.notes.append(wire.note("Trop de patients portent ce nom : ajoutez une naissance."))
    return wire.answer(paging.bundle(request, page))


def _wish(request: Asked, asked: asking.Asked) -> queries.Wish:
    wish = queries.Wish(file_system=people.file_system(request.practice))
    if ids := asked.tokens("_id"):
        wish.ids = [key for one in ids if (key := asking.key(one.code))]
    if numbers := asked.tokens("identifier"):
        wish.file_numbers = numbers
    if "birthdate" in asked:
        wish.born = _born(asked)
    if phone := asked.text("phone"):
        wish.phones = [_phone(phone)]
    names = [asked.text(name) for name in ("name", "family", "given")]
    wish.words = queries.words(" ".join(names))[:6]
    if any(names) and not wish.words:
        raise wire.Wrong("Un nom s’écrit avec des lettres.")
    return wish


def _born(asked: asking.Asked) -> tuple:  # type: ignore[type-arg]
    window = asked.window("birthdate", "UTC")
    if window.since is None or window.until is None:
        raise wire.Wrong("« birthdate » est un jour, un mois ou une année : 1985-03-12.")
    return window.since.date(), max(window.until.date(), window.since.date() + timedelta(days=1))


def _phone(said: str) -> str:
    # A + that was not escaped arrives as a space.
    typed = f"+{said}" if said.startswith("33") else said
    try:
        return strict_phone(typed)
    except NumberRefused as refusal:
        raise wire.Wrong(refusal.sentence) from refusal


def _screen(request: Asked) -> str:
    return f"Autre logiciel : {request.token.name}"
