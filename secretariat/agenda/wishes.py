"""Where a visit should stand, by whom and how it is asked; and what is known around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from secretariat.agenda import loading
from secretariat.agenda.facts import AgendaFacts, Ask
from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import Agenda
from secretariat.core import clock
from secretariat.practice.models import Staff


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a visit should stand, and what is done knowingly. `by` is who asks, `at` when."""

    agenda: Agenda
    """With its site."""
    starts_at: datetime
    """Aware, a whole minute."""
    ask: Ask
    by: Staff
    at: datetime
    squeeze: bool = False
    """Beside another visit (« entre deux »)."""
    force: bool = False
    """Outside the rules, for those allowed."""
    ignoring: int | None = None
    """The visit being moved, which does not hinder itself."""

    @property
    def start(self) -> int:
        """The minute wanted."""
        return minute_of(self.starts_at)

    @property
    def ends_at(self) -> datetime:
        """When the visit would end."""
        return self.starts_at + timedelta(minutes=self.ask.minutes)


def facts_around(wish: Wish, *, names: bool = False) -> AgendaFacts:
    """What is known of the agenda on the local day of the wish, and the day after.

    Args:
        names: with who wrote each rule, to explain a refusal.
    """
    day = clock.local_date(wish.starts_at, wish.agenda.site.time_zone)
    whose = loading.Whose(wish.at, wish.by.pk, wish.ask.reason, names)
    [facts] = loading.facts([wish.agenda], day, 1, whose=whose, ignoring=wish.ignoring)
    return facts
