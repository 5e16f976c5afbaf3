"""/ical: an agenda for the calendars that follow it. The address itself is the key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from secretariat.core import clock, scope
from secretariat.core.refusal import Refusal
from secretariat.interop.actions import tokens
from secretariat.interop.bearing import count_failure
from secretariat.interop.ical import writing
from secretariat.interop.models import Feed
from secretariat.interop.queries import feeds

Written = Callable[[Feed, datetime], str]


@require_safe
def events(request: HttpRequest, secret: str) -> HttpResponse:
    """The agenda as events."""
    return _answer(request, secret, _events)


@require_safe
def free_busy(request: HttpRequest, secret: str) -> HttpResponse:
    """When the agenda is taken, and nothing else."""
    return _answer(request, secret, _free_busy)


def _answer(request: HttpRequest, secret: str, written: Written) -> HttpResponse:
    at = clock.now()
    try:
        feed = feeds.presented(secret)
        if feed is None:
            count_failure(request)
            return _plain("Cette adresse ne montre rien.", 404)
        tokens.used(key=feed, at=at)
        body = written(feed, at)
    except Refusal as refusal:
        return _plain(refusal.sentence, refusal.status)
    finally:
        scope.close()
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    known = {one.strip().removeprefix("W/") for one in _said(request).split(",")}
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    if known & {tag, "*"}:
        response = HttpResponse(status=304)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _events(feed: Feed, at: datetime) -> str:
    agenda = feed.agenda
    since, until = feeds.window(agenda, clock.local_date(at, agenda.site.time_zone))
    taken = feeds.taken(feed, since, until)
    return writing.events(f"{agenda.name}, {agenda.site.name}", agenda.site.time_zone, taken)


def _free_busy(feed: Feed, at: datetime) -> str:
    since, until = feeds.window(feed.agenda, clock.local_date(at, feed.agenda.site.time_zone))
    uid = f"agenda-{feed.agenda_id}@{feed.agenda.practice.slug}.secretariat"
    # Stamped with the first moment shown: the same answer has the same tag all day.
    return writing.free_busy(uid, since, until, feeds.taken(feed, since, until), since)


def _said(request: HttpRequest) -> str:
    return request.headers.get("If-None-Match", "")


def _plain(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
