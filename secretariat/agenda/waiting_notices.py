"""What those who wait or are to be seen again are told: promised here, sent elsewhere.

Nothing says for which reason: an offer tells a day, an hour and a place, a recall only the place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from secretariat.agenda.models import Agenda, Recall, WaitingOffer
from secretariat.core import clock
from secretariat.notices.actions import promise, withdraw
from secretariat.notices.kinds import Facts, Kind, Wording
from secretariat.notices.models import Notice
from secretariat.patients.reaching import shown_phone
from secretariat.practice.models import Site, Staff

OFFER, GONE, RECALL = "waiting.offer", "waiting.gone", "recall.due"
PURPOSE = "creneau"
"""Of the links that accept or refuse an offer: the first part of their address."""


def offered(offer: WaitingOffer, by: Staff, at: datetime) -> None:
    """Propose by message. Nobody runs after it: who does not answer leaves the time to others."""
    promise(
        practice_id=offer.practice_id, kind=OFFER, cause=f"offer:{offer.pk}",
        patient_id=offer.waiting.patient_id, about_id=offer.pk, about_at=offer.starts_at,
        needed_by=offer.expires_at, must=False, by=by, at=at,
    )  # fmt: skip


def gone(offers: Sequence[WaitingOffer], by: Staff, at: datetime) -> None:
    """Someone was quicker: offers that have not left are withdrawn, the others are corrected."""
    for notice in take_back(offers, at):
        promise(
            practice_id=notice.practice_id, kind=GONE, cause=f"offer:{notice.about_id}:gone",
            patient_id=notice.patient_id, about_id=notice.about_id, about_at=notice.about_at,
            must=False, by=by, at=at,
        )  # fmt: skip


def take_back(offers: Iterable[WaitingOffer], at: datetime) -> list[Notice]:
    """Withdraw the messages of offers that are over; those that patients may have read."""
    by_practice: dict[int, list[int]] = defaultdict(list)
    for offer in offers:
        by_practice[offer.practice_id].append(offer.pk)
    return [
        notice
        for practice_id, keys in by_practice.items()
        for notice in withdraw(practice_id=practice_id, kinds=(OFFER,), about_ids=keys, at=at)
    ]


def recalled(recall: Recall, before: int, by: Staff, at: datetime) -> bool:
    """Write to someone who is to be seen again; whether it is a new message.

    Args:
        before: how many times they were tried, in vain or not.
    """
    return (
        promise(
            practice_id=recall.practice_id, kind=RECALL, cause=f"recall:{recall.pk}:{before}",
            patient_id=recall.patient_id, about_id=recall.pk, must=False, by=by, at=at,
        )
        is not None
    )  # fmt: skip


def notice_of(offer: WaitingOffer) -> Notice | None:
    """The notice by which an offer was made, if it was by message."""
    found = Notice.objects.filter(practice_id=offer.practice_id, kind=OFFER)
    return found.filter(cause=f"offer:{offer.pk}").first()


def not_delivered(practice_id: int, offer_ids: Collection[int]) -> set[int]:
    """Those of these offers whose message found no way to the patient."""
    closed = Notice.objects.filter(
        practice_id=practice_id, kind=OFFER, about_id__in=offer_ids, told_at=None,
        state__in=(Notice.State.CLOSED, Notice.State.UNREACHED),
    )  # fmt: skip
    return {pk for pk in closed.values_list("about_id", flat=True) if pk is not None}


def _standing(notices: Sequence[Notice]) -> dict[int, Facts]:
    """Offers that wait for an answer still."""
    return _of_offers(notices, {WaitingOffer.State.OPEN})


def _over(notices: Sequence[Notice]) -> dict[int, Facts]:
    """Offers that someone else took."""
    return _of_offers(notices, {WaitingOffer.State.TAKEN})


def _of_offers(notices: Sequence[Notice], states: Collection[str]) -> dict[int, Facts]:
    keys = {notice.about_id for notice in notices if notice.about_id}
    found = WaitingOffer.objects.filter(pk__in=keys, state__in=states)
    offers = {one.pk: one for one in found.select_related("freed__agenda__site")}
    return {
        notice.pk: _facts(offers[notice.about_id])
        for notice in notices
        if notice.about_id in offers
    }


def _facts(offer: WaitingOffer) -> Facts:
    site = offer.freed.agenda.site
    return replace(
        _place(site),
        when=clock.local(offer.starts_at, site.time_zone),
        until=clock.local(offer.expires_at, site.time_zone),
    )


def _due(notices: Sequence[Notice]) -> dict[int, Facts]:
    """Recalls that are open still, with the place where to ask for a visit."""
    keys = {notice.about_id for notice in notices if notice.about_id}
    recalls = Recall.objects.filter(pk__in=keys, closed_at=None)
    doctors = dict(recalls.values_list("pk", "practitioner_id"))
    sites = _sites({notice.practice_id for notice in notices})
    return {
        notice.pk: _place(site)
        for notice in notices
        if notice.about_id in doctors
        and (site := sites.get((notice.practice_id, doctors[notice.about_id] or 0))
             or sites.get((notice.practice_id, 0)))
    }  # fmt: skip


def _sites(practice_ids: Collection[int]) -> Mapping[tuple[int, int], Site]:
    """Where each practitioner receives; under 0, the first place of the practice."""
    found: dict[tuple[int, int], Site] = {}
    agendas = Agenda.objects.filter(practice_id__in=practice_ids, active=True)
    for agenda in agendas.select_related("site").order_by("position", "pk"):
        found.setdefault((agenda.practice_id, agenda.practitioner_id), agenda.site)
        found.setdefault((agenda.practice_id, 0), agenda.site)
    return found


def _place(site: Site) -> Facts:
    parts = (site.address, site.postcode, site.town)
    return Facts(
        place=site.name_said,
        address=" ".join(part for part in parts if part),
        phone=shown_phone(site.phone) if site.phone else "",
    )


_PLACE = "{lieu}\n{adresse}\nTéléphone : {telephone}"

KINDS = (
    Kind(
        OFFER, "Créneau proposé (liste d’attente)", _standing, purpose=PURPOSE, merges=False,
        texts={
            ("sms", "fr"): Wording(
                "", "Un créneau se libère : {rendezvous}, {lieu}. Répondre avant {limite}, "
                "premier arrivé : {lien}",
            ),
            ("email", "fr"): Wording(
                "Un créneau se libère",
                "Bonjour,\n\nUn créneau se libère : {rendezvous}.\n\nIl est proposé à plusieurs "
                "personnes, la première qui accepte l’obtient. Répondez avant {limite} :\n{lien}"
                "\n\n" + _PLACE,
            ),
            ("sms", "en"): Wording(
                "", "A time is free: {rendezvous}, {lieu}. Answer before {limite}, first come "
                "first served: {lien}",
            ),
            ("email", "en"): Wording(
                "A time is free",
                "Hello,\n\nA time is free: {rendezvous}.\n\nThe first person who accepts has it. "
                "Answer before {limite}:\n{lien}\n\n" + _PLACE,
            ),
        },
    ),
    Kind(
        GONE, "Créneau pris par un autre patient", _over, merges=False,
        texts={
            ("sms", "fr"): Wording(
                "", "Le créneau {rendezvous} vient d’être pris. Vous restez sur la liste "
                "d’attente. {lieu}, {telephone}.",
            ),
            ("email", "fr"): Wording(
                "Ce créneau vient d’être pris",
                "Bonjour,\n\nLe créneau {rendezvous} vient d’être pris par une autre personne. "
                "Vous restez sur la liste d’attente.\n\n" + _PLACE,
            ),
            ("sms", "en"): Wording(
                "", "The time {rendezvous} has just been taken. You stay on the waiting list. "
                "{lieu}, {telephone}.",
            ),
            ("email", "en"): Wording(
                "This time has just been taken",
                "Hello,\n\nThe time {rendezvous} has just been taken. You stay on the waiting "
                "list.\n\n" + _PLACE,
            ),
        },
    ),
    Kind(
        RECALL, "À revoir : prendre rendez-vous", _due,
        texts={
            ("sms", "fr"): Wording(
                "", "Il est temps de prendre rendez-vous : {lieu}, {telephone}.",
            ),
            ("email", "fr"): Wording(
                "Prendre rendez-vous",
                "Bonjour,\n\nIl est temps de prendre rendez-vous au cabinet.\n\n" + _PLACE,
            ),
            ("letter", "fr"): Wording(
                "Prendre rendez-vous",
                "Bonjour,\n\nIl est temps de prendre rendez-vous au cabinet.\n\n" + _PLACE,
            ),
            ("sms", "en"): Wording("", "It is time to book a visit: {lieu}, {telephone}."),
            ("email", "en"): Wording(
                "Book a visit", "Hello,\n\nIt is time to book a visit.\n\n" + _PLACE
            ),
        },
    ),
)  # fmt: skip
"""Declared in `apps.ready()`."""
