"""A visit reason as it would be, looked at before it is changed: nothing stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from secretariat.agenda.actions.reason_limits import must_be_kept
from secretariat.agenda.actions.reasons import needed
from secretariat.agenda.models import OfferedReason, ReasonNeed, Resource, VisitReason


@contextmanager
def as_if(
    *,
    reason: VisitReason,
    own: Mapping[str, Any],
    needs: Sequence[Sequence[Resource]],
    offers: Mapping[int, tuple[int | None, int | None]],
) -> Iterator[VisitReason]:
    """The reason with other columns, rooms and agendas until the end of the block, for what reads
    the database meanwhile; then everything is taken back. No line of the day book is written.

    Args:
        own: columns of the reason; its name is left.
        needs: one resource of each group.
        offers: own minutes, usual and first, by agenda.

    Raises:
        BadInput: what saving would refuse.
    """
    with transaction.atomic():
        changed = VisitReason.objects.get(pk=reason.pk, practice_id=reason.practice_id)
        for field, value in own.items():
            setattr(changed, field, value)
        must_be_kept(changed)
        changed.name = reason.name
        changed.save()
        rows = needed(changed, needs)
        ReasonNeed.objects.filter(reason=changed).delete()
        ReasonNeed.objects.bulk_create(rows)
        OfferedReason.objects.filter(reason=changed).delete()
        OfferedReason.objects.bulk_create(
            OfferedReason(
                practice_id=changed.practice_id, reason=changed, agenda_id=agenda, minutes=usual,
                first_minutes=first,
            )
            for agenda, (usual, first) in offers.items()
        )  # fmt: skip
        yield changed
        transaction.set_rollback(True)
