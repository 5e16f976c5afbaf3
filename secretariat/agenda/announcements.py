"""The kinds of notice about visits: what is true of each now, and the words used by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from secretariat.agenda import telling
from secretariat.agenda.models import Appointment
from secretariat.agenda.queries.documents import joined
from secretariat.core import clock
from secretariat.notices.kinds import Facts, Kind, Wording
from secretariat.notices.models import Notice
from secretariat.patients.reaching import shown_phone

PURPOSE = "rdv"
"""Of the links about visits: the first part of their address (agenda/urls_by_link.py)."""


def standing(notices: Sequence[Notice]) -> dict[int, Facts]:
    """For visits that stand at the hour the notice tells; the others have nothing to say."""
    visits = _visits(notices)
    return {
        notice.pk: facts_of(notice, visit)
        for notice in notices
        if (visit := _its_visit(notice, visits))
        and visit.cancelled_at is None
        and visit.starts_at == datetime.fromisoformat(notice.detail["starts_at"])
    }


def off(notices: Sequence[Notice]) -> dict[int, Facts]:
    """For visits that are cancelled still."""
    visits = _visits(notices)
    return {
        notice.pk: facts_of(notice, visit)
        for notice in notices
        if (visit := _its_visit(notice, visits)) and visit.cancelled_at is not None
    }


def _its_visit(notice: Notice, visits: Mapping[int, Appointment]) -> Appointment | None:
    """Its patient's visit still: one given to the wrong person is another's now."""
    visit = visits.get(notice.about_id or 0)
    return visit if visit and visit.patient_id == notice.patient_id else None


def _visits(notices: Sequence[Notice]) -> Mapping[int, Appointment]:
    keys = {notice.about_id for notice in notices if notice.about_id}
    found = Appointment.objects.filter(pk__in=keys).select_related("agenda__site")
    return {visit.pk: visit for visit in found}


def facts_of(notice: Notice, visit: Appointment) -> Facts:
    """What may be said of `visit` for that notice."""
    site = visit.agenda.site
    before = notice.detail.get("before")
    return Facts(
        when=clock.local(visit.starts_at, site.time_zone),
        place=site.name_said,
        address=" ".join(part for part in (site.address, site.postcode, site.town) if part),
        phone=shown_phone(site.phone) if site.phone else "",
        before=clock.local(datetime.fromisoformat(before), site.time_zone) if before else None,
        minutes=notice.detail.get("minutes"),
        until=clock.local(notice.answer_by, site.time_zone) if notice.answer_by else None,
    )


def _texts(
    subject: str, sms: str, mail: str, en_subject: str, en_sms: str
) -> dict[tuple[str, str], Wording]:
    return {
        ("sms", "fr"): Wording("", sms),
        ("email", "fr"): Wording(subject, mail),
        ("letter", "fr"): Wording(subject, mail.replace("\n\nRépondre : {lien}", "")),
        ("sms", "en"): Wording("", en_sms),
        ("email", "en"): Wording(en_subject, f"Hello,\n\n{en_sms}\n\n{{lieu}}, {{adresse}}"),
    }


_PLACE = "{lieu}\n{adresse}\nTéléphone : {telephone}"
_LINK = "\n\nRépondre : {lien}"

KINDS = (
    Kind(
        telling.BOOKED, "Confirmation du rendez-vous", standing, purpose=PURPOSE, documents=joined,
        texts=_texts(
            "Votre rendez-vous",
            "Rendez-vous {rendezvous}, {lieu}, {telephone}.\nAnnuler ou changer : {lien}",
            "Bonjour,\n\nVotre rendez-vous est noté : {rendezvous}.\n\n" + _PLACE + _LINK,
            "Your appointment",
            "Appointment {rendezvous}, {lieu}, {telephone}.\nCancel or change: {lien}",
        ),
    ),
    Kind(
        telling.MOVED, "Rendez-vous déplacé", standing, purpose=PURPOSE, documents=joined,
        texts=_texts(
            "Votre rendez-vous a changé d’heure",
            "Votre rendez-vous a changé : {rendezvous}, {lieu}, {telephone}."
            "\nRépondre : {lien}",
            "Bonjour,\n\nVotre rendez-vous a changé d’heure.\nAvant : {avant}.\n"
            "Maintenant : {rendezvous}.\n\n" + _PLACE + _LINK,
            "Your appointment has moved",
            "Your appointment has moved: {rendezvous}, {lieu}, {telephone}.\nAnswer: {lien}",
        ),
    ),
    Kind(
        telling.CANCELLED, "Rendez-vous annulé", off,
        texts=_texts(
            "Votre rendez-vous est annulé",
            "Votre rendez-vous {rendezvous} est annulé. {lieu}, {telephone}.",
            "Bonjour,\n\nVotre rendez-vous est annulé : {rendezvous}.\n\n" + _PLACE,
            "Your appointment is cancelled",
            "Your appointment {rendezvous} is cancelled. {lieu}, {telephone}.",
        ),
    ),
    Kind(
        telling.REMINDER, "Rappel du rendez-vous", standing, purpose=PURPOSE, documents=joined,
        texts=_texts(
            "Rappel : votre rendez-vous",
            "Rappel : rendez-vous {rendezvous}, {lieu}, {telephone}."
            "\nConfirmer ou annuler : {lien}",
            "Bonjour,\n\nNous vous attendons {rendezvous}.\n\n" + _PLACE
            + "\n\nConfirmer ou annuler : {lien}",
            "Reminder: your appointment",
            "Reminder: appointment {rendezvous}, {lieu}, {telephone}."
            "\nConfirm or cancel: {lien}",
        ),
    ),
    Kind(
        telling.LATE, "Retard annoncé", standing, merges=False,
        texts=_texts(
            "Retard à votre rendez-vous",
            "Environ {minutes} min de retard : venez {rendezvous}. {lieu}, {telephone}.",
            "Bonjour,\n\nVotre rendez-vous ({avant}) aura environ {minutes} minutes de retard. "
            "Vous pouvez venir {rendezvous}.\n\n" + _PLACE,
            "Your appointment is running late",
            "About {minutes} min late: please come {rendezvous}. {lieu}, {telephone}.",
        ),
    ),
)  # fmt: skip
"""Declared in `apps.ready()`."""
