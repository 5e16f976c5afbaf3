"""Who of a page of newcomers is on file already; a fixed number of statements for a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from secretariat.interop.models import ImportLine
from secretariat.interop.newcomers import Newcomer
from secretariat.patients.models import Patient

Identity = tuple[date, str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on file, as far as an import compares."""

    pk: int
    identity: Identity
    sex: str
    birth_place_code: str
    key: str


@dataclass(frozen=True, slots=True)
class Files:
    """What the practice has that touches one page of newcomers.

    `settled` are keys that a person tied to a file at an earlier import.
    """

    by_key: dict[str, Known] = field(default_factory=dict)
    by_identity: dict[Identity, list[Known]] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()


def files_of(practice_id: int, page: Sequence[Newcomer]) -> Files:
    """Everybody who has a key or the strict traits of someone in `page`: three statements."""
    keys = [key for one in page for key in one.keys]
    patients = Patient.objects.filter(practice_id=practice_id)
    by_key = {known.key: known for known in _known(patients.filter(import_key__in=keys))}
    twins = patients.filter(
        birth_date__in={one.identity[0] for one in page},
        birth_name__in={one.identity[1] for one in page},
    )
    by_identity: dict[Identity, list[Known]] = defaultdict(list)
    for known in _known(twins):
        by_identity[known.identity].append(known)
    settled = ImportLine.objects.filter(
        practice_id=practice_id, key__in=keys, patient_id__isnull=False, decided_at__isnull=False
    )
    return Files(by_key, dict(by_identity), frozenset(settled.values_list("key", flat=True)))


def anybody(practice_id: int) -> bool:
    """Whether the practice has any file yet."""
    return Patient.objects.filter(practice_id=practice_id).exists()


def newest(practice_id: int) -> int:
    """The key of the last file made; 0 for none."""
    last = Patient.objects.filter(practice_id=practice_id).order_by("-pk").first()
    return last.pk if last else 0


def _known(patients: Iterable[Patient]) -> Iterable[Known]:
    rows = patients.values_list(  # type: ignore[attr-defined]
        "pk", "birth_date", "birth_name", "first_given_name", "sex", "birth_place_code",
        "import_key",
    )  # fmt: skip
    return (Known(row[0], (row[1], row[2], row[3]), *row[4:]) for row in rows)
