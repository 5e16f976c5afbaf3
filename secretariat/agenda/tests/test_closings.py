"""A room closed for a time, equipment out of order: nothing is given there, its visits move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from secretariat.agenda import loading
from secretariat.agenda.actions import replanning as ours
from secretariat.agenda.actions.closings import (
    Closed,
    ClosedAlready,
    cancel_closing,
    close_resource,
    visits_hit,
)
from secretariat.agenda.actions.placing import OutsideHours
from secretariat.agenda.actions.replanning import NothingToReplan
from secretariat.agenda.free_time import free_starts
from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import (
    Appointment,
    OfferedReason,
    ReasonNeed,
    Replan,
    Resource,
    ResourceClosing,
    ResourceUse,
    VisitReason,
)
from secretariat.agenda.queries import replan_facts
from secretariat.agenda.tests.desk_forms import HTMX, book, events
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.notices.models import Notice
from secretariat.patients.actions import register
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def laser(tilleuls: House) -> VisitReason:
    """Twenty minutes, ten to cool the machine down."""
    reason = VisitReason.objects.create(
        practice=tilleuls.practice, name="Laser", minutes=20, minutes_after=10
    )
    for agenda in tilleuls.agendas.values():
        OfferedReason.objects.create(practice=tilleuls.practice, agenda=agenda, reason=reason)
    return reason


def room_for(house: House, reason: VisitReason | None, name: str) -> Resource:
    assert reason
    room = Resource.objects.create(practice=house.practice, site=house.site, name=name)
    ReasonNeed.objects.create(practice=house.practice, reason=reason, resource=room)
    return room


@pytest.fixture
def room(tilleuls: House, laser: VisitReason) -> Resource:
    """The only room with a laser."""
    return room_for(tilleuls, laser, "Salle laser")


@pytest.fixture
def shut(room: Resource, keller: Staff, paris: Moment) -> Callable[..., Closed]:
    """The laser does not work tomorrow, says Mme Keller."""

    def close(first: int = 8, last: int = 20, one: Resource = room) -> Closed:
        return close_resource(
            resource=one, starts_at=paris(first, 0, TOMORROW), ends_at=paris(last, 0, TOMORROW),
            label="panne", by=keller, at=NOW,
        )  # fmt: skip

    return close


def offered(house: House, reason: VisitReason, by: Staff, day: date = TOMORROW) -> list[int]:
    whose = loading.Whose(NOW, by.pk, reason.pk)
    [facts] = loading.facts([house.agenda("Moreau")], day, 1, whose=whose)
    return list(free_starts(facts, day, 1, loading.ask(reason, reason.minutes, at=NOW)))


def test_nothing_is_given_in_a_closed_room_and_who_closed_it_is_named(
    tilleuls: House, laser: VisitReason, alice: Staff, paris: Moment, shut: Callable[..., Closed]
) -> None:
    shut(9, 12)
    free = offered(tilleuls, laser, alice)
    assert free[0] == minute_of(paris(14, 0, TOMORROW))
    with pytest.raises(OutsideHours) as refused:
        book(tilleuls, alice, paris(10, 0, TOMORROW), reason=laser)
    assert refused.value.sentence == (
        "Salle laser\N{NO-BREAK SPACE}: indisponible le mardi 24 novembre de 09:00 à 12:00"
        "\N{NO-BREAK SPACE}: «\N{NO-BREAK SPACE}panne\N{NO-BREAK SPACE}» (par Mme Keller)."
    )
    # A consultation takes no room: it is given as before.
    assert book(tilleuls, alice, paris(10, 0, TOMORROW)).pk


def test_cleaning_must_be_over_when_the_room_closes(
    tilleuls: House, laser: VisitReason, alice: Staff, paris: Moment, shut: Callable[..., Closed]
) -> None:
    shut(11, 12)
    with pytest.raises(OutsideHours, match="Salle laser"):
        book(tilleuls, alice, paris(10, 31, TOMORROW), reason=laser)
    assert book(tilleuls, alice, paris(10, 30, TOMORROW), reason=laser).pk


def test_another_room_that_will_do_is_taken_instead(
    tilleuls: House, laser: VisitReason, alice: Staff, paris: Moment, shut: Callable[..., Closed]
) -> None:
    twin = room_for(tilleuls, laser, "Salle 2")
    shut()
    given = book(tilleuls, alice, paris(10, 0, TOMORROW), reason=laser)
    assert [use.resource for use in given.resources_used.all()] == [twin]
    with pytest.raises(OutsideHours, match=r"indisponible.*rien d’autre de libre \(Salle 2\)"):
        book(
            tilleuls, alice, paris(10, 0, TOMORROW), reason=laser, agenda=tilleuls.agenda("Moreau")
        )


def test_a_room_that_serves_again_is_offered_again(
    tilleuls: House, laser: VisitReason, alice: Staff, shut: Callable[..., Closed]
) -> None:
    before = offered(tilleuls, laser, alice)
    closing = shut().closing
    assert offered(tilleuls, laser, alice) == []
    cancel_closing(closing=closing, by=alice, at=NOW)
    cancel_closing(closing=closing, by=alice, at=NOW)
    assert offered(tilleuls, laser, alice) == before


def test_a_room_is_closed_once_at_a_time_by_who_may_rule(
    room: Resource, zoe: Staff, alice: Staff, paris: Moment, shut: Callable[..., Closed]
) -> None:
    shut()
    with pytest.raises(ClosedAlready, match="déjà indisponible du 24/11/2026 à 08:00"):
        shut(10, 11)
    with pytest.raises(NotAllowed):
        close_resource(resource=room, starts_at=paris(9), ends_at=paris(10), by=zoe, at=NOW)
    with pytest.raises(BadInput, match="avant son début"):
        close_resource(resource=room, starts_at=paris(10), ends_at=paris(10), by=alice, at=NOW)


def test_closings_cost_no_statement_more(
    tilleuls: House, laser: VisitReason, alice: Staff, shut: Callable[..., Closed]
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            offered(tilleuls, laser, alice)
        return len(asked)

    before = statements()
    for hour in range(8, 12):
        shut(hour, hour + 1)
    assert statements() == before


@pytest.fixture
def given(
    tilleuls: House, alice: Staff, paris: Moment, laser: VisitReason, room: Resource
) -> list[Appointment]:
    """Tomorrow two laser visits of two doctors, and a consultation that takes no room."""
    assert room
    who = [
        ("Arnaud", 10, laser, "Moreau"), ("Bertin", 15, laser, "Lefèvre"),
        ("Colas", 11, tilleuls.reasons["Consultation"], "Moreau"),
    ]  # fmt: skip
    return [
        book(
            tilleuls, alice, paris(hour, 0, TOMORROW), reason=reason, title="",
            patient=known(tilleuls, alice, name), agenda=tilleuls.agenda(doctor),
        )
        for name, hour, reason, doctor in who
    ]  # fmt: skip


def known(house: House, by: Staff, name: str) -> Patient:
    return register(
        practice=house.practice, by=by, at=NOW, birth_name=name, given_names="Anne",
        birth_date=date(1960, 2, len(name)), sex="F",
    )  # fmt: skip


def test_the_visits_of_a_closed_room_are_replanned_each_with_its_doctor(
    alice: Staff, paris: Moment, given: list[Appointment], shut: Callable[..., Closed]
) -> None:
    first, second, consultation = given
    closed = shut()
    assert [one.pk for one in closed.hit] == [first.pk, second.pk]
    draft = ours.replan_closing(closing=closed.closing, by=alice, at=NOW)
    assert ours.replan_closing(closing=closed.closing, by=alice, at=NOW) == draft
    lines = replan_facts.lines_of(draft)
    assert [one.appointment_id for one in lines] == [first.pk, second.pk]
    assert [one.agenda_id for one in lines] == [one.was_in_id for one in lines]
    times = [one.starts_at for one in lines]
    assert all(one and not paris(8, 0, TOMORROW) <= one < paris(20, 0, TOMORROW) for one in times)
    assert ours.approve(replan=draft, by=alice, at=NOW).written
    uses = ResourceUse.objects.filter(resource=closed.closing.resource)
    assert {use.appointment_id for use in uses} == {first.pk, second.pk}
    assert not uses.filter(
        starts_at__lt=closed.closing.ends_at, ends_at__gt=closed.closing.starts_at
    )
    consultation.refresh_from_db()
    assert consultation.starts_at == paris(11, 0, TOMORROW)
    with pytest.raises(NothingToReplan):
        ours.replan_closing(closing=closed.closing, by=alice, at=NOW)


def test_who_can_keep_the_hour_in_another_room_does_and_nobody_is_told(
    tilleuls: House,
    alice: Staff,
    paris: Moment,
    given: list[Appointment],
    shut: Callable[..., Closed],
) -> None:
    first, second, _ = given
    twin = room_for(tilleuls, first.reason, "Salle 2")
    draft = ours.replan_closing(closing=shut().closing, by=alice, at=NOW)
    assert {one.why for one in replan_facts.lines_of(draft)} == {"garde son heure"}
    assert ours.approve(replan=draft, by=alice, at=NOW).written
    for visit in (first, second):
        visit.refresh_from_db()
        assert [use.resource for use in visit.resources_used.all()] == [twin]
    assert (first.starts_at, second.starts_at) == (paris(10, 0, TOMORROW), paris(15, 0, TOMORROW))
    assert not Notice.objects.filter(kind="replan.proposed").exists()


def test_undone_the_visits_are_in_the_closed_room_again_to_be_replanned(
    alice: Staff, paris: Moment, given: list[Appointment], shut: Callable[..., Closed]
) -> None:
    first, second, _ = given
    closing = shut().closing
    done = ours.approve(
        replan=ours.replan_closing(closing=closing, by=alice, at=NOW), by=alice, at=NOW
    )
    ours.undo(replan=done.replan, by=alice, at=NOW + timedelta(minutes=3))
    first.refresh_from_db()
    assert first.starts_at == paris(10, 0, TOMORROW)
    again = ours.replan_closing(closing=closing, by=alice, at=NOW + timedelta(minutes=4))
    assert {one.appointment_id for one in replan_facts.lines_of(again)} == {first.pk, second.pk}


def test_undone_a_visit_keeps_whatever_else_it_needs(
    tilleuls: House, laser: VisitReason, alice: Staff, paris: Moment, shut: Callable[..., Closed]
) -> None:
    chair = Resource.objects.create(practice=tilleuls.practice, site=tilleuls.site, name="Fauteuil")
    ReasonNeed.objects.create(practice=tilleuls.practice, reason=laser, resource=chair, need=2)
    patient = known(tilleuls, alice, "Arnaud")
    visit = book(tilleuls, alice, paris(10, 0, TOMORROW), reason=laser, patient=patient, title="")
    draft = ours.replan_closing(closing=shut().closing, by=alice, at=NOW)

    def takes() -> set[str]:
        return set(visit.resources_used.values_list("resource__name", flat=True))

    done = ours.approve(replan=draft, by=alice, at=NOW)
    visit.refresh_from_db()
    assert visit.starts_at > paris(20, 0, TOMORROW)
    ours.undo(replan=done.replan, by=alice, at=NOW + timedelta(minutes=3))
    assert takes() == {"Salle laser", "Fauteuil"}


def test_a_closing_of_a_month_is_replanned_after_it(
    room: Resource, given: list[Appointment], alice: Staff, paris: Moment
) -> None:
    closing = close_resource(
        resource=room, starts_at=paris(8, 0, TOMORROW), by=alice, at=NOW,
        ends_at=paris(8, 0, TOMORROW) + timedelta(days=30),
    ).closing  # fmt: skip
    lines = replan_facts.lines_of(ours.replan_closing(closing=closing, by=alice, at=NOW))
    assert len(lines) == len(given) - 1
    assert all(one.starts_at and one.starts_at >= closing.ends_at for one in lines)


def test_the_screen_closes_a_room_lists_its_visits_and_opens_their_draft(
    given: list[Appointment], room: Resource, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    client, url = at_desk(alice), f"/agenda/settings/resources/{room.pk}/closings/"
    assert "Aucune fermeture" in unescape(client.get(url).content.decode())
    form = {
        "from_day": TOMORROW, "to_day": TOMORROW, "from_clock": "", "to_clock": time(12),
        "label": "panne",
    }  # fmt: skip
    answer = client.post(url, form, headers=HTMX)
    closing = ResourceClosing.objects.get()
    assert [one.pk for one in visits_hit(closing)] == [given[0].pk]
    assert (closing.starts_at, closing.ends_at) == (paris(0, 0, TOMORROW), paris(12, 0, TOMORROW))
    told = events(answer)
    assert "1 rendez-vous à replacer" in told["notice"]["text"]
    shown = unescape(client.get(told["openSheet"]["url"]).content.decode())
    assert "Replanifier la visite concernée" in shown
    assert "ARNAUD" in shown
    assert "BERTIN" not in shown
    assert "1 rendez-vous à replacer" in unescape(client.get(url).content.decode())
    listed = unescape(client.get("/agenda/settings/resources/").content.decode())
    assert "mardi 24 novembre 2026" in listed
    answer = client.post(f"/agenda/closings/{closing.pk}/replan/", headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"/agenda/replans/{Replan.objects.get().pk}/"
    draft = unescape(client.get(answer.headers["HX-Redirect"]).content.decode())
    assert "Replanifier : Salle laser" in draft.replace("\N{NO-BREAK SPACE}", " ")
    day = client.get("/agenda/rooms/times/", {"date": TOMORROW.isoformat()}).json()
    assert [(one["words"], one["end"]) for one in day["closed"]] == [
        ("Indisponible : panne", "2026-11-24T12:00")
    ]
    client.post(told["notice"]["undo"], headers=HTMX)
    closing.refresh_from_db()
    assert closing.cancelled_by == alice
