"""« Courriers à poster »: print, fold, post, and say so."""

from __future__ import annotations

import phonenumbers
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from secretariat.core import clock
from secretariat.core.day_names import MONTHS
from secretariat.core.refusal import Refusal
from secretariat.outbox import letter_queries as queries
from secretariat.outbox.actions import letters as actions
from secretariat.outbox.channels import letter as paper
from secretariat.outbox.joined import contents, of
from secretariat.outbox.models import LetterBatch
from secretariat.outbox.sender_queries import PARIS
from secretariat.practice.doors import Request, door


@require_safe
@door("notices.work")
def letters(request: Request) -> HttpResponse:
    """What waits to be printed, what is printed and not posted, what was posted."""
    context = {"tray": queries.tray(request.practice.pk)}
    return render(request, "outbox/letters.html", context)


@require_POST
@door("notices.work")
def print_letters(request: Request) -> HttpResponse:
    """Take the letters that wait in a batch."""
    try:
        batch = actions.print_letters(
            practice_id=request.practice.pk, by=request.staff, at=clock.now()
        )
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("outbox:letters")
    count = len(queries.letters(batch))
    messages.success(request, f"{count} à imprimer : ouvrez le PDF, puis dites quand c’est posté.")
    return redirect("outbox:letters")


@require_POST
@door("notices.work")
def post(request: Request, pk: int) -> HttpResponse:
    """The batch was posted."""
    batch = _batch(request, pk)
    try:
        count = actions.post_letters(batch=batch, by=request.staff, at=clock.now())
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, f"Postés : {count}. Ces patients sont notés comme prévenus.")
    return redirect("outbox:letters")


@require_POST
@door("notices.work")
def put_back(request: Request, pk: int) -> HttpResponse:
    """The batch is not posted after all."""
    batch = _batch(request, pk)
    try:
        actions.put_back_letters(batch=batch, by=request.staff, at=clock.now())
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, "Ces courriers attendent de nouveau d’être imprimés.")
    return redirect("outbox:letters")


@require_safe
@door("notices.work")
def sheets(request: Request, pk: int) -> HttpResponse:
    """The PDF of the letters."""
    batch = _batch(request, pk)
    site = queries.sender(request.practice.pk)
    day = clock.local_date(batch.printed_at, site.time_zone if site else PARIS)
    date = f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"
    town = site.town if site else ""
    place = f"{site.postcode} {town}".strip() if site else ""
    head = paper.Head(
        practice=site.name_said if site and site.public_name else request.practice.name,
        lines=[line for line in (site.address, place, _phone(site.phone)) if line] if site else [],
        dated=f"{town}, le {date}" if town else f"Le {date}",
    )
    return _pdf(paper.letters(head, _papers(batch)), f"courriers-{day.isoformat()}-{pk}")


@require_safe
@door("notices.work")
def labels(request: Request, pk: int) -> HttpResponse:
    """The PDF of the labels, in the order of the letters."""
    letters = queries.letters(_batch(request, pk))
    papers = [paper.Paper(one.address.splitlines(), "", "") for one in letters]
    return _pdf(paper.labels(papers), f"etiquettes-{pk}")


def _batch(request: Request, pk: int) -> LetterBatch:
    batch = queries.batch(request.practice.pk, pk)
    if batch is None:
        raise Http404
    return batch


def _phone(number: str) -> str:
    try:
        read = phonenumbers.parse(number, "FR")
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.NATIONAL))


def _papers(batch: LetterBatch) -> list[paper.Paper]:
    letters = queries.letters(batch)
    found = contents([file for one in letters for file in of(one.message)], "letter")
    return [
        paper.Paper(
            one.address.splitlines(), one.message.subject, one.message.body,
            [found[file.reference] for file in of(one.message) if file.reference in found],
        )
        for one in letters
    ]  # fmt: skip


def _pdf(drawn: bytes, name: str) -> HttpResponse:
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
