"""Who may rule an agenda, and what the rules refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from secretariat.agenda import actions
from secretariat.agenda.actions import absences, agendas, openings, reasons
from secretariat.agenda.models import (
    Absence,
    OfferedReason,
    OpeningException,
    OpeningRule,
    ReasonNeed,
    Resource,
    VisitReason,
)
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.practice import actions as practice
from secretariat.practice.models import Site, Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

Moment = Callable[..., datetime]
SATURDAY = 5


def open_saturday(house: House, by: Staff, **how: object) -> OpeningRule:
    wanted: dict[str, object] = {
        "agenda": house.agenda("Lefèvre"), "weekday": SATURDAY, "starts": time(9),
        "ends": time(12), "from_date": date(2026, 12, 1), "by": by, "at": NOW,
    } | how  # fmt: skip
    return openings.set_rule(**wanted)  # type: ignore[arg-type]


def test_an_agenda_opens_each_week_under_someone_s_name(tilleuls: House, alice: Staff) -> None:
    rule = open_saturday(tilleuls, alice)
    assert (rule.author, rule.created_at, rule.to_date) == (alice, NOW, None)
    line = Entry.objects.latest("number")
    assert (line.verb, line.subject_id) == ("agenda.set_rule", rule.pk)


@pytest.mark.parametrize(
    "hours",
    [
        {"starts": time(11, 55), "ends": time(13)},
        {"starts": time(8), "ends": time(9, 5)},
        {"starts": time(10), "ends": time(11)},
        {"from_date": date(2027, 5, 1)},
        {"from_date": date(2026, 1, 1), "to_date": date(2026, 12, 5)},
    ],
)
def test_hours_that_overlap_are_refused(
    tilleuls: House, alice: Staff, hours: dict[str, object]
) -> None:
    open_saturday(tilleuls, alice)
    with pytest.raises(openings.RuleOverlaps, match=r"samedi de 9 h à 12 h est déjà ouvert"):
        open_saturday(tilleuls, alice, **hours)


def test_hours_that_touch_or_follow_are_not_an_overlap(tilleuls: House, alice: Staff) -> None:
    open_saturday(tilleuls, alice, to_date=date(2026, 12, 31))
    open_saturday(tilleuls, alice, starts=time(12), ends=time(13))
    open_saturday(tilleuls, alice, from_date=date(2027, 1, 1))
    assert OpeningRule.objects.filter(weekday=SATURDAY).count() == 3


@pytest.mark.parametrize(
    "hours",
    [
        {"starts": time(12), "ends": time(9)},
        {"to_date": date(2026, 11, 30)},
        {"weekday": 7},
    ],
)
def test_impossible_hours_are_refused(
    tilleuls: House, alice: Staff, hours: dict[str, object]
) -> None:
    with pytest.raises(BadInput):
        open_saturday(tilleuls, alice, **hours)


def test_an_opening_ends_and_one_that_never_served_goes(tilleuls: House, alice: Staff) -> None:
    rule = open_saturday(tilleuls, alice)
    ended = openings.end_rule(rule=rule, last_day=date(2027, 6, 30), by=alice, at=NOW)
    assert ended is not None
    assert ended.to_date == date(2027, 6, 30)
    assert openings.end_rule(rule=rule, last_day=date(2026, 11, 30), by=alice, at=NOW) is None
    assert not OpeningRule.objects.filter(pk=rule.pk).exists()


def test_alternate_weeks_share_the_same_hours(tilleuls: House, alice: Staff) -> None:
    first, next_week = date(2026, 12, 5), date(2026, 12, 12)
    open_saturday(tilleuls, alice, from_date=first, every_weeks=2)
    open_saturday(tilleuls, alice, from_date=next_week, every_weeks=2, starts=time(8))
    with pytest.raises(openings.RuleOverlaps):
        open_saturday(tilleuls, alice, from_date=first, every_weeks=4)


def test_school_holidays_need_their_zone_and_part_the_year(tilleuls: House, alice: Staff) -> None:
    with pytest.raises(openings.NoSchoolZone, match="zone de vacances"):
        open_saturday(tilleuls, alice, school_holidays="except")
    Site.objects.update(school_zone="B")
    open_saturday(tilleuls, alice, school_holidays="except")
    open_saturday(tilleuls, alice, school_holidays="only", starts=time(8))
    with pytest.raises(openings.RuleOverlaps):
        open_saturday(tilleuls, alice)


def test_a_range_is_kept_for_reasons_or_protected(tilleuls: House, alice: Staff) -> None:
    urgent = tilleuls.reasons["Urgence"]
    rule = open_saturday(tilleuls, alice, reasons=[urgent], mode="video", ends=time(0))
    assert [named.reason for named in rule.named_reasons.all()] == [urgent]
    open_saturday(tilleuls, alice, kind="protected", label=" Réunion ", starts=time(10))
    with pytest.raises(BadInput, match="à quoi sert"):
        open_saturday(tilleuls, alice, kind="protected", starts=time(12), ends=time(13))
    with pytest.raises(BadInput, match="ne reçoit personne"):
        open_saturday(tilleuls, alice, kind="protected", label="Garde", reasons=[urgent])
    with pytest.raises(openings.RuleOverlaps, match="de 9 h à minuit est déjà ouvert"):
        open_saturday(tilleuls, alice, starts=time(22), ends=time(0))
    with pytest.raises(openings.RuleOverlaps, match="de 10 h à 12 h est déjà protégé"):
        open_saturday(tilleuls, alice, kind="protected", label="Garde")


def test_a_day_that_differs_is_said_once(tilleuls: House, alice: Staff) -> None:
    agenda = tilleuls.agenda("Lefèvre")
    day = date(2026, 12, 26)
    openings.add_exception(
        agenda=agenda, date=day, kind="open", starts=time(9), ends=time(12), by=alice, at=NOW
    )
    with pytest.raises(openings.ExceptionOverlaps):
        openings.add_exception(
            agenda=agenda, date=day, kind="open", starts=time(11), ends=time(13), by=alice, at=NOW
        )
    with pytest.raises(BadInput, match="heure de début"):
        openings.add_exception(agenda=agenda, date=day, kind="open", by=alice, at=NOW)
    closed = openings.add_exception(agenda=agenda, date=day, kind="closed", by=alice, at=NOW)
    openings.remove_exception(exception=closed, by=alice, at=NOW)
    assert OpeningException.objects.get().kind == "open"


def test_an_absence_tells_which_visits_it_touches(
    tilleuls: House, alice: Staff, paris: Moment
) -> None:
    agenda = tilleuls.agenda("Lefèvre")
    inside, after = (
        actions.book(
            agenda=agenda, patient=None, title="x", reason=tilleuls.reasons["Consultation"],
            starts_at=paris(hour), by=alice, at=NOW,
        )
        for hour in (10, 15)
    )  # fmt: skip
    away = absences.absent(
        agenda=agenda, starts_at=paris(9), ends_at=paris(12), label="Congrès", by=alice, at=NOW
    )
    assert away.hit == [inside]
    after.refresh_from_db()
    assert after.cancelled_at is None
    with pytest.raises(actions.OutsideHours, match="Congrès"):
        actions.book(
            agenda=agenda, patient=None, title="y", reason=tilleuls.reasons["Consultation"],
            starts_at=paris(11), by=alice, at=NOW,
        )  # fmt: skip


def test_two_absences_cannot_overlap_until_one_is_cancelled(
    tilleuls: House, alice: Staff, paris: Moment
) -> None:
    agenda = tilleuls.agenda("Lefèvre")
    first, _ = absences.absent(
        agenda=agenda, starts_at=paris(9), ends_at=paris(12), by=alice, at=NOW
    )
    with pytest.raises(absences.AlreadyAway, match="du 23/11/2026 à 09:00 au 23/11/2026 à 12:00"):
        absences.absent(agenda=agenda, starts_at=paris(11), ends_at=paris(14), by=alice, at=NOW)
    absences.cancel_absence(absence=first, by=alice, at=NOW)
    absences.cancel_absence(absence=first, by=alice, at=NOW)
    absences.absent(agenda=agenda, starts_at=paris(11), ends_at=paris(14), by=alice, at=NOW)
    assert Absence.objects.filter(cancelled_at__isnull=True).count() == 1
    assert Entry.objects.filter(verb="agenda.cancel_absence").count() == 1


def test_an_absence_that_ends_before_it_starts_is_refused(
    tilleuls: House, alice: Staff, paris: Moment
) -> None:
    with pytest.raises(BadInput):
        absences.absent(
            agenda=tilleuls.agenda("Lefèvre"), starts_at=paris(12), ends_at=paris(12),
            by=alice, at=NOW,
        )  # fmt: skip


def test_a_reason_is_added_changed_and_offered_with_its_own_length(
    tilleuls: House, alice: Staff
) -> None:
    reason = reasons.add_reason(name="  Bilan   annuel ", minutes=45, by=alice, at=NOW)
    assert (reason.name, reason.practice) == ("Bilan annuel", tilleuls.practice)
    changed = reasons.change_reason(reason=reason, minutes=40, by=alice, at=NOW)
    assert (changed.minutes, changed.name) == (40, "Bilan annuel")
    agenda = tilleuls.agenda("Lefèvre")
    reasons.offer(agenda=agenda, reason=reason, minutes=60, by=alice, at=NOW)
    reasons.offer(agenda=agenda, reason=reason, minutes=50, by=alice, at=NOW)
    assert OfferedReason.objects.get(reason=reason).minutes == 50
    reasons.withdraw(agenda=agenda, reason=reason, by=alice, at=NOW)
    assert not OfferedReason.objects.filter(reason=reason).exists()


def test_a_reason_says_all_that_a_real_practice_asks(tilleuls: House, alice: Staff) -> None:
    surgery = reasons.add_reason(
        name="Petite chirurgie", minutes=45, first_minutes=60, minutes_before=10, minutes_after=15,
        named_only=True, referral_only=True, age_from=16, age_to=90, within_days=14,
        again_after_days=30, papers=" Carte Vitale ", by=alice, at=NOW,
    )  # fmt: skip
    kept = reasons.change_reason(reason=surgery, first_minutes=None, by=alice, at=NOW)
    assert (kept.first_minutes, kept.minutes_after, kept.papers) == (None, 15, "Carte Vitale")


def test_a_reason_takes_one_room_of_each_group(tilleuls: House, alice: Staff) -> None:
    reason = tilleuls.reasons["Consultation"]
    small, big, laser = (
        Resource.objects.create(practice=tilleuls.practice, site=tilleuls.site, name=name)
        for name in ("Salle 1", "Salle 2", "Laser")
    )
    reasons.set_needs(reason=reason, needs=[[small, big], [], [laser]], by=alice, at=NOW)
    found = set(ReasonNeed.objects.values_list("resource", "need"))
    assert found == {(small.pk, 1), (big.pk, 1), (laser.pk, 2)}
    with pytest.raises(BadInput, match="« Laser » est coché deux fois"):
        reasons.set_needs(reason=reason, needs=[[laser], [laser, small]], by=alice, at=NOW)
    assert ReasonNeed.objects.count() == 3


@pytest.mark.parametrize(
    "facts",
    [
        {"minutes": 4}, {"minutes": 481}, {"name": "  "}, {"colour": 9}, {"kind": "dream"},
        {"mode": "swim"}, {"first_minutes": 3}, {"minutes_before": 121}, {"age_from": 130},
        {"age_from": 18, "age_to": 6}, {"within_days": 0}, {"patient_notice_hours": -1},
    ],
)  # fmt: skip
def test_a_reason_that_cannot_be_kept_is_refused(
    tilleuls: House, alice: Staff, facts: dict[str, object]
) -> None:
    wanted: dict[str, object] = {"name": "Bilan", "minutes": 30} | facts
    with pytest.raises(BadInput):
        reasons.add_reason(by=alice, at=NOW, **wanted)  # type: ignore[arg-type]


def test_two_reasons_cannot_bear_one_name(tilleuls: House, alice: Staff) -> None:
    with pytest.raises(reasons.ReasonExists, match="« Consultation » existe déjà"):
        reasons.add_reason(name="Consultation", minutes=15, by=alice, at=NOW)
    assert VisitReason.objects.filter(name="Consultation").count() == 1


def test_one_practitioner_has_one_agenda_at_one_site(tilleuls: House, keller: Staff) -> None:
    doctor = practice.add_practitioner(
        practice=tilleuls.practice, family_name="Nguyen", speciality="Médecine générale",
        by=keller, at=NOW,
    )  # fmt: skip
    opened = agendas.open_agenda(practitioner=doctor, site=tilleuls.site, by=keller, at=NOW)
    assert opened.name == "Dr Nguyen"
    with pytest.raises(agendas.AgendaExists):
        agendas.open_agenda(practitioner=doctor, site=tilleuls.site, by=keller, at=NOW)


def test_the_remote_secretary_rules_nothing(tilleuls: House, zoe: Staff, paris: Moment) -> None:
    agenda, reason = tilleuls.agenda("Lefèvre"), tilleuls.reasons["Consultation"]
    rule = agenda.opening_rules.first()
    assert rule is not None
    for forbidden in (
        lambda: open_saturday(tilleuls, zoe),
        lambda: openings.end_rule(rule=rule, last_day=date(2026, 12, 1), by=zoe, at=NOW),
        lambda: openings.add_exception(
            agenda=agenda, date=date(2026, 12, 1), kind="closed", by=zoe, at=NOW
        ),
        lambda: absences.absent(
            agenda=agenda, starts_at=paris(9), ends_at=paris(10), by=zoe, at=NOW
        ),
        lambda: reasons.add_reason(name="Bilan", minutes=15, by=zoe, at=NOW),
        lambda: reasons.change_reason(reason=reason, minutes=5, by=zoe, at=NOW),
        lambda: reasons.offer(agenda=agenda, reason=reason, by=zoe, at=NOW),
    ):
        with pytest.raises(NotAllowed, match="Télésecrétaire"):
            forbidden()
