"""Invented sheets: one that goes with the messages, one that is handed over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import typst

from secretariat.agenda.actions.documents import add_document, allow_joining
from secretariat.agenda.models import VisitReason
from secretariat.demo.practices import House

PRINT = Path(__file__).resolve().parent / "print"
BEFORE = (
    "Venez dix minutes avant l’heure, le temps de l’accueil.",
    "Apportez votre carte Vitale, votre carte de mutuelle et une pièce d’identité.",
    "Apportez les papiers que l’on vous a demandés au téléphone.",
    "Un proche peut vous accompagner. L’entrée est accessible en fauteuil roulant.",
    "Vous ne pouvez pas venir ? Prévenez-nous : quelqu’un d’autre attend cette heure.",
)
SURGERY = (
    "Lavez-vous la veille au soir et le matin, avec un savon ordinaire.",
    "Ne mettez ni crème ni maquillage sur la peau ce jour-là.",
    "Prenez un repas léger, et portez des vêtements faciles à ôter.",
    "Dites-nous si vous prenez un médicament qui fluidifie le sang.",
    "Faites-vous raccompagner.",
)
SHEETS = (
    ("Première consultation", "Avant votre venue", BEFORE, True),
    ("Petite chirurgie", "Préparer votre intervention", SURGERY, False),
)
"""Reason, title, lines, and whether its author lets it leave with messages."""


def bring(house: House, at: datetime) -> None:
    """Sheets for the reasons of the house that have one."""
    by = next(staff for staff in house.staff.values() if staff.may("agenda.rules"))
    for name, title, lines, leaves in SHEETS:
        reason = VisitReason.objects.filter(practice_id=house.practice.pk, name=name).first()
        if reason is None:
            continue
        document = add_document(
            reason=reason, title=title, file_name=f"{title}.pdf",
            content=sheet(house.practice.name, title, lines), by=by, at=at,
        )  # fmt: skip
        if leaves:
            allow_joining(document=document, by=by, at=at)


def sheet(practice: str, title: str, lines: Sequence[str]) -> bytes:
    """A page with boxes to tick, as a PDF."""
    told = json.dumps({"practice": practice, "title": title, "lines": lines})
    drawn = typst.compile(
        PRINT / "before.typ", root=PRINT, ignore_system_fonts=True, sys_inputs={"told": told}
    )
    assert isinstance(drawn, bytes)  # noqa: S101 - one PDF, never a list of images
    return drawn
