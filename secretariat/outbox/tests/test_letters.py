"""Letters are printed together, folded, posted; who has no telephone is told by post."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from secretariat.core.refusal import NotAllowed
from secretariat.core.scope import scope
from secretariat.outbox import actions as outbox
from secretariat.outbox import rendering
from secretariat.outbox.actions import letters as actions
from secretariat.outbox.actions.letters import AlreadyPosted, NothingToPrint
from secretariat.outbox.channels import letter as paper
from secretariat.outbox.models import BatchLetter, LetterBatch, Message
from secretariat.outbox.signals import settled
from secretariat.practice.models import Site, Staff
from tests.cast import NOW, House

KIND = "outbox.test"


@pytest.fixture(autouse=True)
def _writer() -> Iterator[None]:
    """Letters whose cause is their text; one caused by « nothing » has nothing to say."""

    def write(messages: Sequence[Message]) -> dict[int, rendering.Text]:
        return {
            message.pk: rendering.Text(
                "Votre rendez-vous", f"Bonjour,\n\n{message.cause}",
                ("Mme Manon IMAGINAIRE", "3 rue du #Port", "99000 VILLE-INVENTION"),
            )
            for message in messages
            if message.cause != "nothing"
        }  # fmt: skip

    rendering.written_by(KIND, write)
    yield
    rendering._writers.pop(KIND)


@pytest.fixture
def heard() -> Iterator[list[tuple[str, str]]]:
    """Cause and state of each letter settled."""
    said: list[tuple[str, str]] = []

    def hear(sender: object, *, messages: list[Message], **_more: Any) -> None:
        said.extend((message.cause, message.state) for message in messages)

    settled.connect(hear)
    yield said
    settled.disconnect(hear)


def queue(house: House, cause: str) -> Message:
    message = outbox.queue(
        practice_id=house.practice.pk, kind=KIND, cause=cause, channel="letter", address="", at=NOW
    )
    assert message is not None
    return message


def printed(by: Staff) -> LetterBatch:
    return actions.print_letters(practice_id=by.practice_id, by=by, at=NOW)


@pytest.mark.django_db
class TestBatch:
    """From waiting to posted."""

    def test_what_is_printed_is_what_is_kept(self, tilleuls: House, alice: Staff) -> None:
        queue(tilleuls, "Le premier")
        queue(tilleuls, "Le second")
        batch = printed(alice)
        first, second = BatchLetter.objects.filter(batch=batch).order_by("place")
        assert first.message.body == "Bonjour,\n\nLe premier"
        assert second.address.splitlines()[-1] == "99000 VILLE-INVENTION"
        assert {m.state for m in Message.objects.all()} == {"waiting"}

    def test_posting_is_what_tells(
        self, tilleuls: House, alice: Staff, heard: list[tuple[str, str]]
    ) -> None:
        queue(tilleuls, "a")
        batch = printed(alice)
        assert heard == []
        assert actions.post_letters(batch=batch, by=alice, at=NOW) == 1
        assert heard == [("a", "sent")]
        with pytest.raises(AlreadyPosted):
            actions.post_letters(batch=batch, by=alice, at=NOW)

    def test_a_letter_is_in_one_batch_only(self, tilleuls: House, alice: Staff) -> None:
        queue(tilleuls, "a")
        printed(alice)
        with pytest.raises(NothingToPrint):
            printed(alice)

    def test_a_letter_with_nothing_left_to_say_is_not_printed(
        self, tilleuls: House, alice: Staff, heard: list[tuple[str, str]]
    ) -> None:
        queue(tilleuls, "a")
        queue(tilleuls, "nothing")
        assert printed(alice).letters.count() == 1
        assert heard == [("nothing", "withdrawn")]

    def test_a_letter_withdrawn_after_printing_is_not_posted(
        self, tilleuls: House, alice: Staff, heard: list[tuple[str, str]]
    ) -> None:
        gone, stays = queue(tilleuls, "gone"), queue(tilleuls, "stays")
        batch = printed(alice)
        assert outbox.withdraw(messages=[gone], at=NOW) == []
        assert actions.post_letters(batch=batch, by=alice, at=NOW) == 1
        assert Message.objects.get(pk=gone.pk).state == "withdrawn"
        assert Message.objects.get(pk=stays.pk).state == "sent"

    def test_a_printing_gone_wrong_is_put_back(self, tilleuls: House, alice: Staff) -> None:
        queue(tilleuls, "a")
        actions.put_back_letters(batch=printed(alice), by=alice, at=NOW)
        assert printed(alice).letters.count() == 1

    def test_who_may_not_write_does_not_post(
        self, tilleuls: House, port: House, alice: Staff, lefevre: Staff, charlie: Staff
    ) -> None:
        queue(tilleuls, "a")
        batch = printed(alice)
        with scope([tilleuls.practice.pk, port.practice.pk]):
            for stranger in (lefevre, charlie):
                with pytest.raises(NotAllowed):
                    actions.post_letters(batch=batch, by=stranger, at=NOW)


@pytest.mark.django_db
def test_from_the_page_to_the_post_box(
    tilleuls: House, alice: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    desk = at_desk(alice)
    queue(tilleuls, "Rendez-vous mardi 24 novembre à 9 h 30.")
    assert "1</strong> courrier attend" in desk.get(reverse("outbox:letters")).text
    desk.post(reverse("outbox:print_letters"))
    batch = LetterBatch.objects.get()
    pdf = desk.get(reverse("outbox:letter_sheets", args=[batch.pk]))
    assert (
        pdf["Content-Type"] == "application/pdf" and "courriers-2026" in pdf["Content-Disposition"]
    )
    text = PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    assert "Mme Manon IMAGINAIRE" in text and "mardi 24 novembre" in text
    assert "3 rue du #Port" in text and "Cabinet des Tilleuls" in text
    labels = desk.get(reverse("outbox:letter_labels", args=[batch.pk]))
    assert "IMAGINAIRE" in PdfReader(io.BytesIO(labels.content)).pages[0].extract_text()
    answer = desk.post(reverse("outbox:post_letters", args=[batch.pk]), follow=True)
    assert "Postés : 1." in answer.text
    assert Message.objects.get().state == "sent"


@pytest.mark.django_db
def test_a_letter_comes_from_the_name_said_to_patients(
    tilleuls: House, alice: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    Site.objects.update(public_name="Centre des Roses")
    queue(tilleuls, "Rendez-vous mardi 24 novembre à 9 h 30.")
    batch = printed(alice)
    pdf = at_desk(alice).get(reverse("outbox:letter_sheets", args=[batch.pk]))
    text = PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    assert "Centre des Roses" in text and "Cabinet des Tilleuls" not in text


HEAD = paper.Head("Cabinet des Tilleuls", ["1 rue des Tilleuls"], "Ville, le 23 novembre 2026")


def test_the_address_stands_in_the_window_of_the_envelope() -> None:
    pdf = paper.letters(HEAD, [paper.Paper(["Mme IMAGINAIRE"], "Objet", "Bonjour")])
    places: list[tuple[float, float]] = []

    def visit(text: str, page: Sequence[float], own: Sequence[float], *_rest: Any) -> None:
        if "IMAGINAIRE" in text:
            x = own[4] * page[0] + own[5] * page[2] + page[4]
            y = own[4] * page[1] + own[5] * page[3] + page[5]
            places.append((x, y))

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    millimetres = [(x / 72 * 25.4, 297 - y / 72 * 25.4) for x, y in places]
    assert millimetres and all(100 < x < 120 and 45 < y < 80 for x, y in millimetres)


@pytest.mark.parametrize(
    "hostile",
    ['#read("/etc/passwd")', "#import \"@preview/x:1\"", "<b>gras</b>", "$x^2$", "*a* _b_ @c",
     "\\u{41}", "<img src=http://127.0.0.1:1/>", "#image(\"x.png\")"],
)  # fmt: skip
def test_what_people_typed_is_printed_and_never_run(hostile: str) -> None:
    letter = paper.Paper([hostile], hostile, f"{hostile}\n\n{hostile}")
    for pdf in (paper.letters(HEAD, [letter]), paper.labels([letter])):
        reader = PdfReader(io.BytesIO(pdf))
        assert hostile[:4] in reader.pages[0].extract_text()
        assert not reader.attachments


def test_each_letter_has_its_page_and_labels_go_by_twenty_four() -> None:
    papers = [paper.Paper([f"Personne {n}"], "", "Bonjour") for n in range(30)]
    assert len(PdfReader(io.BytesIO(paper.letters(HEAD, papers))).pages) == 30
    assert len(PdfReader(io.BytesIO(paper.labels(papers))).pages) == 2
