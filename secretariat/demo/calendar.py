"""Thirty days behind, sixty ahead, seven times in ten taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from secretariat.agenda import loading
from secretariat.agenda.actions import book
from secretariat.agenda.local_time import moment_of
from secretariat.agenda.models import Agenda, Appointment, VisitReason
from secretariat.agenda.openings import Interval
from secretariat.core.refusal import Refusal
from secretariat.demo.practices import House
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.reception.actions import step

BEHIND, AHEAD = 30, 60
REMEMBERED = 10
"""Days behind whose arrivals and departures are told; the older ones are only given times."""
FULL = 0.70
TODAY_FULL = 0.9
STEP = 10
"""Minutes to go on by where no reason fits."""
WEIGHTS = (8, 2, 2, 4, 1, 1)


class Filler:
    """Gives visits to the people of a practice, day after day."""

    def __init__(self, house: House, patients: list[Patient], random: Random) -> None:
        self.house, self.patients, self.random = house, patients, random
        self.desk = [staff for staff in house.staff.values() if staff.may("reception.work")]

    def fill(self, today: date, days: range, progress: Callable[[int], None]) -> None:
        """Every agenda, on `days` counted from `today`, one transaction a day."""
        for offset in days:
            day = today + timedelta(days=offset)
            with transaction.atomic():
                for agenda in self.house.agendas:
                    for visit in self._day(agenda, day, TODAY_FULL if not offset else FULL):
                        if -REMEMBERED <= offset < 0:
                            self._happened(visit)
            progress(offset - days.start + 1)

    def _day(self, agenda: Agenda, day: date, share: float) -> Iterator[Appointment]:
        [facts] = loading.facts([agenda], day, 1)
        hours = {
            reason.pk: facts.hours.serving(loading.ask(reason, reason.minutes).wanted).on(day)
            for reason in self.house.reasons[agenda.pk]
        }
        for opening in facts.hours.on(day):
            minute = opening.start
            while minute < opening.end:
                reason = self._reason(agenda, hours, minute)
                if reason is None:
                    minute += STEP
                    continue
                start = minute + (reason.minutes_before if minute > opening.start else 0)
                # Empty times are left whole, so that a morning keeps a few real gaps.
                if self.random.random() < share:
                    visit = self._give(agenda, reason, moment_of(start))
                    if visit is not None:
                        yield visit
                minute = start + reason.minutes + reason.minutes_after

    def _give(self, agenda: Agenda, reason: VisitReason, start: datetime) -> Appointment | None:
        patient = self.random.choice(self.patients)
        ahead = timedelta(days=self.random.randrange(1, 25), minutes=self.random.randrange(400))
        try:
            return book(
                agenda=agenda, patient=patient, reason=reason, starts_at=start,
                by=self._someone(reason), at=start - ahead, tell=False,
            )  # fmt: skip
        except Refusal:
            return None  # the last reason of a half-day may not fit

    def _happened(self, visit: Appointment) -> None:
        """How a past visit went: one in fifteen did not come."""
        by = self._someone()
        if self.random.random() < 1 / 15:
            step(appointment=visit, key="miss", by=by, at=visit.ends_at)
            return
        arrived = visit.starts_at + timedelta(minutes=self.random.randrange(-12, 6))
        entered = max(arrived, visit.starts_at) + timedelta(minutes=self.random.randrange(14))
        length = int((visit.ends_at - visit.starts_at).total_seconds() // 60)
        left = entered + timedelta(minutes=max(4, length + self.random.randrange(-4, 8)))
        for key, at in (("arrive", arrived), ("enter", entered), ("leave", left)):
            step(appointment=visit, key=key, by=by, at=at)

    def _reason(
        self, agenda: Agenda, hours: dict[int, Sequence[Interval]], minute: int
    ) -> VisitReason | None:
        """One of the reasons that may be given at that minute, the usual ones more often."""
        weighed = [
            (reason, weight)
            for reason, weight in zip(self.house.reasons[agenda.pk], WEIGHTS, strict=False)
            if any(
                span.start <= minute and minute + reason.minutes <= span.end
                for span in hours[reason.pk]
            )
        ]
        if not weighed:
            return None
        reasons, weights = zip(*weighed, strict=True)
        [chosen] = self.random.choices(list[VisitReason](reasons), weights=list(weights))
        return chosen

    def _someone(self, reason: VisitReason | None = None) -> Staff:
        """Someone of the desk who may give that reason."""
        here = reason is not None and not reason.bookable_by_remote
        desk = [one for one in self.desk if not (here and one.role_key == "remote_secretary")]
        return self.random.choice(desk)
