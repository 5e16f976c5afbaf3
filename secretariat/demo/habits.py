"""The habits of the Tilleuls: visits at home, a locum, an assistant, a chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from secretariat.agenda.actions.absences import absent
from secretariat.agenda.actions.agendas import open_agenda
from secretariat.agenda.actions.openings import set_rule
from secretariat.agenda.actions.protocols import Step, add_protocol
from secretariat.agenda.actions.quotas import set_quota
from secretariat.agenda.actions.reasons import add_reason, offer, set_needs
from secretariat.agenda.actions.replacements import replace
from secretariat.agenda.actions.resources import add_resource
from secretariat.agenda.actions.sites import set_travel
from secretariat.agenda.models import Agenda, VisitReason
from secretariat.practice import actions as practice
from secretariat.practice.models import Practice, Practitioner, Site, Staff

THURSDAY, FRIDAY, SATURDAY = 3, 4, 5


@dataclass(frozen=True)
class Desk:
    """Who furnishes which practice, at which moment."""

    practice: Practice
    site: Site
    by: Staff
    at: datetime
    today: date

    @property
    def since(self) -> date:
        """When the habits began."""
        return self.at.date() - timedelta(days=60)


def settle(desk: Desk, lefevre: Agenda, nguyen: Agenda, known: dict[str, VisitReason]) -> None:
    """What the two GPs and their assistant are used to."""
    by, at, since = desk.by, desk.at, desk.since
    set_rule(
        agenda=lefevre, weekday=THURSDAY, starts=time(16, 30), ends=time(18, 30), from_date=since,
        kind="protected", label="Visites à domicile", by=by, at=at,
    )  # fmt: skip
    set_rule(
        agenda=lefevre, weekday=SATURDAY, starts=time(9), ends=time(12), from_date=since,
        every_weeks=2, school_holidays="except", by=by, at=at,
    )  # fmt: skip
    set_rule(
        agenda=nguyen, weekday=THURSDAY, starts=time(14), ends=time(14, 45), from_date=since,
        kind="protected", label="Réunion d’équipe", by=by, at=at,
    )  # fmt: skip
    for agenda in (lefevre, nguyen):
        set_quota(
            agenda=agenda, kind="keep", amount=1, minutes=15, part="morning", release="day",
            reasons=[known["Urgence du jour"]], from_date=since, by=by, at=at,
        )  # fmt: skip
    _locum(desk, nguyen, [known["Certificat"], known["Première consultation"]])
    _assistant(desk, known["Consultation"])


def second_site(desk: Desk, practitioner: Practitioner, reasons: list[VisitReason]) -> None:
    """On Friday afternoons the doctor receives across the harbour, twenty minutes away."""
    by, at = desk.by, desk.at
    site = practice.add_site(
        practice=desk.practice, name="Antenne du Phare", by=by, at=at, town="Port-Imaginaire",
        postcode="99040", school_zone="B", accessible=False, access="Premier étage sans ascenseur.",
    )  # fmt: skip
    set_travel(site=desk.site, other=site, minutes=20, by=by, at=at)
    agenda = open_agenda(
        practitioner=practitioner, site=site, by=by, at=at, colour=5, position=9,
        name=f"{practitioner}, Phare",
    )  # fmt: skip
    set_rule(
        agenda=agenda, weekday=FRIDAY, starts=time(13), ends=time(18), from_date=desk.since,
        by=by, at=at,
    )  # fmt: skip
    for reason in reasons:
        offer(agenda=agenda, reason=reason, by=by, at=at)


def _locum(desk: Desk, agenda: Agenda, left: list[VisitReason]) -> None:
    """Dr Nguyen goes away for a fortnight, the week after next; Bob holds the agenda."""
    monday = desk.today + timedelta(days=14 - desk.today.weekday())
    friday = monday + timedelta(days=11)
    bob = practice.add_practitioner(
        practice=desk.practice, family_name="Bouleau", given_name="Bob",
        speciality="Médecine générale", by=desk.by, at=desk.at,
    )  # fmt: skip
    replace(
        agenda=agenda, practitioner=bob, from_date=monday, to_date=friday, not_taken=left,
        most_per_half_day=12, by=desk.by, at=desk.at,
    )  # fmt: skip
    starts, ends = (
        datetime.combine(day, time(0), ZoneInfo(desk.site.time_zone))
        for day in (monday, friday + timedelta(days=1))
    )
    absent(agenda=agenda, starts_at=starts, ends_at=ends, label="Congés", by=desk.by, at=desk.at)


def _assistant(desk: Desk, consultation: VisitReason) -> None:
    """She weighs and asks ten minutes before the doctor, and takes the ECG."""
    by, at = desk.by, desk.at
    odette = practice.add_practitioner(
        practice=desk.practice, title="Mme", family_name="Hirondelle", given_name="Odette",
        speciality="Assistante médicale", by=by, at=at,
    )  # fmt: skip
    agenda = open_agenda(practitioner=odette, site=desk.site, by=by, at=at, colour=6, position=3)
    for weekday in range(5):
        for starts, ends in ((time(8, 30), time(12, 30)), (time(14), time(16))):
            set_rule(
                agenda=agenda, weekday=weekday, starts=starts, ends=ends, from_date=desk.since,
                by=by, at=at,
            )  # fmt: skip
    welcome, ecg = (
        add_reason(
            name=name, minutes=minutes, kind="other", colour=6, position=20, by=by, at=at,
            instructions=words,
        )
        for name, minutes, words in (
            ("Accueil par l’assistante", 10, "Apporter le carnet de vaccination."),
            ("ECG", 15, "Pas de crème sur la poitrine ce jour-là."),
        )
    )  # fmt: skip
    machine = add_resource(
        site=desk.site, name="Électrocardiographe", kind="equipment", by=by, at=at
    )
    set_needs(reason=ecg, needs=[[machine]], by=by, at=at)
    for reason in (welcome, ecg):
        offer(agenda=agenda, reason=reason, by=by, at=at)
    for name, first, longest in (
        ("Assistante puis médecin", welcome, 5),
        ("ECG puis consultation", ecg, 30),
    ):
        add_protocol(name=name, steps=[Step(first), Step(consultation, 0, longest)], by=by, at=at)
