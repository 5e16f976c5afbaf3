"""How this room finds what is asked and answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from secretariat.core import clock
from secretariat.core.idempotency import once
from secretariat.core.refusal import BadInput
from secretariat.interop.forms import Sent
from secretariat.interop.models import ImportFile, ImportLine
from secretariat.interop.queries import decisions, files
from secretariat.interop.queries.places import zone_of
from secretariat.practice.doors import Request


def file_of(request: Request, pk: int) -> ImportFile:
    """The file asked, of the practice in view.

    Raises:
        Http404: absent, or another practice's.
    """
    found = files.file_for(request.practice.pk, pk)
    if found is None:
        raise Http404
    return found


def line_of(request: Request, pk: int) -> ImportLine:
    """The line asked, of the practice in view.

    Raises:
        Http404: absent, or another practice's.
    """
    found = decisions.line_for(request.practice.pk, pk)
    if found is None:
        raise Http404
    return found


def today(request: Request) -> date:
    """The practice's date."""
    return clock.local_date(clock.now(), zone_of(request.practice.pk))


def sent_once(request: Request, work: Callable[[], Any], form: Sent | None = None) -> None:
    """Do `work` unless this form was already sent.

    Raises:
        BadInput: the form has no token.
    """
    asked = form or Sent(request.POST)
    if not asked.is_valid():
        raise BadInput("Ce formulaire est incomplet : rechargez la page.")
    once(
        token=asked.token, user_id=request.staff.user_id, at=clock.now(),
        work=lambda: str(work() or "")[:200],
    )  # fmt: skip


def page(
    request: Request, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A screen on the practice's clock; `token` is for its small forms."""
    with timezone.override(zone_of(request.practice.pk)):
        return render(request, template, {"token": uuid4(), **context}, status=status)
