"""Whether a patient can be written to, and which addresses asked for silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from secretariat.notices.choosing import NoWay, Way, choose
from secretariat.notices.models import Stop
from secretariat.notices.queries.carrying import points_of, stopped_among
from secretariat.outbox import opening
from secretariat.patients.models import ContactPoint

CHANNELS = ("sms", "email")


def why_not(practice_id: int, patient_id: int) -> str:
    """Why no message can reach the patient, "" when one can, or when the practice sends none."""
    ways_out = [name for name in CHANNELS if opening.channel_of(practice_id, name) is not None]
    if not ways_out:
        return ""
    points = points_of([patient_id])[patient_id]
    stopped = stopped_among(practice_id, [point.value for point in points])
    found = choose(points, open_channels=ways_out, stopped=stopped)
    return found.why if isinstance(found, NoWay) else ""


def reachable(practice_id: int, patient_ids: Collection[int]) -> set[int]:
    """Those of these patients whom a message can reach today; none when the practice sends none."""
    ways_out = [name for name in CHANNELS if opening.channel_of(practice_id, name) is not None]
    points = points_of(patient_ids)
    values = [point.value for known in points.values() for point in known]
    stopped = stopped_among(practice_id, values)
    return {
        pk
        for pk in patient_ids
        if isinstance(choose(points[pk], open_channels=ways_out, stopped=stopped), Way)
    }


def stops(practice_id: int, addresses: Iterable[str]) -> dict[str, Stop]:
    """The addresses that asked for no more messages, with who wrote it down; one statement."""
    found = Stop.objects.filter(practice_id=practice_id, address__in=list(addresses))
    return {stop.address: stop for stop in found.select_related("by")}


def contact_point(practice_id: int, pk: int) -> ContactPoint | None:
    """A contact point of the practice."""
    found = ContactPoint.objects.filter(practice_id=practice_id, pk=pk)
    return found.select_related("patient").first()
