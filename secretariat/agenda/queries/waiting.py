"""The waiting list and the freed times, as their screens show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet

from secretariat.agenda.models import (
    Appointment,
    FreedTime,
    Quota,
    Waiting,
    WaitingDoctor,
    WaitingOffer,
    WaitingRules,
)
from secretariat.agenda.waiting_notices import OFFER
from secretariat.agenda.waiting_words import waited, when_words
from secretariat.core import clock
from secretariat.notices.models import Notice
from secretariat.patients.models import ContactPoint, Patient

PAGE = 100
"""How many lines a page of the list shows."""


ANY_DAY = 0b1111111


class Line(NamedTuple):
    """Someone who waits, as the list shows it."""

    waiting: Waiting
    when: str
    waited: str
    visit: Appointment | None
    """The one they have, unless it was cancelled."""

    @property
    def days(self) -> list[int]:
        """The weekdays that suit, 0 is Monday; none when all do."""
        bits = self.waiting.weekdays
        return [n for n in range(7) if bits >> n & 1] if bits != ANY_DAY else []


class Run(NamedTuple):
    """Freed times of one agenda that follow each other and wait for the same deed: one line."""

    times: list[FreedTime]
    """Soonest first; one that was proposed already stands alone."""

    @property
    def first(self) -> FreedTime:
        """The one that says where, why and from when."""
        return self.times[0]

    @property
    def ends_at(self) -> datetime:
        """When the last one ends."""
        return self.times[-1].ends_at


@dataclass(frozen=True, slots=True)
class Rules:
    """How a practice proposes freed times; its defaults until it says otherwise."""

    automatic: bool = False
    at_once: int = 3
    answer_minutes: int = 60


def rules_of(practice_id: int) -> Rules:
    """How freed times are proposed."""
    row = WaitingRules.objects.filter(practice_id=practice_id).first()
    return Rules(row.automatic, row.at_once, row.answer_minutes) if row else Rules()


def writable(patient_ids: Collection[int]) -> set[int]:
    """Those who accept messages on some number or address; the dead do not."""
    points = ContactPoint.objects.filter(
        patient_id__in=patient_ids, accepts_messages=True, patient__deceased_on=None
    )
    return set(points.values_list("patient_id", flat=True))


@dataclass(frozen=True, slots=True)
class Filter:
    """What part of the list is wanted; None and "" for all."""

    practitioner: int | None = None
    reason: int | None = None
    priority: int | None = None
    earlier: bool = False
    """Only those who have a visit already."""
    over: bool = False
    """Those who left the list, instead."""


def waiting_list(practice_id: int, wanted: Filter) -> QuerySet[Waiting]:
    """Those who wait: the urgent before the others, then the longest wait."""
    found = _waiting(practice_id).filter(ended_at__isnull=not wanted.over)
    if wanted.practitioner:
        found = found.filter(
            Exists(
                WaitingDoctor.objects.filter(
                    waiting=OuterRef("pk"), practitioner_id=wanted.practitioner
                )
            )
            | ~Exists(WaitingDoctor.objects.filter(waiting=OuterRef("pk")))
        )
    if wanted.reason:
        found = found.filter(reason_id=wanted.reason)
    if wanted.priority:
        found = found.filter(priority=wanted.priority)
    if wanted.earlier:
        found = found.filter(visit__cancelled_at=None, visit__isnull=False)
    return found.order_by(*(("-ended_at",) if wanted.over else ("priority", "asked_at", "pk")))


def one_waiting(practice_id: int) -> QuerySet[Waiting]:
    """The waits of a practice, with all that names one on screen."""
    return _waiting(practice_id)


def _waiting(practice_id: int) -> QuerySet[Waiting]:
    doctors = WaitingDoctor.objects.select_related("practitioner").order_by("pk")
    offers = WaitingOffer.objects.filter(state=WaitingOffer.State.OPEN)
    return (
        Waiting.objects.filter(practice_id=practice_id)
        .select_related(
            "patient", "reason", "visit__agenda__site", "priority_by", "created_by", "ended_by"
        )
        .prefetch_related(
            Prefetch("doctors", doctors),
            Prefetch("offers", offers.select_related("freed__agenda__site"), "open_offers"),
        )
    )


def of_patient(patient: Patient) -> list[Waiting]:
    """What a patient waits for."""
    found = _waiting(patient.practice_id).filter(patient=patient, ended_at=None)
    return list(found.order_by("asked_at"))


def freed_times(practice_id: int, at: datetime) -> list[FreedTime]:
    """Times to propose or being proposed, soonest first: those that somebody took are left out."""
    found = _freed(practice_id).filter(
        ~Exists(_taken(practice_id)), closed_at=None, starts_at__gt=at
    )
    return list(found.order_by("starts_at", "pk")[:PAGE])


def runs(freed: Sequence[FreedTime]) -> list[Run]:
    """Freed times as one reads them: those that touch, for the same cause, together."""
    found: list[Run] = []
    last: dict[tuple[int, str], Run] = {}
    for one in freed:
        key = (one.agenda_id, one.why)
        run = last.get(key)
        alone = bool(one.asked)  # type: ignore[attr-defined]
        if run is not None and not alone and run.ends_at == one.starts_at:
            run.times.append(one)
            continue
        found.append(Run([one]))
        if alone:
            last.pop(key, None)
        else:
            last[key] = found[-1]
    return found


def _taken(practice_id: int) -> QuerySet[Appointment]:
    """A visit that covers the whole of a freed time: someone was given it."""
    return Appointment.objects.filter(
        practice_id=practice_id, agenda=OuterRef("agenda"), cancelled_at=None, squeezed=False,
        starts_at__lte=OuterRef("starts_at"), ends_at__gte=OuterRef("ends_at"),
    )  # fmt: skip


def to_propose(practice_id: int, at: datetime) -> int:
    """How many freed times are to come, free still, and proposed to nobody."""
    found = FreedTime.objects.filter(~Exists(_taken(practice_id)), practice_id=practice_id)
    return found.filter(state=FreedTime.State.OPEN, starts_at__gt=at).count()


def one_freed(practice_id: int) -> QuerySet[FreedTime]:
    """The freed times of a practice."""
    return _freed(practice_id)


def _freed(practice_id: int) -> QuerySet[FreedTime]:
    return (
        FreedTime.objects.filter(practice_id=practice_id)
        .select_related("agenda__site", "agenda__practitioner", "freed_by", "visit")
        .annotate(
            asked=Count("offers"),
            awaited=Count("offers", filter=Q(offers__state=WaitingOffer.State.OPEN)),
        )
    )


def offers_of(freed: FreedTime) -> list[WaitingOffer]:
    """To whom a time was proposed, and what came of it."""
    found = freed.offers.select_related("waiting__patient", "waiting__reason", "answered_by")
    return list(found.order_by("offered_at", "pk"))


def phones_of(patient_ids: Collection[int]) -> dict[int, list[str]]:
    """The numbers to ring, first one first, as E.164."""
    found: dict[int, list[str]] = {}
    points = ContactPoint.objects.filter(
        patient_id__in=patient_ids, system=ContactPoint.System.PHONE, accepts_calls=True
    )
    for patient, value in points.order_by("rank", "pk").values_list("patient_id", "value"):
        found.setdefault(patient, []).append(value)
    return found


def waiting_for_work(at: datetime) -> Sequence[tuple[int, int]]:
    """(practice, freed time) with an answer that is late, a message not delivered, someone who
    waits no more, or a time that is past; all in scope."""
    lost = Notice.objects.filter(
        practice_id=OuterRef("practice_id"), kind=OFFER, about_id=OuterRef("pk"), told_at=None,
        state__in=(Notice.State.CLOSED, Notice.State.UNREACHED),
    )  # fmt: skip
    over = Q(expires_at__lte=at) | Q(waiting__ended_at__isnull=False) | Q(Exists(lost))
    open_offer = WaitingOffer.objects.filter(
        over, freed=OuterRef("pk"), state=WaitingOffer.State.OPEN
    )
    found = FreedTime.objects.filter(closed_at=None).filter(
        Q(starts_at__lte=at) | Q(Exists(open_offer))
    )
    return list(found.order_by("pk").values_list("practice_id", "pk"))


def to_begin(at: datetime, freed_before: datetime) -> Sequence[tuple[int, int]]:
    """(practice, freed time) that came back before `freed_before` and were proposed to nobody,
    where the practice wants it done by itself; all in scope."""
    automatic = WaitingRules.objects.filter(practice_id=OuterRef("practice_id"), automatic=True)
    found = FreedTime.objects.filter(
        Exists(automatic), closed_at=None, state=FreedTime.State.OPEN, offers=None,
        freed_at__lte=freed_before, starts_at__gt=at,
    )  # fmt: skip
    return list(found.order_by("pk").values_list("practice_id", "pk"))


def offers_among(practice_id: int, keys: Collection[int]) -> list[WaitingOffer]:
    """Some offers, with where they are."""
    found = WaitingOffer.objects.filter(practice_id=practice_id, pk__in=keys)
    return list(found.select_related("freed__agenda__site", "waiting").order_by("pk"))


def line(waiting: Waiting, at: datetime, zone: str) -> Line:
    """A wait, in words."""
    until = waiting.ended_at or at
    days = (clock.local_date(until, zone) - clock.local_date(waiting.asked_at, zone)).days
    visit = waiting.visit
    return Line(
        waiting,
        when_words(
            waiting.weekdays, (waiting.from_time, waiting.to_time),
            (waiting.from_date, waiting.to_date), waiting.notice_minutes,
        ),
        waited(days),
        visit if visit is not None and visit.cancelled_at is None else None,
    )  # fmt: skip


def releasing(at: datetime) -> list[tuple[Quota, datetime]]:
    """The quotas that give their times to all by themselves, where someone waits, and since when;
    all in scope."""
    waited = Waiting.objects.filter(ended_at=None).values("practice_id")
    since = dict(waited.annotate(since=Min("asked_at")).values_list("practice_id", "since"))
    found = Quota.objects.filter(
        Q(to_date=None) | Q(to_date__gte=at.date()), practice_id__in=since, kind=Quota.Kind.KEEP,
    ).exclude(release=Quota.Release.NEVER)  # fmt: skip
    whole = found.select_related("agenda__site", "agenda__practitioner").order_by("pk")
    return [(one, since[one.practice_id]) for one in whole]


def practices_that_wait() -> set[int]:
    """The practices where someone waits; all in scope."""
    return set(Waiting.objects.filter(ended_at=None).values_list("practice_id", flat=True))
