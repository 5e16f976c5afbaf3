"""The three ways of giving several visits: what each shows for what was chosen in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.forms import BaseForm

from secretariat.agenda.lengths import more_minutes
from secretariat.agenda.loading import Whose
from secretariat.agenda.models import Agenda, Protocol, VisitReason
from secretariat.agenda.proposals import PartOfDay
from secretariat.agenda.queries import together as queries
from secretariat.agenda.queries import visit
from secretariat.agenda.queries.desk import Desk, may_give
from secretariat.agenda.queries.find import last_day_searched
from secretariat.agenda.queries.together import Visit
from secretariat.agenda.series import Cadence
from secretariat.agenda.together_forms import (
    BY_HAND,
    MOST_PEOPLE,
    ChainForm,
    FamilyForm,
    SeriesForm,
    filled,
)
from secretariat.agenda.views.answers import LAST_DAY
from secretariat.core.day_names import DAYS
from secretariat.patients.models import Patient
from secretariat.patients.queries.rows import Row, row
from secretariat.practice.doors import Request

Context = dict[str, Any]
Wait = tuple[int, int]


@dataclass(frozen=True)
class Asked:
    """Who asks, when, and what the practice offers."""

    request: Request
    choices: Desk
    name: str
    """Where the ids of the sheet begin."""
    today: date
    whose: Whose

    @property
    def reasons(self) -> list[VisitReason]:
        """Those that this post may give."""
        return [one for one in self.choices.reasons if may_give(one, self.request.staff)]

    def reason(self, name: str) -> VisitReason | None:
        """The reason chosen under that name."""
        wanted = self.request.GET.get(name, "")
        return next((one for one in self.reasons if str(one.pk) == wanted), None)

    def agenda(self, name: str) -> Agenda | None:
        """The agenda chosen under that name."""
        return self.choices.agenda(self.request.GET.get(name))

    def patient(self, pk: int | None) -> Patient | None:
        """A patient of the practice."""
        return visit.patient(self.request.practice.pk, pk) if pk else None

    def form(self, kind: type[BaseForm], **first: Any) -> BaseForm:
        """The form of a way, read; what was typed badly is as if it were not there."""
        form = kind(filled(self.request, first), auto_id=f"{self.name}-%s")
        form.is_valid()
        return form


class StepLine(NamedTuple):
    """A step of a chain, as it is chosen."""

    number: int
    reason: VisitReason | None
    agenda: Agenda | None
    wait: Wait | None = None
    """What its protocol says; None when the form says it."""


@dataclass(frozen=True)
class PersonLine:
    """Someone who may come with the family."""

    who: Row
    comes: bool
    reason: VisitReason | None


def chain(asked: Asked) -> Context:
    """One patient, reasons that follow each other."""
    form = asked.form(ChainForm, day=asked.today, wait=30)
    typed = form.cleaned_data
    patient = asked.patient(typed.get("patient"))
    known = _protocols(asked)
    protocol = next((one for one in known if one.pk == typed.get("protocol")), None)
    steps = _steps(asked, protocol)
    visits = _one_after_the_other(asked, patient, steps, typed.get("wait") or 0)
    return {
        "form": form,
        **_who(asked, patient),
        "protocols": known,
        "protocol": protocol,
        "steps": steps,
        "label": protocol.name if protocol else "",
        **_found(asked, typed, visits, together=False),
    }


def _one_after_the_other(
    asked: Asked, patient: Patient | None, steps: Iterable[StepLine], wait: int
) -> list[Visit]:
    """The visits of the steps. Whom only one step can be with is known at those that follow."""
    visits: list[Visit] = []
    met: set[int] = set()
    for step in steps:
        if patient is None or step.reason is None:
            continue
        where = _where(asked, step.agenda)
        lengths = asked.choices.lengths_for(step.reason, patient, met)
        with_whom = {agenda.practitioner_id for agenda in where if agenda.pk in lengths}
        met |= with_whom if len(with_whom) == 1 else set()
        visits.append(Visit(patient, step.reason, where, lengths, *(step.wait or (0, wait))))
    return visits


def family(asked: Asked) -> Context:
    """Several people who come together, one after the other; without a reason of their own, they
    come for that of the one before."""
    form = asked.form(FamilyForm, day=asked.today, wait=15)
    typed = form.cleaned_data
    lines = _people(asked, typed.get("add"))
    where = _where(asked, asked.agenda("agenda"))
    visits: list[Visit] = []
    reason = None
    for line in lines:
        reason = (line.reason or reason) if line.comes else reason
        if line.comes and reason:
            lengths = asked.choices.lengths_for(reason, line.who.patient)
            visits.append(
                Visit(line.who.patient, reason, where, lengths, 0, typed.get("wait") or 0)
            )
    return {
        "form": form,
        "lines": lines,
        "wanted": asked.agenda("agenda"),
        "come": sum(line.comes for line in lines),
        "label": "",
        **_found(asked, typed, visits, together=True),
    }


def series(asked: Asked) -> Context:
    """One patient, one reason, again and again."""
    form = asked.form(
        SeriesForm, day=asked.today + timedelta(days=1), clock="09:00", tolerance=60, every=1,
        number=6, unit="times",
    )  # fmt: skip
    patient = asked.patient(form.cleaned_data.get("patient"))
    reason = asked.reason("reason_1")
    told: Context = {
        "form": form,
        **_who(asked, patient),
        "reason": reason,
        "wanted": asked.agenda("with_1"),
    }
    if patient is None or reason is None or not form.is_valid():
        return told
    days, label = _days(form.cleaned_data)
    more = more_minutes(reason, patient)
    again = {pk: minutes + more for pk, minutes in asked.choices.lengths(reason).items()}
    rows = queries.rows(
        Visit(patient, reason, _where(asked, told["wanted"]), again), days,
        form.cleaned_data["clock"], form.cleaned_data["tolerance"], asked.whose,
        first_lengths=asked.choices.lengths_for(reason, patient),
    )  # fmt: skip
    return told | {
        "rows": rows,
        "label": label,
        "without": sum(one.proposed is None for one in rows),
        "moved": sum(one.moved for one in rows),
    }


def _who(asked: Asked, patient: Patient | None) -> Context:
    """The patient chosen, with the visits to come, so that none is given twice."""
    if patient is None:
        return {}
    return {
        "patient": patient,
        "chosen": row(patient, asked.today),
        "coming": visit.other_visits(patient, asked.whose.at),
    }


def _protocols(asked: Asked) -> list[Protocol]:
    """The protocols of which this post may give every reason."""
    given = {one.pk for one in asked.reasons}
    return [
        one
        for one in queries.protocols(asked.request.practice.pk)
        if all(step.reason_id in given for step in one.steps.all())
    ]


def _steps(asked: Asked, protocol: Protocol | None) -> list[StepLine]:
    if protocol is None:
        return [
            StepLine(n, asked.reason(f"reason_{n}"), asked.agenda(f"with_{n}"))
            for n in range(1, BY_HAND + 1)
        ]
    return [
        StepLine(n, step.reason, asked.agenda(f"with_{n}"), (step.wait_from, step.wait_to))
        for n, step in enumerate(protocol.steps.all(), 1)
    ]


def _where(asked: Asked, wanted: Agenda | None) -> list[Agenda]:
    return [wanted] if wanted else asked.choices.agendas


def _found(
    asked: Asked, typed: dict[str, Any], visits: Sequence[Visit], *, together: bool
) -> Context:
    """The ways to give these visits, and where to look further."""
    if len(visits) < 2:
        return {}
    first = max(typed.get("day") or asked.today, asked.today)
    part = PartOfDay(typed.get("part") or "")
    found = queries.ways(visits, first, asked.whose, part=part, together=together)
    last = found[-1].day if found else last_day_searched(first)
    further = asked.request.GET.copy()
    further["day"] = min(last + timedelta(days=1), LAST_DAY).isoformat()
    return {"visits": visits, "found": found, "last": last, "further": further.urlencode()}


def _people(asked: Asked, added: int | None) -> list[PersonLine]:
    """Those on the screen, the one just added, and who shares their home."""
    read = asked.request.GET
    known = [int(one) for one in read.getlist("known") if one.isdecimal() and len(one) < 19]
    coming = set(read.getlist("who"))
    pk = asked.request.practice.pk
    people = queries.patients(pk, known[:MOST_PEOPLE])
    if added and added not in known and (new := asked.patient(added)):
        coming.add(str(new.pk))
        people.append(new)
        here = {one.pk for one in people}
        people += [one for one in queries.household(new) if one.pk not in here]
    return [
        PersonLine(row(one, asked.today), str(one.pk) in coming, asked.reason(f"reason_{one.pk}"))
        for one in people[:MOST_PEOPLE]
    ]


def _days(typed: dict[str, Any]) -> tuple[list[date], str]:
    """The days of a series, and how it is said."""
    first: date = typed["day"]
    weekdays = frozenset(typed["weekdays"]) or {first.weekday()}
    cadence = Cadence(frozenset(weekdays), typed["every"])
    number = typed["number"]
    weeks = typed["unit"] == "weeks"
    days = cadence.days(first, weeks=number) if weeks else cadence.days(first, times=number)
    names = [DAYS[one] for one in sorted(weekdays)]
    on = " et ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    every = "" if typed["every"] == 1 else f", toutes les {typed['every']} semaines"
    return days, f"{on}{every}, {len(days)} fois"
