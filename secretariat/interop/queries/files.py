"""The list of imports, one file, and what to show of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from secretariat.core import clock
from secretariat.interop.models import ImportFile, ImportLine
from secretariat.interop.queries.at_work import being_read
from secretariat.practice.models import Staff

MOST = 50

# shown state: word, icon, colour of the badge
_SHOWN = {
    "reading": ("À préparer", "list-check", "warn"),
    "tried": ("Prêt à importer", "circle-check", "info"),
    "ready": ("Prêt", "player-play", "info"),
    "waiting": ("En attente", "hourglass", ""),
    "running": ("En cours", "loader", "violet"),
    "done": ("Importé", "circle-check", "good"),
    "refused": ("Mis de côté", "alert-octagon", "bad"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A file and its state as a person reads it."""

    file: ImportFile
    running: bool

    @property
    def key(self) -> str:
        """reading, tried, ready, waiting, running, done or refused."""
        if self.running:
            return "running"
        if self.file.state == ImportFile.State.READY and self.file.finished_at:
            return "tried"
        return self.file.state

    @property
    def word(self) -> str:
        """The state in French."""
        return _SHOWN[self.key][0]

    @property
    def icon(self) -> str:
        """The state's icon."""
        return _SHOWN[self.key][1]

    @property
    def kind(self) -> str:
        """The badge's colour."""
        return _SHOWN[self.key][2]

    @property
    def interrupted(self) -> bool:
        """Its reader died in the middle; nothing was written."""
        file = self.file
        if self.key not in {"ready", "tried"} or file.refusal:
            return False
        return not file.dry_run or (file.finished_at is None and file.rows_done > 0)

    @property
    def busy(self) -> bool:
        """It waits or is being read: the page looks again by itself."""
        return self.key in {"waiting", "running"}


def shown(file: ImportFile) -> Shown:
    """The file and whether somebody reads it now."""
    return Shown(file, bool(being_read([file.pk])))


def listed(practice_id: int) -> list[Shown]:
    """The last files brought, newest first: two statements."""
    files = list(
        ImportFile.objects.filter(practice_id=practice_id)
        .select_related("by")
        .defer("mapping", "options", "remarks")
        .order_by("-created_at", "-pk")[:MOST]
    )
    running = being_read([file.pk for file in files])
    return [Shown(file, file.pk in running) for file in files]


def file_for(practice_id: int, pk: int) -> ImportFile | None:
    """One file of the practice."""
    return (
        ImportFile.objects.filter(practice_id=practice_id, pk=pk)
        .select_related("by", "practice")
        .first()
    )


def same_bytes(file: ImportFile) -> ImportFile | None:
    """The last import of the very same bytes, if it was done before."""
    return (
        ImportFile.objects.filter(
            practice_id=file.practice_id, sha256=file.sha256, state=ImportFile.State.DONE
        )
        .exclude(pk=file.pk)
        .order_by("-finished_at")
        .first()
    )


def asked(
    practice_id: int, file_id: int, staff_id: int, at: datetime
) -> tuple[ImportFile | None, Staff | None]:
    """A file handed to the background work, and who asked if still at their post."""
    by = Staff.objects.filter(practice_id=practice_id, pk=staff_id).first()
    if by is not None and not by.on_duty(clock.local_date(at, "Europe/Paris")):
        by = None
    return file_for(practice_id, file_id), by


def lines_of(file: ImportFile, kind: str) -> QuerySet[ImportLine]:
    """The lines of a file of one sort, in their order."""
    lines = ImportLine.objects.filter(practice_id=file.practice_id, file=file)
    if kind in ImportLine.Kind.values:
        lines = lines.filter(kind=kind)
    return lines.order_by("number", "pk")


def to_mend(file: ImportFile) -> Iterator[ImportLine]:
    """The lines not taken, or not taken whole, read little by little."""
    kinds = [ImportLine.Kind.ERROR, ImportLine.Kind.INCOMPLETE]
    lines = ImportLine.objects.filter(practice_id=file.practice_id, file=file, kind__in=kinds)
    return lines.order_by("number", "pk").iterator(chunk_size=1000)


def kinds_of(file: ImportFile) -> list[tuple[str, str, int]]:
    """The sorts of lines that a file has: key, French name, how many."""
    counted = (
        ImportLine.objects.filter(practice_id=file.practice_id, file=file)
        .values_list("kind")
        .annotate(number=Count("pk"))
    )
    found = dict(counted)
    return [(kind, kind_label(kind), found[kind]) for kind in ImportLine.Kind if kind in found]


def kind_label(kind: str) -> str:
    """A sort of lines, as the screen says it."""
    return dict(_KINDS).get(kind, "Lignes à regarder")


_KINDS = (
    ("error", "Lignes non importées"),
    ("incomplete", "Lignes importées en partie"),
    ("duplicate", "Doublons probables"),
    ("unmatched", "Patients à reconnaître"),
    ("overlap", "Rendez-vous placés entre deux"),
)
