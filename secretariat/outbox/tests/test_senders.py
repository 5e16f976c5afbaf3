"""How a practice's messages leave: kept by its manager, sealed, and tried before it is trusted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from secretariat.core import clock
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.outbox import opening, queries, sealing, ways
from secretariat.outbox.actions import senders as actions
from secretariat.outbox.actions.senders import HostRefused
from secretariat.outbox.channels import hosts
from secretariat.outbox.channels.tests import servers
from secretariat.outbox.models import MailSender, Message, SendingRules, SmsSender
from secretariat.outbox.quiet_hours import day_of
from secretariat.practice.models import Staff, User
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

pytestmark = pytest.mark.django_db
MAIL = {
    "host": "127.0.0.1", "security": "none", "login": "tilleuls", "password": "s3cret-mail",
    "name": "Cabinet des Tilleuls", "address": "rdv@tilleuls.test",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _loopback_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(hosts.VARIABLE, "127.0.0.1")


@pytest.fixture
def mailbox() -> Iterator[tuple[servers.Mailbox, int]]:
    with servers.smtp() as (box, port):
        yield box, port


@pytest.fixture
def page(keller: Staff, at_desk: Callable[[Staff], Client]) -> Client:
    """The manager's browser."""
    return at_desk(keller)


def keep_mail(house: House, by: Staff | None, port: int = 2525, **more: Any) -> MailSender:
    return actions.keep_mail_sender(
        practice_id=house.practice.pk, by=by, at=NOW, **{**MAIL, "port": port, **more}
    )


class TestSecrets:
    """Passwords are sealed at rest and never shown again."""

    def test_a_password_is_nowhere_in_clear(self, tilleuls: House, keller: Staff) -> None:
        kept = keep_mail(tilleuls, keller)
        assert "s3cret" not in json.dumps(list(MailSender.objects.values()), default=str)
        assert sealing.unseal(kept.password_sealed) == "s3cret-mail"
        entry = Entry.objects.get(verb="outbox.keep_mailsender")
        assert "127.0.0.1" in entry.detail and "s3cret" not in entry.detail

    def test_nothing_typed_keeps_the_password(self, tilleuls: House, keller: Staff) -> None:
        keep_mail(tilleuls, keller)
        again = keep_mail(tilleuls, keller, password="", name="Les Tilleuls")
        assert sealing.unseal(again.password_sealed) == "s3cret-mail"
        assert MailSender.objects.get().name == "Les Tilleuls"

    @pytest.mark.parametrize("moved", [{"port": 2526}, {"login": "another"}])
    def test_a_password_is_never_given_to_another_server(
        self, tilleuls: House, keller: Staff, moved: dict[str, Any]
    ) -> None:
        keep_mail(tilleuls, keller)
        assert keep_mail(tilleuls, keller, **{"password": "", **moved}).password_sealed == ""

    def test_another_site_key_reads_nothing_and_nothing_leaves(
        self, tilleuls: House, keller: Staff, settings: Settings
    ) -> None:
        kept = keep_mail(tilleuls, keller)
        assert opening.channel_of(tilleuls.practice.pk, "email") is not None
        settings.SECRET_KEY = "another-key"
        with pytest.raises(sealing.Unreadable):
            sealing.unseal(kept.password_sealed)
        assert opening.channel_of(tilleuls.practice.pk, "email") is None
        assert not ways.is_readable(kept)

    def test_the_page_shows_that_it_is_kept_and_not_what(
        self, tilleuls: House, keller: Staff, page: Client
    ) -> None:
        keep_mail(tilleuls, keller)
        actions.keep_sms_sender(
            practice_id=tilleuls.practice.pk, by=keller, at=NOW, provider="ovh",
            account="sms-ab1-1", application="app", key="s3cret-app", second_key="s3cret-user",
        )  # fmt: skip
        answer = page.get(reverse("outbox:senders"))
        assert answer.status_code == 200
        assert "Conservé. Tapez pour le remplacer." in answer.text
        assert "s3cret" not in answer.text
        assert "sealed" not in answer.text


