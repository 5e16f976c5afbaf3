"""The register of opened files: who looked at this patient."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from secretariat.practice.models import Staff
from secretariat.privacy.models import Access


def trace(*, staff: Staff, patient_id: int, at: datetime, screen: str) -> None:
    """Write that `staff` opened the file of `patient_id` on `screen`."""
    Access.objects.create(
        practice_id=staff.practice_id,
        staff=staff,
        by_name=staff.display_name,
        at=at,
        patient_id=patient_id,
        screen=screen[:120],
    )


def trace_denied(*, staff: Staff, at: datetime, screen: str, patient_id: int | None = None) -> None:
    """Write that a door stayed shut for `staff`."""
    Access.objects.create(
        practice_id=staff.practice_id,
        staff=staff,
        by_name=staff.display_name,
        at=at,
        patient_id=patient_id,
        screen=screen[:120],
        denied=True,
    )


def opened_since(*, staff: Staff, patient_id: int, since: datetime) -> bool:
    """Whether `staff` has already been written down for this file since then."""
    lines = Access.objects.filter(practice_id=staff.practice_id, patient_id=patient_id)
    return lines.filter(staff=staff, at__gte=since, denied=False).exists()


def trace_all(*, staff: Staff, patient_ids: Iterable[int], at: datetime, screen: str) -> None:
    """Write that `staff` opened these files at once: one line each, one statement."""
    Access.objects.bulk_create(
        Access(
            practice_id=staff.practice_id, staff=staff, by_name=staff.display_name, at=at,
            patient_id=pk, screen=screen[:120],
        )
        for pk in patient_ids
    )  # fmt: skip
