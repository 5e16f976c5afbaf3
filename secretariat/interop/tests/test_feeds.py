"""An agenda followed elsewhere: what client libraries read of it, and what nobody reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import recurring_ical_events
import time_machine
from django.test import Client
from icalendar import Calendar

from secretariat.agenda import actions as agenda
from secretariat.agenda.actions.absences import absent
from secretariat.agenda.actions.replacements import replace
from secretariat.core.refusal import NotAllowed
from secretariat.interop.actions import feeds
from secretariat.interop.ical import writing
from secretariat.interop.models import Feed
from secretariat.patients.actions import register
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from tests.cast import NOW, Desk, House

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def this_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    return register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F",
    )  # fmt: skip


@pytest.fixture
def give(tilleuls: House, alice: Staff, jeanne: Patient) -> Callable[..., Any]:
    def book(starts_at: datetime, **other: Any) -> Any:
        return agenda.book(
            agenda=tilleuls.agenda("Lefèvre"), patient=jeanne,
            reason=tilleuls.reasons["Consultation"], starts_at=starts_at, by=alice, at=NOW, **other,
        )  # fmt: skip

    return book


def follow(house: House, by: Staff, shows: str = "nothing") -> str:
    """The path where Dr Lefèvre's agenda is followed."""
    _, secret = feeds.publish(agenda=house.agenda("Lefèvre"), shows=shows, by=by, at=NOW)
    return f"/ical/{secret}"


def read(path: str, **headers: str) -> Any:
    return Desk().get(path, headers=headers)


def events(path: str) -> list[Any]:
    answer = read(f"{path}.ics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_calendar_sees_when_and_neither_who_nor_why(
    tilleuls: House, alice: Staff, give: Callable[..., Any]
) -> None:
    visit = give(NOW + timedelta(hours=1), note="douleur")
    path = follow(tilleuls, alice)
    [event] = events(path)
    assert event.decoded("DTSTART") == visit.starts_at
    assert event.decoded("DTEND") == visit.ends_at
    assert str(event["SUMMARY"]) == "Occupé"
    text = read(f"{path}.ics").content.decode()
    for secret in ("KELLER", "Keller", "Jeanne", "J. K.", "Consultation", "douleur", "1985"):
        assert secret not in text


def test_initials_when_the_owner_chose_them(
    tilleuls: House, alice: Staff, give: Callable[..., Any]
) -> None:
    give(NOW + timedelta(hours=1))
    [event] = events(follow(tilleuls, alice, "initials"))
    assert str(event["SUMMARY"]) == "J. K."
    assert "KELLER" not in event.to_ical().decode()


def test_a_cancelled_visit_goes_and_a_moved_one_keeps_its_name(
    tilleuls: House, alice: Staff, give: Callable[..., Any]
) -> None:
    visit, other = give(NOW + timedelta(hours=1)), give(NOW + timedelta(hours=2))
    path = follow(tilleuls, alice)
    before = {str(event["UID"]) for event in events(path)}
    agenda.cancel(appointment=other, version=1, wanted_by="patient", why="", by=alice, at=NOW)
    agenda.move(appointment=visit, version=1, starts_at=NOW + timedelta(hours=7), by=alice, at=NOW)
    [event] = events(path)
    assert str(event["UID"]) in before
    assert event["SEQUENCE"] == 1


def test_a_visit_keeps_its_hour_over_both_clock_changes(
    tilleuls: House, alice: Staff, give: Callable[..., Any], paris: Callable[..., datetime]
) -> None:
    days = [date(2027, 3, 26), date(2027, 3, 28), date(2027, 3, 29)]
    for day in days:
        give(paris(9, 30, day=day), force=True)
    with time_machine.travel("2027-03-01 08:00Z", tick=False):
        found = Calendar.from_ical(read(f"{follow(tilleuls, alice)}.ics").content)
    for day in days:
        [event] = recurring_ical_events.of(found).at(day)
        local = event.decoded("DTSTART").astimezone(paris(9, day=day).tzinfo)
        assert local == paris(9, 30, day=day)


def test_both_lives_of_an_hour_in_autumn_are_told_apart() -> None:
    first = datetime.fromisoformat("2026-10-25T02:30:00+02:00")
    second = datetime.fromisoformat("2026-10-25T02:30:00+01:00")
    text = writing.events(
        "Garde", "Europe/Paris",
        [writing.Busy(at, at + timedelta(minutes=15), "x", str(at), NOW) for at in (first, second)],
    )  # fmt: skip
    starts = [event.decoded("DTSTART") for event in Calendar.from_ical(text).walk("VEVENT")]
    assert starts == [first, second]


