"""What waits for a person: likely duplicates, visits without a sure patient."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, QuerySet
from django.db.models.fields.json import KT

from secretariat.agenda.models import Appointment
from secretariat.core.prepared import fetch
from secretariat.interop import held
from secretariat.interop.models import ImportFile, ImportLine
from secretariat.patients import matching, search
from secretariat.patients.models import Patient
from secretariat.patients.queries.rows import Row, rows
from secretariat.practice.models import Staff

EACH_PAGE = 25
MOST_CANDIDATES = 5


def waiting(practice_id: int) -> QuerySet[ImportLine]:
    """Questions that nobody has answered, of files that are in."""
    return ImportLine.objects.filter(
        practice_id=practice_id,
        decided_at__isnull=True,
        kind__in=[ImportLine.Kind.DUPLICATE, ImportLine.Kind.UNMATCHED],
        file__state=ImportFile.State.DONE,
    )


# The rail of every page asks.
_COUNTS = """
SELECT line.kind, count(*)
  FROM interop_importline line JOIN interop_importfile file ON file.id = line.file_id
 WHERE line.practice_id = %s AND line.decided_at IS NULL
   AND line.kind IN ('duplicate', 'unmatched') AND file.state = %s
 GROUP BY line.kind
"""


def counts(practice_id: int) -> dict[str, int]:
    """How many likely duplicates, and how many visits to recognise, wait."""
    kinds = ImportLine.Kind
    found = fetch(_COUNTS, [practice_id, ImportFile.State.DONE.value])
    counted: dict[str, int] = dict(found)
    return {
        "duplicates": counted.get(kinds.DUPLICATE, 0),
        "unmatched": counted.get(kinds.UNMATCHED, 0),
    }


def open_in(file: ImportFile) -> int:
    """How many questions of one file still wait."""
    return waiting(file.practice_id).filter(file=file).count()


def rail(staff: Staff, at: datetime) -> list[dict[str, Any]]:
    """Panel « rail »: the decisions that imports left."""
    if not staff.may("patients.import"):
        return []
    found = counts(staff.practice_id)
    return [
        {"label": "Doublons à trancher", "icon": "users", "kind": "waiting",
         "number": found["duplicates"], "name": "interop:duplicates"},
        {"label": "Patients à reconnaître", "icon": "user-question", "kind": "waiting",
         "number": found["unmatched"], "name": "interop:unmatched"},
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the list: the newcomer, or a title and how many visits bear it."""

    line: ImportLine
    newcomer: held.Said | None = None
    visits: int = 1
    first: datetime | None = None
    last: datetime | None = None


def duplicates(practice_id: int, page: int) -> Page[ImportLine]:
    """Likely duplicates, those put off last."""
    lines = waiting(practice_id).filter(kind=ImportLine.Kind.DUPLICATE)
    ordered = lines.select_related("file").order_by("decision", "file_id", "number", "pk")
    return Paginator(ordered, EACH_PAGE).get_page(page)


def unmatched(practice_id: int, page: int) -> tuple[Page[Any], list[Question]]:
    """Visits to recognise, those of one title together, the soonest first."""
    groups = (
        waiting(practice_id)
        .filter(kind=ImportLine.Kind.UNMATCHED)
        .values("file_id", "decision", title=KT("content__title"))
        .annotate(first=Min("pk"), visits=Count("pk"), starts=Min(KT("content__starts_at")))
        .order_by("decision", "starts", "first")
    )
    shown = Paginator(groups, EACH_PAGE).get_page(page)
    lines = ImportLine.objects.select_related("file").in_bulk([group["first"] for group in shown])
    return shown, [
        Question(lines[group["first"]], visits=group["visits"], first=moment(group["starts"]))
        for group in shown
    ]


def question(line: ImportLine) -> Question:
    """Everything that a line asks."""
    others = alike(line) if line.kind == ImportLine.Kind.UNMATCHED else []
    return Question(line, held.said(line), visits=1 + len(others))


