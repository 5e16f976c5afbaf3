"""What a visit given, moved or cancelled promises to its patient; reminders; the link's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.actions import book, cancel, move, restore
from secretariat.agenda.actions.by_patient import give_up
from secretariat.agenda.actions.reminding import remind, set_announcing, set_reminders
from secretariat.agenda.models import Appointment
from secretariat.agenda.reminder_times import When, due
from secretariat.notices.actions import carry
from secretariat.notices.models import Notice
from secretariat.notices.tests.test_carrying import Recorder, mobile, person
from secretariat.outbox import opening
from secretariat.outbox.dispatching import dispatch
from secretariat.patients.models import Patient
from secretariat.practice.actions import automatic_post, change_site
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

Moment = Callable[..., datetime]
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def sms(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """The practice's SMS, remembered."""
    recorder = Recorder()
    monkeypatch.setattr(opening, "_openers", {"sms": lambda _pk: recorder})
    monkeypatch.setattr(opening, "_limits", [])
    return recorder


@pytest.fixture
def anne(alice: Staff) -> Patient:
    """A patient who accepts messages on her mobile."""
    return person(alice, "MARTIN", mobile())


def given(house: House, patient: Patient, at: datetime, **more: object) -> Appointment:
    return book(
        agenda=house.agenda("Lefèvre"), patient=patient, reason=house.reasons["Consultation"],
        starts_at=at, by=house.staff["Alice"], at=NOW, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def leave(house: House, at: datetime = NOW + timedelta(minutes=2)) -> None:
    """The worker passes."""
    carry(practice_id=house.practice.pk, at=at)
    dispatch(lambda: at)


def test_a_visit_given_is_confirmed_without_saying_why(
    tilleuls: House, anne: Patient, sms: Recorder, paris: Moment
) -> None:
    given(tilleuls, anne, paris(9, 30, FRIDAY))
    leave(tilleuls)
    [letter] = sms.sent
    assert letter.body.startswith("Rendez-vous vendredi 27 novembre à 9 h 30, Cabinet des Tilleuls")
    assert not re.search("consultation|Lefèvre|MARTIN|Anne", letter.body, re.IGNORECASE)


def test_a_message_and_the_page_of_its_link_name_the_place_as_the_practice_wants(
    tilleuls: House, anne: Patient, sms: Recorder, paris: Moment, client: Client
) -> None:
    change_site(
        site=tilleuls.site, name="Centre d’addictologie", public_name="Centre des Tilleuls",
        by=tilleuls.staff["Alice"], at=NOW,
    )  # fmt: skip
    given(tilleuls, anne, paris(9, 30, FRIDAY))
    leave(tilleuls)
    assert "Centre des Tilleuls" in sms.sent[0].body
    [address] = re.findall(r"https?://[^/]+(/rdv/\S+)", sms.sent[0].body)
    with time_machine.travel(NOW + timedelta(minutes=3), tick=False):
        page = client.get(address).text
    assert "Centre des Tilleuls" in page
    assert "addictologie" not in (sms.sent[0].body + page).lower()


def test_an_hour_typed_on_the_clock_of_the_wall_is_told_as_well(
    tilleuls: House, anne: Patient, sms: Recorder, paris: Moment
) -> None:
    given(tilleuls, anne, paris(9, 30, FRIDAY).astimezone(ZoneInfo("Europe/Paris")))
    leave(tilleuls)
    assert len(sms.sent) == 1


def test_a_practice_may_not_confirm(
    tilleuls: House, keller: Staff, anne: Patient, sms: Recorder, paris: Moment
) -> None:
    set_announcing(confirm=False, cancel_hours=24, patients_move=True, by=keller, at=NOW)
    given(tilleuls, anne, paris(9, 30, FRIDAY))
    leave(tilleuls)
    assert sms.sent == []


def test_a_slip_of_the_hand_is_not_told(
    tilleuls: House, alice: Staff, anne: Patient, sms: Recorder, paris: Moment
) -> None:
    """Given at 9:30 then moved to 9:45 before anything left: one message, the right hour."""
    visit = given(tilleuls, anne, paris(9, 30, FRIDAY))
    move(appointment=visit, version=1, starts_at=paris(9, 45, FRIDAY), by=alice, at=NOW)
    leave(tilleuls)
    [letter] = sms.sent
    assert "9 h 45" in letter.body


def test_a_visit_moved_later_tells_the_new_hour_and_must_be_known(
    tilleuls: House, alice: Staff, anne: Patient, sms: Recorder, paris: Moment
) -> None:
    visit = given(tilleuls, anne, paris(9, 30, FRIDAY))
    leave(tilleuls)
    later = NOW + timedelta(hours=3)
    move(appointment=visit, version=1, starts_at=paris(15, 0, FRIDAY), by=alice, at=later)
    leave(tilleuls, later + timedelta(minutes=2))
    assert "15 h 00" in sms.sent[1].body
    assert Notice.objects.get(kind="visit.moved").must


def test_cancelled_by_the_practice_must_be_known_and_undone_is_corrected(
    tilleuls: House, alice: Staff, anne: Patient, sms: Recorder, paris: Moment
) -> None:
    visit = given(tilleuls, anne, paris(9, 30, FRIDAY), tell=False)
    cancel(appointment=visit, version=1, wanted_by="practice", why="", by=alice, at=NOW)
    leave(tilleuls)
    assert "annulé" in sms.sent[0].body
    visit.refresh_from_db()
    restore(appointment=visit, by=alice, at=NOW + timedelta(minutes=3))
    leave(tilleuls, NOW + timedelta(minutes=6))
    assert sms.sent[1].body.startswith("Rendez-vous vendredi 27 novembre à 9 h 30")


def test_a_visit_given_up_by_link_and_restored_by_the_desk_is_said_to_stand(
    tilleuls: House, alice: Staff, anne: Patient, sms: Recorder, paris: Moment
) -> None:
    visit = given(tilleuls, anne, paris(9, 30, FRIDAY))
    leave(tilleuls)
    link = automatic_post(practice_id=tilleuls.practice.pk, role_key="patient_link", at=NOW)
    later = NOW + timedelta(hours=1)
    give_up(appointment=visit, version=1, by=link, at=later)
    restore(appointment=visit, by=alice, at=later + timedelta(minutes=5))
    leave(tilleuls, later + timedelta(minutes=8))
    assert len(sms.sent) == 2
    assert sms.sent[1].body.startswith("Rendez-vous vendredi 27 novembre à 9 h 30")
    assert Notice.objects.latest("pk").must


def test_a_cancelling_undone_at_once_says_nothing(
    tilleuls: House, alice: Staff, anne: Patient, sms: Recorder, paris: Moment
) -> None:
    visit = given(tilleuls, anne, paris(9, 30, FRIDAY), tell=False)
    cancel(appointment=visit, version=1, wanted_by="practice", why="", by=alice, at=NOW)
    restore(appointment=visit, by=alice, at=NOW + timedelta(seconds=20))
    leave(tilleuls)
    assert sms.sent == []


def test_reminders_run_a_hundred_times_leave_once(
    tilleuls: House, anne: Patient, sms: Recorder, paris: Moment
) -> None:
    given(tilleuls, anne, paris(9, 30, FRIDAY), tell=False)
    wednesday = paris(10, 0, date(2026, 11, 25))
    before = remind(practice_id=tilleuls.practice.pk, at=wednesday - timedelta(minutes=1))
    new = [remind(practice_id=tilleuls.practice.pk, at=wednesday) for _time in range(100)]
    leave(tilleuls, wednesday)
    assert (before, sum(new), len(sms.sent)) == (0, 1, 1)


def test_a_reason_has_its_own_reminders_or_none(
    tilleuls: House, alice: Staff, anne: Patient, paris: Moment
) -> None:
    reason = tilleuls.reasons["Consultation"]
    given(tilleuls, anne, paris(9, 30, FRIDAY), tell=False)
    thursday = paris(9, 30, date(2026, 11, 26))
    set_reminders(reason=reason, whens=[], silent=True, by=alice, at=NOW)
    assert remind(practice_id=tilleuls.practice.pk, at=thursday) == 0
    set_reminders(reason=reason, whens=[When(hours=24)], silent=False, by=alice, at=NOW)
    assert remind(practice_id=tilleuls.practice.pk, at=thursday) == 1


@pytest.mark.parametrize("day", [date(2027, 3, 29), date(2026, 10, 26)])
def test_the_hour_of_a_reminder_stays_the_local_one_across_a_clock_change(day: date) -> None:
    zone = "Europe/Paris"
    starts = due(
        datetime.combine(day + timedelta(days=1), time(9), UTC),
        zone,
        When(days=2, at_time=time(18)),
    )

    assert starts.astimezone(ZoneInfo(zone)).time() == time(18)


@pytest.fixture
def link(tilleuls: House, anne: Patient, sms: Recorder, paris: Moment) -> str:
    """The path of the link that Anne received for Friday 9:30."""
    given(tilleuls, anne, paris(9, 30, FRIDAY))
    leave(tilleuls)
    found = re.search(r"https?://[^/]+(/rdv/\S+)", sms.sent[0].body)
    assert found
    return found[1]


@pytest.fixture
def patient_phone(tilleuls: House) -> Client:
    """A browser that nobody logged in; the scope is opened again after each request."""
    from tests.cast import Desk

    return Desk()


def test_a_mail_scanner_that_follows_the_link_changes_nothing(
    link: str, patient_phone: Client
) -> None:
    before = Entry.objects.count()
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        for _time in range(20):
            page = patient_phone.get(link)
            patient_phone.get(link + f"{Appointment.objects.get().pk}/cancellation/")
            assert (
                patient_phone.get(link + f"{Appointment.objects.get().pk}/another/").status_code
                == 200
            )
            patient_phone.head(link)
    text = page.content.decode()
    assert "vendredi 27 novembre" in text
    assert not re.search("MARTIN|Consultation|Lefèvre", text)
    visit = Appointment.objects.get()
    assert (visit.cancelled_at, visit.confirmed_at, visit.version) == (None, None, 1)
    assert not Staff.objects.filter(role_key="patient_link").exists()  # made by the first deed
    assert Entry.objects.count() == before


def press(client: Client, link: str, verb: str, **sent: object) -> int:
    visit = Appointment.objects.get()
    address = f"{link}{visit.pk}/{verb}/"
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        return client.post(address, {"version": visit.version, **sent}).status_code


def test_the_patient_confirms_by_a_button(link: str, patient_phone: Client) -> None:
    assert press(patient_phone, link, "confirmation") == 302
    assert Appointment.objects.get().confirmed_at is not None
    assert Notice.objects.get().answer == "confirmed"


def test_the_patient_cancels_and_it_is_signed_by_the_link(link: str, patient_phone: Client) -> None:
    assert press(patient_phone, link, "cancellation") == 302
    visit = Appointment.objects.get()
    assert (visit.cancelled_for, visit.cancelled_by and visit.cancelled_by.role_key) == (
        "patient",
        "patient_link",
    )


def test_within_the_practice_s_limit_one_must_call(
    keller: Staff, link: str, patient_phone: Client
) -> None:
    set_announcing(confirm=True, cancel_hours=720, patients_move=True, by=keller, at=NOW)
    assert press(patient_phone, link, "cancellation") == 409
    assert Appointment.objects.get().cancelled_at is None


def test_another_time_is_a_true_free_one(
    tilleuls: House, link: str, patient_phone: Client, paris: Moment
) -> None:
    reason = tilleuls.reasons["Consultation"]
    reason.bookable_by_patient = True
    reason.save()
    visit = Appointment.objects.get()
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        page = patient_phone.get(f"{link}{visit.pk}/another/").content.decode()
    offered = re.findall(r'name="at" value="([^"]+)"', page)
    assert offered
    assert press(patient_phone, link, "another", at=offered[-1].replace("&quot;", "")) == 302
    moved = Appointment.objects.get()
    assert moved.starts_at == datetime.fromisoformat(offered[-1].partition("@")[2])
    lunch = f"1@{paris(13, 0, FRIDAY).isoformat()}"
    assert press(patient_phone, link, "another", at=lunch) == 409


def test_when_the_practice_wants_to_speak_first_the_patient_is_to_be_called(
    link: str, patient_phone: Client
) -> None:
    assert press(patient_phone, link, "another") == 302
    notice = Notice.objects.get()
    assert (notice.state, notice.why) == ("unreached", "Demande un autre moment.")


@pytest.mark.parametrize("change", ["another letter", "cut short", "longer"])
def test_a_link_that_we_did_not_sign_opens_nothing(
    link: str, patient_phone: Client, change: str
) -> None:
    token = link.strip("/").split("/")[1]
    other = "y" if token[0] == "x" else "x"
    bad = {
        "another letter": other + token[1:], "cut short": token[:-3], "longer": f"AAAA{token[1:]}",
    }[change]  # fmt: skip
    assert patient_phone.get(f"/rdv/{bad}/").status_code == 404


def test_a_link_is_over_when_the_visit_has_begun(link: str, patient_phone: Client) -> None:
    with time_machine.travel(NOW + timedelta(days=5), tick=False):
        assert patient_phone.get(link).status_code == 404