def test_free_and_busy_and_away(
    tilleuls: House, alice: Staff, give: Callable[..., Any], paris: Callable[..., datetime]
) -> None:
    give(paris(10))
    give(paris(10, 15))
    absent(
        agenda=tilleuls.agenda("Lefèvre"), starts_at=paris(14), ends_at=paris(18), label="Congrès",
        by=alice, at=NOW,
    )  # fmt: skip
    answer = read(f"{follow(tilleuls, alice)}/free-busy.ics")
    told: Any = Calendar.from_ical(answer.content).walk("VFREEBUSY")[0]
    spans = [(one.params["FBTYPE"], one.start, one.end) for one in told["FREEBUSY"]]
    assert spans == [("BUSY", paris(10), paris(10, 30)), ("BUSY-UNAVAILABLE", paris(14), paris(18))]
    assert b"Congr" not in answer.content


def test_while_a_locum_stands_in_the_agenda_says_so_and_not_that_the_holder_is_away(
    tilleuls: House, alice: Staff, paris: Callable[..., datetime]
) -> None:
    lefevre = tilleuls.agenda("Lefèvre")
    absent(agenda=lefevre, starts_at=paris(8), ends_at=paris(20), by=alice, at=NOW)
    replace(
        agenda=lefevre, practitioner=tilleuls.agenda("Moreau").practitioner,
        from_date=NOW.date(), to_date=NOW.date(), by=alice, at=NOW,
    )  # fmt: skip
    path = follow(tilleuls, alice)
    [told] = events(path)
    assert (told["SUMMARY"], told["TRANSP"]) == ("Remplacement : Dr Moreau", "TRANSPARENT")
    assert b"FREEBUSY;" not in read(f"{path}/free-busy.ics").content


def test_an_agenda_that_did_not_change_is_not_sent_again(
    tilleuls: House, alice: Staff, give: Callable[..., Any]
) -> None:
    give(NOW + timedelta(hours=1))
    path = follow(tilleuls, alice)
    tag = read(f"{path}.ics").headers["ETag"]
    again = read(f"{path}.ics", **{"If-None-Match": f"W/{tag}"})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"
    give(NOW + timedelta(hours=2))
    assert read(f"{path}.ics", **{"If-None-Match": tag}).status_code == 200


def test_an_address_withdrawn_or_replaced_shows_nothing(tilleuls: House, alice: Staff) -> None:
    first = follow(tilleuls, alice)
    second = follow(tilleuls, alice)
    assert [read(f"{path}.ics").status_code for path in (first, second)] == [404, 200]
    feeds.withdraw(feed=Feed.objects.get(revoked_at=None), by=alice, at=NOW)
    assert read(f"{second}.ics").status_code == 404
    assert read(f"{second}/free-busy.ics").status_code == 404
    assert read("/ical/nonsense.ics").status_code == 404


def test_who_does_not_rule_the_agenda_shows_it_to_nobody(tilleuls: House, zoe: Staff) -> None:
    with pytest.raises(NotAllowed):
        follow(tilleuls, zoe)


def test_the_next_door_agenda_stays_next_door(
    tilleuls: House, port: House, alice: Staff, give: Callable[..., Any]
) -> None:
    give(NOW + timedelta(hours=1))
    path = follow(tilleuls, alice)
    text = read(f"{path}.ics").content.decode()
    assert "Goff" not in text
    assert text.count("BEGIN:VEVENT") == 1


def test_the_address_is_shown_once(
    tilleuls: House, alice: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    desk, book = at_desk(alice), tilleuls.agendas["Lefèvre"]
    shown = desk.post(f"/elsewhere/agendas/{book.pk}/address/", {"shows": "initials"})
    page = shown.content.decode()
    path = page.split('value="http://testserver')[1].split('"')[0]
    assert read(path).status_code == 200
    listed = desk.get("/elsewhere/").content.decode()
    assert path.removesuffix(".ics") not in listed
    assert "Changer d’adresse" in listed


def test_a_name_cannot_begin_another_line() -> None:
    def called(name: str) -> tuple[str, str]:
        text = writing.events(name, "Europe/Paris", [writing.Busy(NOW, NOW, name, "1", NOW)])
        [event] = Calendar.from_ical(text).walk("VEVENT")
        return text, str(event["SUMMARY"])

    text, read_back = called("Dr\r\nATTENDEE:mailto:x, y; z\\")
    assert "\r\nATTENDEE" not in text
    assert read_back == "Dr ATTENDEE:mailto:x, y; z\\"
    long, read_back = called("é" * 200)
    assert max(len(line.encode()) for line in long.split("\r\n")) <= 75
    assert read_back == "é" * 200
