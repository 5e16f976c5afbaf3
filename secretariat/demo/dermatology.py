"""Dr Moreau's practice of dermatology: what an agenda of today cannot be told elsewhere."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from secretariat.agenda.actions.openings import set_rule
from secretariat.agenda.actions.quotas import set_quota
from secretariat.agenda.actions.reasons import ReasonDetails, add_reason, set_needs
from secretariat.agenda.actions.resources import add_resource
from secretariat.agenda.models import Agenda, VisitReason
from secretariat.demo.habits import Desk
from secretariat.practice.models import Staff

SURGERY_DAY = (3, (time(8, 30), time(12, 30)))
"""Thursday morning: not like the other mornings."""

_REASONS: tuple[tuple[str, int, ReasonDetails], ...] = (
    (
        "Acné", 20,
        {
            "kind": "follow_up", "colour": 1, "position": 10, "first_minutes": 30,
            "more_minutes": 10,
            "instructions": "Venir sans maquillage.",
            "papers": "La liste des crèmes et des comprimés déjà essayés.",
        },
    ),
    (
        "Lésion suspecte", 15,
        {
            "kind": "urgent", "colour": 3, "position": 11, "within_days": 14, "more_minutes": 5,
            "instructions": "Ne rien appliquer sur la lésion ; envoyer le courrier du médecin.",
        },
    ),
    (
        "Contrôle des grains de beauté", 30,
        {
            "kind": "follow_up", "colour": 4, "position": 12, "again_after_days": 180,
            "more_minutes": 10,
            "instructions": "Ôter le vernis à ongles, venir sans maquillage.",
            "papers": "Les photographies du contrôle précédent.",
        },
    ),
    (
        "Petite chirurgie", 40,
        {
            "kind": "other", "colour": 7, "position": 13, "named_only": True, "minutes_before": 10,
            "minutes_after": 10, "bookable_by_remote": False, "age_from": 15,
            "instructions": "Signaler tout traitement anticoagulant ; manger normalement.",
            "papers": "La carte de groupe sanguin, l’ordonnance en cours.",
            "afterwards": "Ne pas mouiller le pansement 48 heures ; fils à ôter sous 10 jours.",
        },
    ),
    (
        "Acte esthétique au laser", 30,
        {
            "kind": "other", "colour": 5, "position": 14, "age_from": 18, "minutes_after": 5,
            "bookable_by_remote": False, "patient_notice_hours": 48,
            "instructions": "Ne pas s’exposer au soleil un mois avant.",
            "afterwards": "Crème solaire indice 50 pendant six semaines.",
        },
    ),
)  # fmt: skip


def reasons(by: Staff, at: datetime) -> list[VisitReason]:
    """Why people come to Dr Moreau."""
    return [
        add_reason(name=name, minutes=minutes, by=by, at=at, **details)
        for name, minutes, details in _REASONS
    ]


def settle(desk: Desk, agenda: Agenda, known: dict[str, VisitReason]) -> None:
    """Rooms, the morning of surgery, times kept for what cannot wait."""
    by, at = desk.by, desk.at
    room = add_resource(site=desk.site, name="Salle de chirurgie", by=by, at=at)
    laser = add_resource(site=desk.site, name="Laser", kind="equipment", by=by, at=at)
    surgery = known["Petite chirurgie"]
    set_needs(reason=surgery, needs=[[room]], by=by, at=at)
    set_needs(reason=known["Acte esthétique au laser"], needs=[[laser]], by=by, at=at)
    since = at.date() - timedelta(days=60)
    thursday = SURGERY_DAY[0]
    set_rule(
        agenda=agenda, weekday=thursday, starts=time(8, 30), ends=time(11, 30), from_date=since,
        reasons=[surgery], label="Matinée de chirurgie", by=by, at=at,
    )  # fmt: skip
    set_rule(
        agenda=agenda, weekday=thursday, starts=time(11, 30), ends=time(12, 30), from_date=since,
        by=by, at=at,
    )  # fmt: skip
    set_quota(
        agenda=agenda, kind="most", amount=3, reasons=[surgery], from_date=since, by=by, at=at,
        label="la salle se partage",
    )  # fmt: skip
    set_quota(
        agenda=agenda, kind="keep", amount=1, minutes=15, part="afternoon", release="day",
        reasons=[known["Lésion suspecte"]], from_date=since, by=by, at=at,
    )  # fmt: skip