def next_one(line: ImportLine) -> ImportLine | None:
    """The question after this one, of the same sort."""
    others = waiting(line.practice_id).filter(kind=line.kind).exclude(pk=line.pk)
    if line.kind == ImportLine.Kind.DUPLICATE:
        ordered = others.order_by("decision", "file_id", "number", "pk")
    else:
        ordered = others.order_by("decision", KT("content__starts_at"), "pk")
    return ordered.select_related("file").first()


def line_for(practice_id: int, pk: int) -> ImportLine | None:
    """A line of the practice, with its file."""
    return ImportLine.objects.filter(practice_id=practice_id, pk=pk).select_related("file").first()


def alike(line: ImportLine) -> list[ImportLine]:
    """The other open visits of the file with the very same title."""
    title = line.content.get("title") if isinstance(line.content, dict) else None
    if not title:
        return []
    return list(
        ImportLine.objects.filter(
            practice_id=line.practice_id, file_id=line.file_id, kind=line.kind,
            decided_at__isnull=True, content__title=title,
        )
        .exclude(pk=line.pk)
        .order_by("pk")
    )  # fmt: skip


def decided_together(line: ImportLine) -> list[ImportLine]:
    """The lines decided in the same gesture."""
    return list(
        ImportLine.objects.filter(
            practice_id=line.practice_id, file_id=line.file_id, kind=line.kind,
            decided_at=line.decided_at, decided_by=line.decided_by, decision=line.decision,
        ).order_by("pk")
    )  # fmt: skip


def visit_of(line: ImportLine) -> Appointment | None:
    """The visit that a line is about."""
    if line.appointment_id is None:
        return None
    return (
        Appointment.objects.filter(practice_id=line.practice_id, pk=line.appointment_id)
        .select_related("agenda__site", "patient")
        .first()
    )


def key_taken(practice_id: int, key: str) -> bool:
    """Whether a file already bears this import key."""
    return Patient.objects.filter(practice_id=practice_id, import_key=key).exists()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that the question may be about, and why."""

    row: Row
    why: str = ""
    lacks: list[str] = field(default_factory=list)


def candidates(line: ImportLine, *, at: datetime, today: date) -> list[Candidate]:
    """Those noted when the file came in, then whoever resembles the newcomer today."""
    why: dict[int, str] = {}
    if line.kind == ImportLine.Kind.UNMATCHED:
        pks = _searched(line, today)
    else:
        pks, why = _resembling(line)
    chosen = list(dict.fromkeys(pks))[:MOST_CANDIDATES]
    by_pk = Patient.objects.filter(practice_id=line.practice_id).in_bulk(chosen)
    patients = [by_pk[pk] for pk in chosen if pk in by_pk]
    shown = rows(line.practice_id, patients, at, today)
    return [Candidate(row, why.get(row.pk, "")) for row in shown]


def _resembling(line: ImportLine) -> tuple[list[int], dict[int, str]]:
    traits = held.traits_of(line.content)
    noted = [pk for pk in line.candidates if isinstance(pk, int)]
    if traits is None:
        return noted, {}
    who = matching.Person(
        birth_name=traits["birth_name"],
        given_names=traits["given_names"],
        birth_date=traits["birth_date"],
        used_name=traits.get("used_name", ""),
        sex=traits["sex"],
    )
    found = search.likely_duplicates(line.practice_id, who, most=MOST_CANDIDATES)
    return noted + [one.patient_id for one in found], {
        one.patient_id: one.likeness.value for one in found
    }


def _searched(line: ImportLine, today: date) -> list[int]:
    """Whoever a search on the words of the entry finds."""
    content = line.content if isinstance(line.content, dict) else {}
    words = [str(word) for word in content.get("words", [])][:4]
    names = " ".join([content.get("name") or "", content.get("given_name") or ""]).strip()
    born = str(content.get("birth_date") or "")
    found: list[int] = []
    for text in (f"{names or ' '.join(words)} {_typed(born)}".strip(), names, " ".join(words)):
        if text and len(found) < MOST_CANDIDATES:
            found += search.patient_ids(line.practice_id, text, today=today, most=MOST_CANDIDATES)
    return found


def _typed(born: str) -> str:
    try:
        return f"{date.fromisoformat(born):%d/%m/%Y}"
    except ValueError:
        return ""


def moment(text: object) -> datetime | None:
    """An instant kept as text."""
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
