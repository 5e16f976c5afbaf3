"""/fhir/Slot: free times, computed when asked, stored nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from django.http import HttpResponse

from secretariat.agenda.local_time import minute_of, moment_of
from secretariat.agenda.queries import desk as agenda_desk
from secretariat.core import clock
from secretariat.interop.bearing import Asked, bearer
from secretariat.interop.fhir import (
    asking,
    directory,
    engine,
    including,
    paging,
    terms,
    visits,
    wire,
)
from secretariat.interop.fhir.places import REASONS

CRITERIA = ("status", "start", "schedule", "schedule.actor", "service-type", "_id", "_include")
ACTORS = ("", "Practitioner", "PractitionerRole", "Location")
USUAL_DAYS, MOST_DAYS = 30, 366


@bearer(GET="agenda.read")
def search(request: Asked) -> HttpResponse:
    """Free times, soonest first.

    When no reason is named, for the first of each agenda that takes no room: whatever the number
    of agendas, the same statements.
    """
    asked, at = asking.Asked(request.GET, CRITERIA), clock.now()
    if "_id" in asked:
        return _by_key(request, asked, at)
    wanted = _wanted(asked, agenda_desk.desk(request.practice.pk), request)
    statuses = {token.code for token in asked.tokens("status")}
    if not wanted or (statuses and "free" not in statuses):
        return wire.answer(paging.bundle(request, paging.Page(total=0)))
    zone = wanted[0].agenda.site.time_zone
    since, until = _bounds(asked, zone, at)
    last = paging.after(asked, 2)
    if last is not None:
        since = max(since, moment_of(min(max(last[0], 0), 200_000_000)))
    zones = {one.agenda.site.time_zone for one in wanted}
    first_day = min(clock.local_date(since, one) for one in zones)
    days = (max(clock.local_date(until, one) for one in zones) - first_day).days + 1
    end = minute_of(until, up=True)
    found = (
        engine.free_slots(wanted, first_day, days, since, by=request.staff, at=at)
        if since < until
        else iter(())
    )
    seen = tuple(last) if last is not None else (-1, -1)
    rest = ((minute, place) for minute, place in found if (minute, place) > seen and minute < end)
    here = list(islice(rest, asked.count + 1))
    shown = here[: asked.count]
    page = paging.Page([_slot(wanted[place], minute) for minute, place in shown])
    page.included = including.included(request, asked, "Slot", page.found)
    page.next = shown[-1] if shown and len(here) > len(shown) else None
    if asked.counted or asked.count == 0:
        page.total = len(here) + sum(1 for _ in rest) + (0 if last is None else len(shown))
    elif page.next is None and last is None:
        page.total = len(shown)
    return wire.answer(paging.bundle(request, page))


@bearer(GET="agenda.read")
def one(request: Asked, key: str) -> HttpResponse:
    """One free time, as long as it is free."""
    found = _still_free(request, key, clock.now())
    if found is None:
        raise wire.absent("Slot", key)
    return wire.answer(found)


def _by_key(request: Asked, asked: asking.Asked, at: datetime) -> HttpResponse:
    keys = [token.code for token in asked.tokens("_id")][:10]
    found = [slot for key in keys if (slot := _still_free(request, key, at))]
    return wire.answer(paging.bundle(request, paging.Page(found, total=len(found))))


def _still_free(request: Asked, said: str, at: datetime) -> wire.Resource | None:
    key = visits.SlotKey.read(said)
    if key is None:
        return None
    desk = agenda_desk.desk(request.practice.pk)
    agenda, reason = desk.agenda(key.agenda), desk.reason(key.reason)
    minutes = desk.minutes.get((key.agenda, key.reason))
    if agenda is None or reason is None or minutes is None:
        return None
    takes = reason.pk in engine.taking(request.practice.pk)
    wanted = engine.Wanted(agenda, reason, minutes, takes)
    if not engine.is_free(wanted, key.minute, moment_of(key.minute), request.staff, at):
        return None
    return _slot(wanted, key.minute)


def _slot(wanted: engine.Wanted, minute: int) -> wire.Resource:
    key = visits.SlotKey(wanted.agenda.pk, wanted.reason.pk, minute)
    return visits.slot(key, wanted.agenda, wanted.reason, wanted.minutes)


def _wanted(asked: asking.Asked, desk: agenda_desk.Desk, request: Asked) -> list[engine.Wanted]:
    """In each agenda asked for, the first reason asked for that it offers and the post may give."""
    tokens = asked.tokens("service-type")
    schedules = {reference.key for reference in asked.references("schedule", "Schedule")}
    actors, numbers = asked.references("schedule.actor"), asked.chained("schedule.actor")
    if any(actor.kind not in ACTORS for actor in actors):
        raise wire.Wrong(f"« schedule.actor » est l’un de : {', '.join(ACTORS[1:])}.")
    offered, taking = directory.offers(desk), engine.taking(request.practice.pk)
    found = []
    for agenda in desk.agendas:
        if schedules and agenda.pk not in schedules:
            continue
        if actors and not directory.acting(agenda, actors):
            continue
        if numbers and not directory.with_number(agenda, numbers):
            continue
        for reason, minutes in offered[agenda.pk]:
            takes = reason.pk in taking
            asked_for = any(
                token.means(str(reason.pk), terms.system(REASONS)) for token in tokens
            ) or not (tokens or takes)
            if asked_for and agenda_desk.may_give(reason, request.staff):
                found.append(engine.Wanted(agenda, reason, minutes, takes))
                break
    return found


def _bounds(asked: asking.Asked, zone: str, at: datetime) -> tuple[datetime, datetime]:
    """From now or later; thirty days unless said otherwise."""
    window = asked.window("start", zone)
    since = max(window.since or at, at)
    until = window.until or since + timedelta(days=USUAL_DAYS)
    if until > since + timedelta(days=MOST_DAYS):
        raise wire.Wrong(f"Cherchez sur {MOST_DAYS} jours au plus : resserrez « start ».")
    return since, until
