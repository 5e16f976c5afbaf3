"""Everyone who should know something, by what is known of it: « Non joints » and its tabs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, F, QuerySet, Value, When

from secretariat.core.prepared import fetch
from secretariat.notices.models import Attempt, Notice
from secretariat.notices.queries import story
from secretariat.notices.queries.numbers import Number, numbers_of
from secretariat.patients.queries.rows import Badge, needs
from secretariat.practice.models import Staff

SHOWN = 300
ADULT = 18
"""Years."""
URGENT = timedelta(hours=4)
_COUNT = """
SELECT count(DISTINCT patient_id), count(DISTINCT patient_id) FILTER (WHERE needed_by < %s)
  FROM notices_notice WHERE practice_id = %s AND state = 'unreached'
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Those whom one call reaches: who shares a home or a number.

    Args:
        lines: what each must know, the most urgent person first.
        numbers: to call, the best first.
        needs: what to know before calling (deaf, interpreter).
        tries: how many calls were made, for the call sheet's own name.
    """

    lines: list[story.Line]
    numbers: list[Number]
    needs: list[Badge]
    tries: int

    @property
    def pk(self) -> int:
        """The first notice's key: the row's name on the page."""
        return self.lines[0].notice.pk

    @property
    def keys(self) -> str:
        """The notices' keys, as an address names them."""
        return ",".join(str(line.notice.pk) for line in self.lines)

    @property
    def needed_by(self) -> datetime | None:
        """By when the first of them must know."""
        return self.lines[0].notice.needed_by

    @property
    def shown(self) -> object:
        """All that a row is drawn from: the same, and it looks the same."""
        lines = [
            (line.notice.pk, line.title, line.notice.why, line.notice.about_at,
             str(line.notice.patient), line.notice.patient.deceased_on, line.steps)
            for line in self.lines
        ]  # fmt: skip
        return self.needed_by, self.numbers, self.needs, lines

    @property
    def callable(self) -> list[Number]:
        """The numbers that may be rung."""
        return [number for number in self.numbers if number.rings]


def of_practice(practice_id: int) -> QuerySet[Notice]:
    """The practice's notices with what a list shows of each."""
    return Notice.objects.filter(practice_id=practice_id).select_related(
        "patient", "message", "told_by", "closed_by"
    )


def chosen(practice_id: int, keys: Iterable[int]) -> list[Notice]:
    """Notices of the practice by key, in the order of their keys; those that are no one's lack."""
    return list(of_practice(practice_id).filter(pk__in=list(keys)).order_by("pk"))


def attempts(practice_id: int, keys: Iterable[int]) -> list[Attempt]:
    """Attempts of the practice by key."""
    found = Attempt.objects.filter(practice_id=practice_id, pk__in=list(keys))
    return list(found.select_related("notice").order_by("pk"))


def unreached(practice_id: int, at: datetime) -> tuple[list[Group], bool]:
    """Who is to be reached by a person, the most urgent first, in groups; seven statements.

    Those for whom it is too late come last: someone still closes them.

    Returns:
        The groups, and whether there are more notices than `SHOWN`.
    """
    late = Case(When(needed_by__lt=at, then=Value(1)), default=Value(0))
    found = of_practice(practice_id).filter(state=Notice.State.UNREACHED)
    ordered = found.order_by(late, F("needed_by").asc(nulls_last=True), "unreached_at", "pk")
    notices = list(ordered[: SHOWN + 1])
    known = story.lines(notices[:SHOWN])
    numbers = numbers_of([line.notice.patient for line in known])
    wrong = _wrong_numbers(notices)
    together = _together(known, numbers)
    return [_group(lines, numbers, wrong) for lines in together], len(notices) > SHOWN


def _group(
    lines: list[story.Line], numbers: dict[int, list[Number]], wrong: set[tuple[int, str]]
) -> Group:
    patients = list({line.notice.patient_id: line.notice.patient for line in lines}.values())
    order = {patient.pk: place for place, patient in enumerate(patients)}
    lines = sorted(lines, key=lambda line: order[line.notice.patient_id])
    rung: dict[str, Number] = {}
    for patient in patients:
        for number in numbers.get(patient.pk, []):
            bad = (patient.pk, number.value) in wrong
            rung.setdefault(number.value, number.known_wrong() if bad else number)
    count = sum(step.icon == "phone" for step in lines[0].steps)
    badges = {badge.word: badge for patient in patients for badge in needs(patient)}
    best = sorted(rung.values(), key=lambda number: not number.rings)
    return Group(lines, best, list(badges.values()), count)


def _wrong_numbers(notices: Sequence[Notice]) -> set[tuple[int, str]]:
    """(patient, number) that someone rang in vain: it is another person's, or nobody's."""
    found = Attempt.objects.filter(
        notice__patient_id__in={notice.patient_id for notice in notices},
        outcome=Attempt.Outcome.WRONG_NUMBER,
    )
    return set(found.values_list("notice__patient_id", "number"))


def _together(
    lines: Sequence[story.Line], numbers: dict[int, list[Number]]
) -> list[list[story.Line]]:
    """Lines by shared number or children's home, in the order of the first of each group."""
    group_of: dict[str, list[story.Line]] = {}
    groups: list[list[story.Line]] = []
    for line in lines:
        keys = _keys(line, numbers)
        known = [group_of[key] for key in keys if key in group_of]
        home = known[0] if known else []
        if not known:
            groups.append(home)
        for other in known[1:]:
            if other is not home:
                home.extend(other)
                groups.remove(other)
                group_of.update({key: home for key, held in group_of.items() if held is other})
        home.append(line)
        group_of.update(dict.fromkeys(keys, home))
    return groups


def _keys(line: story.Line, numbers: dict[int, list[Number]]) -> list[str]:
    patient = line.notice.patient
    keys = [f"patient {patient.pk}"]
    born, day = patient.birth_date, line.notice.created_at.date()
    # Children of one home are spoken of together; what an adult must know is theirs alone.
    if patient.household_id is not None and born.replace(day=1, year=born.year + ADULT) > day:
        keys.append(f"home {patient.household_id}")
    return keys + [number.value for number in numbers.get(patient.pk, []) if number.own]


def under_way(practice_id: int) -> list[story.Line]:
    """What is promised or on its way, the first to leave first."""
    going = (Notice.State.PROMISED, Notice.State.CARRIED)
    found = of_practice(practice_id).filter(state__in=going)
    return story.lines(list(found.order_by("due_at", "pk")[:SHOWN]))


def unanswered(practice_id: int) -> list[story.Line]:
    """Who was told and has not answered yet, the first awaited first."""
    found = of_practice(practice_id).filter(
        state=Notice.State.TOLD, answer="", answer_by__isnull=False
    )
    return story.lines(list(found.order_by("answer_by", "pk")[:SHOWN]))


def told_since(practice_id: int, since: datetime) -> list[story.Line]:
    """Who was told from a moment on, the latest first."""
    found = of_practice(practice_id).filter(state=Notice.State.TOLD, told_at__gte=since)
    return story.lines(list(found.order_by("-told_at", "-pk")[:SHOWN]))


def rail(staff: Staff, at: datetime) -> list[dict[str, object]] | None:
    """Panel « rail »: how many people are to be reached, one statement."""
    if not staff.may("notices.read"):
        return None
    [(people, pressing)] = fetch(_COUNT, [at + URGENT, staff.practice_id])
    return [
        {"label": "Non joints", "icon": "message-circle-x", "number": people,
         "kind": "urgent" if pressing else "waiting", "name": "notices:unreached"},
    ]  # fmt: skip
