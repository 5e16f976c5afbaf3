"""A visit is cancelled: two who wait get an SMS through the loopback gateway, the first to accept
has the time, the other is told; and the hour that the first one leaves is free in turn."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from playwright.sync_api import expect

from secretariat.demo.phones.gateway import PhoneServer
from secretariat.demo.phones.store import Store
from tests.desk_site import Desk, run
from tests.journeys.conftest import TELEPHONE
from tests.journeys.person import Person
from tests.journeys.prompter import ZONE, Prompter

SECRET = "a secret of this scene alone"
FIRST, SECOND = "+33639983001", "+33639983002"
OPEN = """
import django; django.setup()
from datetime import date, datetime, timedelta
from secretariat.core import clock, scope
from secretariat.demo.phones.wiring import wire
from secretariat.practice.everywhere import every_practice
from secretariat.practice.models import Practice, Staff
now = clock.now()
with every_practice():
    practice = Practice.objects.get(slug="tilleuls").pk
scope.apply([practice])
"""
STAGE = """
from secretariat.agenda.actions.booking import book
from secretariat.agenda.actions.waiting import Terms, enter
from secretariat.agenda.models import Agenda, OfferedReason, Waiting
from secretariat.patients.actions import NewContactPoint, register
wire(http_port={port}, smtp_port=9, secret={secret!r}, at=now)
scope.apply([practice])
by = Staff.objects.select_related("practice").get(role_key="secretary", practice=practice)
Waiting.objects.filter(ended_at=None).update(ended_at=now, ended_by=by, outcome="mistake")
agenda = Agenda.objects.select_related("site").get(name="Dr Lefèvre")
reason = OfferedReason.objects.filter(agenda=agenda).order_by("reason_id")[0].reason
day = date.fromisoformat({day!r})
def someone(name, mobile=""):
    points = [NewContactPoint(mobile, accepts_messages=True)] if mobile else []
    return register(
        practice=by.practice, by=by, at=now, despite_duplicates=True, birth_name=name,
        given_names="Anne", first_given_name="Anne", birth_date=date(1980, 5, 4), sex="F",
        contact_points=points,
    )
def visit(person, at):
    return book(agenda=agenda, patient=person, reason=reason, minutes=15, force=True, by=by,
                at=now, starts_at=datetime.fromisoformat(at), tell=False)
first, second = someone("SUREAU", {first!r}), someone("TROENE", {second!r})
later = visit(first, {later!r})
enter(patient=first, reason=reason, visit=later, terms=Terms(), by=by, at=now - timedelta(days=9))
enter(patient=second, reason=reason, terms=Terms(), by=by, at=now)
print(visit(someone("PIVOINE"), {early!r}).pk, later.pk)
"""
WORKER = """
from secretariat.agenda.waiting_tasks import offer_all
from secretariat.notices.tasks import carry_all
from secretariat.outbox.dispatching import dispatch
scope.close()
later = lambda: clock.now() + timedelta(minutes=2)
carry_all(later); dispatch(later); offer_all(clock.now)
"""


@contextmanager
def telephones() -> Iterator[PhoneServer]:
    """The invented telephones, ringing."""
    server = PhoneServer(0, Store(), key=SECRET, secret=SECRET)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def _texts(phones: PhoneServer, number: str) -> list[str]:
    return [t.body for one in phones.store.phones() if one.number == number for t in one.texts]


def _free_quarters(desk: Desk, day: date) -> tuple[datetime, datetime]:
    """Two quarters of an hour of that day, morning and afternoon, where nobody is."""
    taken = {
        row[0] for row in desk.query(
            "SELECT to_char(starts_at AT TIME ZONE 'Europe/Paris', 'HH24:MI') "
            "FROM agenda_appointment WHERE starts_at::date = %s", day,
        )
    }  # fmt: skip
    assert not taken & {"10:00", "16:00"}, "choose another week"
    return datetime.combine(day, time(10), ZONE), datetime.combine(day, time(16), ZONE)


def _staged(desk: Desk, phones: PhoneServer, hours: tuple[datetime, datetime]) -> tuple[int, int]:
    """The visit to cancel in the morning, and the afternoon's that someone wants sooner."""
    early, later = hours
    told = run(desk.database_url, "-c", OPEN + STAGE.format(
        port=phones.server_address[1], secret=SECRET, day=early.date().isoformat(), first=FIRST,
        second=SECOND, early=early.isoformat(), later=later.isoformat(),
    ))  # fmt: skip
    cancelled, moved = told.split()[-2:]
    return int(cancelled), int(moved)