class TestWhoAndWhere:
    """A manager's affair; never a machine of the network around."""

    def test_a_secretary_does_not_change_it(self, tilleuls: House, alice: Staff) -> None:
        with pytest.raises(NotAllowed):
            keep_mail(tilleuls, alice)

    def test_a_manager_does_not_change_the_practice_next_door(
        self, tilleuls: House, port: House, keller: Staff
    ) -> None:
        with pytest.raises(NotAllowed):
            keep_mail(port, keller)

    def test_the_page_asks_for_the_password_again(
        self, keller: Staff, at_desk: Callable[[Staff], Client]
    ) -> None:
        user = User.objects.get(pk=keller.user_id)
        user.set_password("the manager’s own")
        user.save()
        answer = at_desk(keller).get(reverse("outbox:senders"))
        assert answer.status_code == 302 and "reauthenticate" in answer["Location"]

    @pytest.mark.parametrize("host", ["169.254.169.254", "::1", "10.0.0.4", "0x7f000001",
                                      "localhost", "192.168.1.1"])  # fmt: skip
    def test_a_server_inside_is_refused_with_the_same_words(
        self, tilleuls: House, keller: Staff, page: Client, host: str
    ) -> None:
        with pytest.raises(HostRefused, match="ne répond pas, ou n’est pas"):
            keep_mail(tilleuls, keller, host=host, security="tls")
        with pytest.raises(HostRefused):
            keep_mail(tilleuls, keller, bounce_host=host)
        with pytest.raises(HostRefused):
            actions.keep_sms_sender(
                practice_id=tilleuls.practice.pk, by=keller, at=NOW, provider="generic",
                url=f"https://{f'[{host}]' if ':' in host else host}/send",
            )  # fmt: skip
        typed = {**MAIL, "host": host, "port": 25, "security": "tls", "active": "on"}
        answer = page.post(reverse("outbox:keep_mail"), typed)
        assert answer.status_code == 422 and hosts.GENERIC in answer.text
        assert "s3cret" not in answer.text
        assert not MailSender.objects.exists() and not SmsSender.objects.exists()

    @pytest.mark.parametrize("address", ["rdv", "rdv@tilleuls.test\r\nBcc: x@y.test", "a@b@c"])
    def test_an_odd_sender_is_refused(self, tilleuls: House, keller: Staff, address: str) -> None:
        with pytest.raises(BadInput):
            keep_mail(tilleuls, keller, address=address)


