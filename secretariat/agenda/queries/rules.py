"""The rules of one agenda, as the settings show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from secretariat.agenda.actions.absences import visits_during
from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import (
    Absence,
    Agenda,
    Appointment,
    OpeningException,
    OpeningRule,
    VisitReason,
)
from secretariat.agenda.public_holidays import holidays_of
from secretariat.agenda.rhythm import Rhythm, next_day
from secretariat.agenda.rule_words import Spoken, away_words, weekly
from secretariat.agenda.week_drawing import Drawing, draw
from secretariat.practice.models import Practitioner, Site


@dataclass(frozen=True)
class Opening:
    """A weekly opening in words."""

    rule: OpeningRule
    words: str
    in_force: bool
    coming: date | None
    """Its next day, said when it does not come each week."""


@dataclass(frozen=True)
class Week:
    """The weekly openings of an agenda."""

    openings: list[Opening]
    drawing: Drawing


@dataclass(frozen=True)
class Away:
    """An absence, and how many visits stand in it."""

    absence: Absence
    hit: int
    words: str


def week(agenda: Agenda, today: date) -> Week:
    """The openings in force or to come, drawn as they are today: three statements."""
    rules = (
        OpeningRule.objects.filter(Q(to_date__isnull=True) | Q(to_date__gte=today), agenda=agenda)
        .select_related("author")
        .prefetch_related("named_reasons__reason")
        .order_by("weekday", "starts", "from_date")
    )
    known = [(rule, spoken(rule, agenda.site.school_zone)) for rule in rules]
    openings = [
        Opening(rule, weekly(words), rule.from_date <= today, _coming(rule, today))
        for rule, words in known
    ]
    return Week(openings, draw(words for rule, words in known if rule.from_date <= today))


def spoken(rule: OpeningRule, zone: str) -> Spoken:
    """The rule in plain values; its named reasons are prefetched."""
    return Spoken(
        weekday=rule.weekday,
        starts=rule.starts,
        ends=rule.ends,
        protected=rule.kind == OpeningRule.Kind.PROTECTED,
        label=rule.label,
        every_weeks=rule.every_weeks,
        school_holidays=rule.school_holidays,
        zone=zone,
        mode=rule.mode,
        reasons=sorted(named.reason.name for named in rule.named_reasons.all()),
    )


def _coming(rule: OpeningRule, today: date) -> date | None:
    if rule.every_weeks == 1:
        return None
    return next_day(Rhythm(rule.weekday, rule.from_date, rule.to_date, rule.every_weeks), today)


def exceptions(agenda: Agenda, today: date) -> list[OpeningException]:
    """The days to come that differ: one statement."""
    coming = OpeningException.objects.filter(agenda=agenda, date__gte=today)
    return list(coming.select_related("author").order_by("date", "starts"))


def absences(agenda: Agenda, at: datetime) -> list[Away]:
    """The absences not yet over, with the visits that stand in each: two statements."""
    found = list(
        Absence.objects.filter(agenda=agenda, ends_at__gt=at, cancelled_at__isnull=True)
        .select_related("author")
        .order_by("starts_at")
    )
    if not found:
        return []
    visits = Appointment.objects.filter(
        practice_id=agenda.practice_id,
        agenda=agenda,
        starts_at__gte=found[0].starts_at - timedelta(days=1),
        starts_at__lt=max(one.ends_at for one in found),
        cancelled_at__isnull=True,
    ).values_list("starts_at", "ends_at")
    times = list(visits)
    return [
        Away(
            one,
            sum(start < one.ends_at and end > one.starts_at for start, end in times),
            absence_words(one, agenda),
        )
        for one in found
    ]


def absence_words(absence: Absence, agenda: Agenda) -> str:
    """« du mercredi 25 au jeudi 26 novembre 2026 », with the hours unless whole days."""
    zone = agenda.site.time_zone
    return away_words(minute_of(absence.starts_at), minute_of(absence.ends_at, up=True), zone)


def visits_hit(absence: Absence) -> list[Appointment]:
    """The visits that stand in an absence, soonest first."""
    return visits_during(absence.agenda, absence.starts_at, absence.ends_at)


def holidays(site: Site, today: date) -> list[tuple[date, str]]:
    """The public holidays of the coming year at a site."""
    known = [*holidays_of(today.year, site.region).items()]
    known += holidays_of(today.year + 1, site.region).items()
    return [(day, name) for day, name in known if today <= day < today + timedelta(days=365)]


def reasons_of(agenda: Agenda) -> QuerySet[VisitReason]:
    """The reasons offered in an agenda."""
    known = VisitReason.objects.filter(
        practice_id=agenda.practice_id, active=True, offers__agenda=agenda
    )
    return known.order_by("position", "name")


def rules_of(practice_id: int) -> QuerySet[OpeningRule]:
    """The weekly openings of a practice."""
    return OpeningRule.objects.filter(practice_id=practice_id).select_related("agenda__site")


def exceptions_of(practice_id: int) -> QuerySet[OpeningException]:
    """The days that differ in a practice."""
    return OpeningException.objects.filter(practice_id=practice_id).select_related("agenda__site")


def absences_of(practice_id: int) -> QuerySet[Absence]:
    """The absences of a practice."""
    return Absence.objects.filter(practice_id=practice_id).select_related("agenda__site", "author")


def agendas_of(practice_id: int) -> QuerySet[Agenda]:
    """The agendas of a practice, with their sites."""
    return Agenda.objects.filter(practice_id=practice_id).select_related("site", "practitioner")


def without_agenda(practice_id: int) -> Iterator[tuple[Practitioner, Site]]:
    """Practitioners and sites that have no agenda yet, to open one: three statements."""
    taken = set(agendas_of(practice_id).values_list("practitioner_id", "site_id"))
    sites = list(Site.objects.filter(practice_id=practice_id).order_by("pk"))
    for practitioner in Practitioner.objects.filter(practice_id=practice_id).order_by(
        "family_name"
    ):
        for site in sites:
            if (practitioner.pk, site.pk) not in taken:
                yield practitioner, site