def _links(phones: PhoneServer) -> list[str]:
    """The links that both received, in texts that tell an hour and nobody's name."""
    found = []
    for number in (FIRST, SECOND):
        [text] = _texts(phones, number)
        assert "à 10 h 00" in text
        assert not [word for word in ("SUREAU", "Lefèvre", "Consultation", "Dr ") if word in text]
        link = re.search(r"/creneau/\S+", text)
        assert link is not None, text
        found.append(link[0])
    return found


def _frees_and_writes(alice: Person, cancelled: int, day: date) -> None:
    """Alice cancels a visit, finds its time in the list and writes to those who fit."""
    alice.goes_to(f"/agenda/appointments/{cancelled}/")
    alice.presses("Delete")
    alice.page.get_by_role("button", name="Annuler le rendez-vous", exact=True).click()
    alice.is_told("Rendez-vous annulé")
    alice.presses("g", "f")
    alice.reads("Créneaux libérés")
    alice.can_read_everything()
    freed = alice.page.locator(".freed-times li").filter(has_text="10:00")
    freed.locator("[data-primary]").focus()
    alice.presses("Enter")
    people = alice.sheet.locator(".freed-people li")
    expect(people).to_have_text([re.compile("SUREAU"), re.compile("TROENE")])
    alice.can_read_everything()
    alice.presses("e")
    alice.reads("Tenu pour 2 patients", alice.sheet)
    expect(freed).to_contain_text("proposé à 2 patients")
    alice.goes_to(f"/agenda/?date={day}")
    alice.reads("Proposé à SUREAU Anne et 1 autre")


def test_a_freed_time_is_filled_by_sms(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    day = prompter.open_day(weeks=9)
    early, later = _free_quarters(desk, day)
    with telephones() as phones:
        cancelled, moved = _staged(desk, phones, (early, later))

        alice = at_desk("secretaire")
        _frees_and_writes(alice, cancelled, day)

        run(desk.database_url, "-c", OPEN + WORKER)
        links = _links(phones)

        anne = at_desk("", TELEPHONE, at_the_door=True)
        anne.goes_to(links[0])
        anne.reads("10 h 00")
        anne.can_read_everything()
        anne.page.get_by_role("button", name="Je prends ce créneau").click()
        anne.reads("ce créneau est à vous")
        anne.can_read_everything()
        other = at_desk("", TELEPHONE, at_the_door=True)
        other.goes_to(links[1])
        other.reads("vient d’être pris")
        other.can_read_everything()

        run(desk.database_url, "-c", OPEN + WORKER)
        assert "Vous restez sur la liste" in _texts(phones, SECOND)[-1]
    [(starts_at,)] = desk.query("SELECT starts_at FROM agenda_appointment WHERE id = %s", moved)
    assert starts_at == early
    alice.presses("g", "f")
    again = alice.page.locator(".freed-times li").filter(has_text="16:00")
    expect(again).to_contain_text("à proposer")
    again.locator("[data-primary]").focus()
    alice.presses("Enter")
    expect(alice.sheet.locator(".freed-people li")).to_have_text([re.compile("TROENE")])
    alice.presses("ArrowDown", "p")
    alice.is_told("Créneau donné à TROENE")
    expect(again).to_have_count(0)


def test_the_waiting_list_and_the_month_on_a_telephone(
    at_desk: Callable[..., Person],
) -> None:
    for size in ({"width": 1366, "height": 768}, TELEPHONE):
        alice = at_desk("secretaire", size)
        for path in ("", "?over=1", "new/", "recalls/", "recalls/new/", "recalls/campaigns/"):
            alice.goes_to(f"/agenda/waiting/{path}")
            alice.can_read_everything()
