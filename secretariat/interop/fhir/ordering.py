"""What another program sends about an appointment, made strict. Pure: JSON in, an order out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from secretariat.interop.fhir import asking, terms
from secretariat.interop.fhir.visits import SlotKey
from secretariat.interop.fhir.wire import Wrong

BOOKED = frozenset({"booked", "arrived", "checked-in", "fulfilled", "noshow"})
CANCELLED = frozenset({"cancelled", "entered-in-error"})
_ACTORS = ("Patient", "PractitionerRole", "Practitioner", "Location", "HealthcareService")
_LONGEST = 200
_MINUTE = timedelta(minutes=1)


@dataclass
class Order:
    """An appointment as another program wants it; None and empty: not said."""

    status: str = ""
    start: datetime | None = None
    minutes: int | None = None
    slot: SlotKey | None = None
    reason: int | None = None
    actors: dict[str, int] = field(default_factory=dict)
    comment: str | None = None
    names: list[tuple[str, str]] = field(default_factory=list)
    wanted_by: str = "patient"
    why: str = ""


def read(sent: Any, zone: str = "Europe/Paris") -> Order:
    """The order in a body.

    Raises:
        Wrong: 400 when it is not an Appointment, 422 when something in it cannot be kept.
    """
    if not isinstance(sent, dict) or sent.get("resourceType") != "Appointment":
        raise Wrong("Envoyez une ressource Appointment.")
    order = Order(status=_text(sent, "status"), comment=_comment(sent))
    if order.status not in BOOKED | CANCELLED:
        raise _no(
            "status",
            "Un rendez-vous est « booked » (donné) ou « cancelled » (annulé) : les demandes à "
            "confirmer (« proposed », « pending ») ne sont pas tenues ici.",
        )
    order.start = _moment(sent, "start", zone)
    order.slot = _slot(sent)
    order.minutes = _minutes(sent, order.start, zone)
    order.names = list(_names(sent))
    for kind, key in _actors(sent):
        if order.actors.setdefault(kind, key) != key:
            raise _no("participant", f"Un seul participant {kind} est tenu par rendez-vous.")
    order.reason = _reason(sent) or order.actors.get("HealthcareService")
    order.wanted_by, order.why = _cancelling(sent, order.status)
    return order


def identifier(said: str) -> tuple[str, str]:
    """The (system, value) of `identifier=system|value`.

    Raises:
        Wrong: anything else: only a whole identifier names one appointment.
    """
    system, bar, value = said.strip().rpartition("|")
    if not bar or not system or not value or max(len(system), len(value)) > _LONGEST:
        raise Wrong("Un rendez-vous se désigne par identifier=système|valeur.")
    return system, value


def _no(where: str, sentence: str) -> Wrong:
    return Wrong(sentence, 422, expression=f"Appointment.{where}", issue="value")


def _text(sent: dict[str, Any], name: str) -> str:
    found = sent.get(name, "")
    if not isinstance(found, str):
        raise _no(name, f"« {name} » est un texte.")
    return found.strip()


def _comment(sent: dict[str, Any]) -> str | None:
    if "comment" not in sent:
        return None
    comment = _text(sent, "comment")
    if len(comment) > 500:
        raise _no("comment", "Le commentaire tient en 500 caractères.")
    return comment


def _moment(sent: dict[str, Any], name: str, zone: str) -> datetime | None:
    said = _text(sent, name)
    if not said:
        return None
    found = asking.moment(said, zone)
    if found is None:
        raise _no(name, f"« {name} » est une date et une heure : 2026-11-23T09:15:00+01:00.")
    return found


def _minutes(sent: dict[str, Any], start: datetime | None, zone: str) -> int | None:
    end = _moment(sent, "end", zone)
    said = sent.get("minutesDuration")
    if said is not None and (type(said) is not int or not 1 <= said <= 1440):
        raise _no("minutesDuration", "« minutesDuration » est un nombre de minutes, de 1 à 480.")
    if end is None or start is None:
        return said
    if end <= start:
        raise _no("end", "La fin vient après le début.")
    lasting = (end - start) // _MINUTE
    if said is not None and said != lasting:
        raise _no("minutesDuration", "« minutesDuration » et « end » ne disent pas la même durée.")
    return lasting


def _slot(sent: dict[str, Any]) -> SlotKey | None:
    found = None
    for one in _list(sent, "slot"):
        kind, key = _parts(one, "slot")
        read = SlotKey.read(key)
        if kind != "Slot" or read is None:
            raise _no("slot", "« slot » cite un créneau trouvé ici : Slot/…")
        if found is not None:
            raise _no("slot", "Un rendez-vous prend un seul créneau.")
        found = read
    return found


def _actors(sent: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for participant in _list(sent, "participant"):
        actor = participant.get("actor") if isinstance(participant, dict) else None
        if actor is None:
            continue
        kind, said = _parts(actor, "participant.actor")
        key = asking.key(said)
        if kind not in _ACTORS or key is None:
            raise _no("participant.actor", f"Un participant est l’un de : {', '.join(_ACTORS)}.")
        yield kind, key


def _parts(reference: Any, where: str) -> tuple[str, str]:
    said = reference.get("reference") if isinstance(reference, dict) else None
    if not isinstance(said, str) or "/" not in said:
        raise _no(where, "Une référence s’écrit par exemple Patient/12.")
    kind, _, key = said.rstrip("/").rpartition("/")
    return kind.rpartition("/")[2], key


def _reason(sent: dict[str, Any]) -> int | None:
    for concept in _list(sent, "serviceType"):
        for coding in _list(concept if isinstance(concept, dict) else {}, "coding"):
            if not isinstance(coding, dict) or coding.get("system") != terms.system("motif"):
                continue
            key = asking.key(str(coding.get("code", "")))
            if key is None:
                raise _no("serviceType", "Ce motif n’est pas l’un des nôtres.")
            return key
    return None


def _names(sent: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Identifiers of other programs; ours comes back in what was read here, and is left out."""
    for one in _list(sent, "identifier"):
        if not isinstance(one, dict):
            raise _no("identifier", "Un identifiant a un système et une valeur.")
        system, value = _text(one, "system"), _text(one, "value")
        if system == terms.system("rendez-vous"):
            continue
        if not system or not value or max(len(system), len(value)) > _LONGEST:
            raise _no(
                "identifier", "Un identifiant a un système et une valeur, 200 signes au plus."
            )
        yield system, value


def _cancelling(sent: dict[str, Any], status: str) -> tuple[str, str]:
    """Who wanted the cancelling (the patient, when nothing says otherwise) and why."""
    if status == "entered-in-error":
        return "mistake", ""
    told = sent.get("cancelationReason") or {}
    if not isinstance(told, dict):
        raise _no("cancelationReason", "« cancelationReason » est un CodeableConcept.")
    codes = [str(one.get("code", "")) for one in _list(told, "coding") if isinstance(one, dict)]
    code = codes[0] if codes else ""
    if code == "oth-err":
        return "mistake", _text(told, "text")
    by_practice = code.startswith(("prov", "maint", "meds"))
    return "practice" if by_practice else "patient", _text(told, "text")


def _list(sent: dict[str, Any], name: str) -> list[Any]:
    found = sent.get(name, [])
    if not isinstance(found, list):
        raise _no(name, f"« {name} » est une liste.")
    return found
