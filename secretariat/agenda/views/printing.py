"""The day on paper, drawn by typst from data alone, without any network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from secretariat.agenda.queries.desk import Desk, agendas, chosen
from secretariat.agenda.queries.printing import sheets
from secretariat.agenda.refused_words import day_words
from secretariat.agenda.views.answers import day_asked
from secretariat.core import clock
from secretariat.practice.doors import Request, door

TEMPLATE = Path(__file__).resolve().parent.parent / "print" / "day.typ"
FORMATS = {"a4", "a5"}


@require_safe
@door("agenda.read")
def print_day(request: Request) -> HttpResponse:
    """A PDF, one page a practitioner; `format=a5` for the small one."""
    desk = Desk(agendas(request.practice.pk))
    now = clock.local(clock.now(), desk.zone)
    day = day_asked(request, now.date())
    paper = request.GET.get("format", "a4")
    columns = chosen(desk.agendas, request.GET.getlist("agenda"))
    words = f"{day_words(day)} {day.year}"
    pdf = drawn(
        {
            "format": paper if paper in FORMATS else "a4",
            "title": f"Agenda du {words}",
            "practice": request.practice.name,
            "date": words.capitalize(),
            "printed": f"Imprimé le {now:%d/%m/%Y à %H:%M} par {request.staff.display_name}",
            "sheets": sheets(columns, day, request.staff),
        }
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="agenda-{day.isoformat()}.pdf"'
    return response


def drawn(day: dict[str, Any]) -> bytes:
    """The PDF of plain data; what people typed stays text and is never read as a program."""
    found = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        ignore_system_fonts=True,
        sys_inputs={"day": json.dumps(day)},
    )
    assert isinstance(found, bytes)  # noqa: S101 - one PDF, never a list of images
    return found
