"""What the practice's gateway tells: delivered, not delivered, « STOP ». No door: a signature.

The address holds a secret part, made from the site's key: without it nothing is read. The
gateway's own signature is checked on top of it, where it has one. A callback said twice, late, or
out of order changes nothing that it should not: see `actions/telling.py`.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from secretariat.core import clock
from secretariat.core.scope import scope
from secretariat.outbox import actions, queries, sender_queries, ways
from secretariat.outbox.channels.sms import Callback, Forged, Reply, Told
from secretariat.outbox.models import Message, SmsSender
from secretariat.outbox.sealing import Unreadable
from secretariat.outbox.signals import answered, stopped

LONGEST = 64 * 1024


@csrf_exempt  # signed by the gateway
@require_http_methods(["GET", "POST"])
def sms(request: HttpRequest, practice_id: int, key: str) -> HttpResponse:
    """A callback of the practice's gateway. GET is OVHcloud's way; it asks nothing of us twice."""
    if not hmac.compare_digest(ways.callback_key(practice_id).encode(), key.encode()):
        return _answer(403)
    if len(request.body) > LONGEST:
        return _answer(413)
    with scope([practice_id]):
        sender = sender_queries.sms_sender(practice_id)
        get = request.method == "GET"
        if sender is None or get != (sender.provider == SmsSender.Provider.OVH):
            return _answer(403)
        try:
            events = ways.gateway_of(sender).heard(_callback(request))
        except (Forged, Unreadable):
            return _answer(403)
        at = clock.now()
        known = [_hear(practice_id, event, at) for event in events]
    # Not ours, or not yet: a gateway that asks again will be heard.
    return _answer(200 if all(known) else 404)


def _callback(request: HttpRequest) -> Callback:
    return Callback(
        url=settings.BASE_URL.rstrip("/") + request.get_full_path(),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.body,
        query=request.GET.dict(),
    )


def _hear(practice_id: int, event: Told | Reply, at: datetime) -> bool:
    """Write what an event says; False when it is about a message that we do not know."""
    if isinstance(event, Reply):
        _pass_on(practice_id, event, at)
        return True
    message = _message(practice_id, event)
    if message is None:
        return event.delivered is None
    if event.delivered is True:
        actions.delivered(message=message, at=at, detail=event.detail)
    elif event.delivered is False:
        actions.undelivered(message=message, at=at, detail=event.detail)
    return True


def _pass_on(practice_id: int, reply: Reply, at: datetime) -> None:
    with transaction.atomic():
        if reply.is_stop:
            stopped.send(sms, practice_id=practice_id, address=reply.address, at=at)
        elif reply.text.strip():
            answered.send(
                sms, practice_id=practice_id, address=reply.address, text=reply.text,
                reference=reply.reference, at=at,
            )  # fmt: skip


def _message(practice_id: int, event: Told) -> Message | None:
    for said in filter(None, (event.stable_id, event.reference)):
        try:
            found = queries.by_stable_id(practice_id, UUID(said))
        except ValueError:
            found = queries.by_reference(practice_id, said)
        if found is not None:
            return found
    return None


def _answer(status: int) -> HttpResponse:
    return HttpResponse(status=status, content_type="text/plain; charset=utf-8")
