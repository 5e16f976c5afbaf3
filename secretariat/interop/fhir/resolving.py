"""From an order to rows of the practice: which agenda, which patient, which reason."""

from __future__ import annotations

from datetime import datetime

from secretariat.agenda.local_time import moment_of
from secretariat.agenda.models import Agenda, Appointment, VisitReason
from secretariat.agenda.queries import desk as agenda_desk
from secretariat.interop.actions.appointments import Booking, Change
from secretariat.interop.fhir import visits
from secretariat.interop.fhir.ordering import Order
from secretariat.interop.fhir.wire import Wrong
from secretariat.patients.queries.find import patient as patient_of
from secretariat.practice.models import Staff


def booking(order: Order, staff: Staff) -> Booking:
    """An appointment to give.

    Raises:
        Wrong: 422, something is missing or is not this practice's.
    """
    desk = agenda_desk.desk(staff.practice_id)
    agenda = _agenda(order, desk)
    if agenda is None:
        raise _no(
            "participant", "Dites chez qui : un PractitionerRole, un Practitioner ou un Slot."
        )
    patient = patient_of(staff.practice_id, order.actors.get("Patient"))
    if patient is None:
        raise _no("participant", "Dites pour quel patient de ce cabinet : Patient/…")
    reason = _reason(order, desk)
    return Booking(
        agenda, patient, reason, _start(order), order.minutes,
        order.comment or "", tuple(order.names),
    )  # fmt: skip


def change(order: Order, visit: Appointment, staff: Staff) -> Change:
    """What becomes of a visit; who comes and for what do not change.

    Raises:
        Wrong: 422, something asked cannot be changed or is not this practice's.
    """
    if order.actors.get("Patient", visit.patient_id) != visit.patient_id:
        raise _no(
            "participant",
            "Le patient d’un rendez-vous ne change pas : annulez et redonnez l’heure.",
        )
    if order.reason is not None and order.reason != visit.reason_id:
        raise _no(
            "serviceType", "Le motif d’un rendez-vous ne change pas : annulez et redonnez l’heure."
        )
    to = visit.agenda
    said = {key: one for key, one in order.actors.items() if key not in {"Patient"}}
    if not _is_there(said, visit.agenda) or order.slot is not None:
        desk = agenda_desk.desk(staff.practice_id)
        to = _agenda(_moved(order, visit), desk) or visit.agenda
    start = order.start or (moment_of(order.slot.minute) if order.slot else visit.starts_at)
    lasting = order.minutes if order.minutes is not None else visits.minutes(visit)
    return Change(to, start, lasting, order.comment, tuple(order.names))


def _is_there(actors: dict[str, int], agenda: Agenda) -> bool:
    own = {
        "PractitionerRole": agenda.pk,
        "Practitioner": agenda.practitioner_id,
        "Location": agenda.site_id,
    }
    return all(actors[kind] == key for kind, key in own.items() if kind in actors)


def _moved(order: Order, visit: Appointment) -> Order:
    """Of the actors sent back, those that differ are where the visit goes."""
    agenda, actors = visit.agenda, dict(order.actors)
    if actors.get("PractitionerRole") not in {None, agenda.pk}:
        kept = {"PractitionerRole": actors["PractitionerRole"]}
    elif actors.get("Practitioner") not in {None, agenda.practitioner_id}:
        kept = {"Practitioner": actors["Practitioner"]}
        if actors.get("Location") not in {None, agenda.site_id}:
            kept["Location"] = actors["Location"]
    else:
        site = actors.get("Location", agenda.site_id)
        kept = {"Practitioner": agenda.practitioner_id, "Location": site}
    return Order(slot=order.slot, actors=kept if order.slot is None else {})


def _agenda(order: Order, desk: agenda_desk.Desk) -> Agenda | None:
    """The agenda meant by slot and actors; None when none of them says."""
    wanted = desk.agendas
    told = False
    if order.slot is not None:
        wanted, told = [one for one in wanted if one.pk == order.slot.agenda], True
    for kind, column in (
        ("PractitionerRole", "pk"),
        ("Practitioner", "practitioner_id"),
        ("Location", "site_id"),
    ):
        if (key := order.actors.get(kind)) is not None:
            wanted = [one for one in wanted if getattr(one, column) == key]
            told = told or kind != "Location"
    if not told:
        return None
    if not wanted:
        raise _no("participant", "Aucun agenda ouvert de ce cabinet ne correspond.")
    if len(wanted) > 1:
        raise _no("participant", "Ce praticien reçoit en plusieurs lieux : ajoutez Location/…")
    return wanted[0]


def _reason(order: Order, desk: agenda_desk.Desk) -> VisitReason | None:
    key = order.reason or (order.slot.reason if order.slot else None)
    if key is None:
        return None
    found = desk.reason(key)
    if found is None:
        raise _no("serviceType", "Ce motif n’est pas donné dans ce cabinet.")
    return found


def _start(order: Order) -> datetime:
    slot = moment_of(order.slot.minute) if order.slot else None
    if order.start is not None and slot is not None and order.start != slot:
        raise _no("start", "« start » et « slot » ne disent pas la même heure.")
    found = order.start or slot
    if found is None:
        raise _no("start", "Dites à quelle heure : « start », ou un créneau trouvé (« slot »).")
    return found


def _no(where: str, sentence: str) -> Wrong:
    return Wrong(sentence, 422, expression=f"Appointment.{where}")
