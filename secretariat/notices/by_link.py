"""The door of patients: a signed link instead of a login; nothing of the desk is open to it.

Programs that look at every link of a message (mail filters, previews) follow it and may even run
scripts: a page behind this door changes nothing by GET (security.md 89).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.core.scope import scope
from secretariat.notices import links, queries
from secretariat.notices.models import Notice
from secretariat.outbox.models import Message
from secretariat.practice.actions import automatic_post
from secretariat.practice.models import Practice, Staff
from secretariat.practice.queries import automatic_post_to_be

POST_OF = "patient_link"
View = Callable[..., HttpResponse]


class Linked(HttpRequest):
    """A request that came by a link: what was said in its message, and the post that signs.

    `notices`: those that the message told or tells, in the order they were promised.
    """

    if TYPE_CHECKING:
        staff: Staff
        practice: Practice
        message: Message
        notices: list[Notice]


def by_link(purpose: str) -> Callable[[View], View]:
    """Let in whoever holds a link that we signed for `purpose`, while what it is about lasts.

    The view gets the request, then what follows the token in the address; its `staff` is the post
    of patients, its database scope the link's practice alone. A wrong, foreign or dead link gets
    one and the same page. A refusal is shown as a page, with its status.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
            claim = links.claimed(token)
            if claim is None or claim.purpose != purpose:
                return _dead(request)
            with scope([claim.practice_id]):
                linked = _enter(request, claim)
                if linked is None:
                    return _dead(request)
                try:
                    return view(linked, token, *args, **kwargs)
                except Refusal as no:
                    context = {"refusal": no, "back": f"/{purpose}/{token}/"}
                    return render(request, "notices/link_refused.html", context, status=no.status)

        guarded.purpose = purpose  # type: ignore[attr-defined]
        return guarded

    return wrap


def _enter(request: HttpRequest, claim: links.Claim) -> Linked | None:
    """What the link is about, or None when it is over."""
    at = clock.now()
    message, notices = queries.linked(claim.practice_id, claim.message_id)
    if message is None or not any(_lasts(notice, at) for notice in notices):
        return None
    linked = cast(Linked, request)
    linked.message, linked.notices = message, notices
    if request.method == "POST":
        linked.staff = automatic_post(practice_id=claim.practice_id, role_key=POST_OF, at=at)
    else:  # nothing is signed, and not even the post itself is written
        linked.staff = automatic_post_to_be(claim.practice_id, POST_OF)
    linked.practice = linked.staff.practice
    return linked


def _lasts(notice: Notice, at: Any) -> bool:
    over = notice.about_at or notice.needed_by
    return over is None or over > at


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "notices/link_dead.html", status=404)