class TestTrial:
    """One message now, and the true answer of the other side."""

    def test_a_trial_arrives_in_the_practices_name(
        self, tilleuls: House, keller: Staff, page: Client, mailbox: tuple[servers.Mailbox, int]
    ) -> None:
        box, port = mailbox
        keep_mail(tilleuls, keller, port, login="", password="")
        said = page.post(reverse("outbox:try_mail"), {"to": "moi@exemple.test"}, follow=True)
        assert "Essai accepté par le serveur" in said.text
        [mail] = box.mails
        assert mail["To"] == "moi@exemple.test" and "Cabinet des Tilleuls" in mail["From"]

    def test_a_refusal_is_told_as_it_is(
        self, tilleuls: House, keller: Staff, page: Client, mailbox: tuple[servers.Mailbox, int]
    ) -> None:
        box, port = mailbox
        box.refusals["moi@exemple.test"] = "550 no such user"
        keep_mail(tilleuls, keller, port, login="", password="")
        said = page.post(reverse("outbox:try_mail"), {"to": "moi@exemple.test"}, follow=True)
        assert "Adresse de courriel inconnue ou refusée chez le destinataire (550)." in said.text
        kept = Message.objects.get()
        assert (kept.state, kept.sent_at, kept.cents) == ("failed", None, 0)

    def test_a_text_message_is_tried_too(
        self, tilleuls: House, keller: Staff, page: Client
    ) -> None:
        with servers.gateway((200, b'{"id": "m-1"}')) as (asked, port):
            typed = {
                "provider": "generic", "url": f"http://127.0.0.1:{port}/send", "key": "Bearer k",
                "fields_told": "dest = {to}\nmsg = {text}", "answers_told": "encoding = form",
                "cents_each": "6", "light": "on", "active": "on",
            }  # fmt: skip
            answer = page.post(reverse("outbox:keep_sms"), typed)
            assert answer.status_code == 302, answer.context["sms"].errors
            said = page.post(reverse("outbox:try_sms"), {"to": "06 39 98 01 23"}, follow=True)
            assert "Essai accepté" in said.text
            [(_method, _path, headers, body)] = asked.asked
        assert headers["authorization"] == "Bearer k"
        sent = parse_qs(body.decode())
        assert sent["dest"] == ["+33639980123"] and sent["msg"][0].startswith("Essai")
        # It cost something: it counts in the day, and is seen where it was asked for.
        assert "1 SMS, 0,06 €" in said.text and "+33639980123" in said.text
        kept = Message.objects.get()
        assert (kept.kind, kept.state, kept.cents) == ("outbox.trial", "sent", 6)
        day = day_of(clock.now(), opening.limits_of(keller.practice_id))
        assert queries.cents_between(keller.practice_id, *day) == 6
        assert Entry.objects.filter(verb="outbox.try").count() == 1

    def test_a_described_gateway_is_understood_or_told_why_not(
        self, keller: Staff, page: Client
    ) -> None:
        typed = {
            "provider": "generic", "url": "https://127.0.0.1/", "cents_each": "6",
            "fields_told": "to = {to}\ntext = {nom}",
        }  # fmt: skip
        answer = page.post(reverse("outbox:keep_sms"), typed)
        assert answer.status_code == 422 and "les seules places sont" in answer.text


class TestRules:
    """Hours, days, and what a day may cost."""

    def test_what_is_typed_is_what_the_dispatcher_reads(
        self, tilleuls: House, keller: Staff, page: Client
    ) -> None:
        typed = {
            "from_hour": "09:00", "until_hour": "19:30", "days_off": ["5", "6"],
            "delay_minutes": "5", "sms_a_day": "40", "euros_a_day": "12,50",
        }  # fmt: skip
        answer = page.post(reverse("outbox:keep_rules"), typed)
        assert answer.status_code == 302, answer.text
        limits = opening.limits_of(tilleuls.practice.pk)
        assert (limits.from_hour, limits.until_hour) == (time(9), time(19, 30))
        assert limits.days_off == {5, 6} and limits.zone == "Europe/Paris"
        assert (limits.sms_a_day, limits.cents_a_day) == (40, 1250)
        assert limits.delay == timedelta(minutes=5)
        assert Entry.objects.filter(verb="outbox.keep_sendingrules").count() == 1

    def test_a_practice_that_kept_nothing_has_prudent_rules(self, tilleuls: House) -> None:
        limits = ways.limits(tilleuls.practice.pk)
        assert limits.days_off == {6} and limits.from_hour == time(8)
        assert not SendingRules.objects.exists()

    @pytest.mark.parametrize(
        "odd",
        [
            {"from_hour": time(20), "until_hour": time(8)}, {"days_off": 127}, {"days_off": -1},
            {"delay_minutes": 61}, {"sms_a_day": -1}, {"cents_a_day": 2_000_000},
        ],
    )  # fmt: skip
    def test_rules_by_which_nothing_could_leave_are_refused(
        self, tilleuls: House, keller: Staff, odd: dict[str, Any]
    ) -> None:
        told: dict[str, Any] = {
            "from_hour": time(8), "until_hour": time(20), "days_off": 64, "sms_a_day": 500,
            "cents_a_day": 5000, "delay_minutes": 2, **odd,
        }  # fmt: skip
        with pytest.raises(BadInput):
            actions.keep_sending_rules(practice_id=tilleuls.practice.pk, by=keller, at=NOW, **told)
