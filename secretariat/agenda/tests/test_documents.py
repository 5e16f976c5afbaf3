"""Documents of a reason: kept as they should, handed over, and which of them leave by what."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from secretariat.agenda.actions import book, cancel
from secretariat.agenda.actions import documents as actions
from secretariat.agenda.actions.reminding import remind
from secretariat.agenda.models import Appointment, InstructionDocument
from secretariat.agenda.tests.test_telling import FRIDAY, Moment, leave
from secretariat.core import pdf
from secretariat.core.refusal import NotAllowed
from secretariat.core.scope import scope
from secretariat.notices.actions import post_letter
from secretariat.notices.enclosing import with_files
from secretariat.notices.models import Notice
from secretariat.notices.queries import ledger
from secretariat.notices.tests.test_carrying import Recorder, mobile, person
from secretariat.outbox import opening
from secretariat.outbox.actions import senders
from secretariat.outbox.actions.letters import print_letters
from secretariat.outbox.channels import hosts
from secretariat.outbox.channels.tests import servers
from secretariat.outbox.joined import Joined
from secretariat.outbox.models import Message
from secretariat.outbox.rendering import Text
from secretariat.patients.actions import NewContactPoint
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, Desk, House

SHEET = typst.compile(b"= Rester a jeun\n#pagebreak()\nDeuxieme page")
OTHER = typst.compile(b"= Apporter ses lunettes")


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """The practice's e-mail, remembered."""
    recorder = Recorder()
    monkeypatch.setattr(opening, "_openers", {"email": lambda _pk: recorder})
    monkeypatch.setattr(opening, "_limits", [])
    return recorder


def email(address: str = "anne@exemple.test") -> NewContactPoint:
    return NewContactPoint(address, system="email", accepts_messages=True)


def kept(
    house: House, title: str = "Préparation", content: bytes = SHEET, reason: str = "Consultation",
    *, leaves: bool = False,
) -> InstructionDocument:  # fmt: skip
    alice = house.staff["Alice"]
    document = actions.add_document(
        reason=house.reasons[reason], title=title, file_name=f"{title}.pdf", content=content,
        by=alice, at=NOW,
    )  # fmt: skip
    return actions.allow_joining(document=document, by=alice, at=NOW) if leaves else document


def given(
    house: House, patient: Patient, at: datetime, reason: str = "Consultation"
) -> Appointment:
    return book(
        agenda=house.agenda("Lefèvre"), patient=patient, reason=house.reasons[reason],
        starts_at=at, by=house.staff["Alice"], at=NOW,
    )  # fmt: skip


class TestKeeping:
    """What may be kept, by whom, and what is refused leaves nothing."""

    def test_it_is_confidential_until_someone_says_otherwise_under_their_name(
        self, tilleuls: House, alice: Staff
    ) -> None:
        document = kept(tilleuls)
        assert (document.joinable_at, document.pages, document.author) == (None, 2, alice)
        actions.allow_joining(document=document, by=alice, at=NOW)
        said = Entry.objects.get(verb="agenda.allow_joining")
        assert said.by_name == "Alice" and "ne dit rien de la santé" in said.detail
        again = actions.keep_confidential(document=document, by=alice, at=NOW)
        assert (again.joinable_at, again.joinable_by) == (None, None)

    @pytest.mark.parametrize(
        "content",
        [b"", b"bonjour", b"%PDF-1.7\n%%EOF", b"<html>" + SHEET, SHEET[: len(SHEET) // 2],
         b"PK\x03\x04" + SHEET],
    )  # fmt: skip
    def test_what_is_no_pdf_is_refused_in_french_and_nothing_is_kept(
        self, tilleuls: House, content: bytes
    ) -> None:
        with pytest.raises(pdf.NotAPdf, match="n’est pas un PDF lisible"):
            kept(tilleuls, content=content)
        assert not InstructionDocument.objects.exists()

    def test_a_pdf_that_acts_by_itself_is_refused(self, tilleuls: House) -> None:
        runs, holds, locked = (PdfWriter(clone_from=io.BytesIO(SHEET)) for _one in range(3))
        script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
        runs.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(name): value for name, value in script.items()}
        )
        holds.add_attachment("a.exe", b"x")
        locked.encrypt("secret")
        for writer in (runs, holds, locked):
            written = io.BytesIO()
            writer.write(written)
            with pytest.raises(pdf.ActingPdf):
                kept(tilleuls, content=written.getvalue())

    def test_more_than_five_megabytes_is_refused(self, tilleuls: House) -> None:
        with pytest.raises(actions.DocumentTooBig, match="5 Mo"):
            kept(tilleuls, content=SHEET + b"\n" * actions.LIMIT_BYTES)

    def test_two_documents_of_a_reason_have_two_titles(self, tilleuls: House, alice: Staff) -> None:
        first, second = kept(tilleuls), kept(tilleuls, "Autre")
        with pytest.raises(actions.DocumentExists):
            actions.rename_document(document=second, title=" Préparation ", by=alice, at=NOW)
        actions.remove_document(document=first, by=alice, at=NOW)
        actions.rename_document(document=second, title="Préparation", by=alice, at=NOW)
        with pytest.raises(actions.DocumentGone):
            actions.allow_joining(document=first, by=alice, at=NOW)

    def test_removed_it_loses_its_bytes(self, tilleuls: House, alice: Staff) -> None:
        document = kept(tilleuls)
        actions.remove_document(document=document, by=alice, at=NOW)
        assert bytes(InstructionDocument.objects.get().content) == b""
        with pytest.raises(IntegrityError), transaction.atomic():
            InstructionDocument.objects.update(content=SHEET)

    def test_who_does_not_rule_keeps_nothing(self, tilleuls: House, zoe: Staff) -> None:
        document = kept(tilleuls)
        for verb in (actions.allow_joining, actions.keep_confidential, actions.remove_document):
            with pytest.raises(NotAllowed):
                verb(document=document, by=zoe, at=NOW)

    @pytest.mark.parametrize(
        ("given", "clean"),
        [("C:\\fiches\\Été.PDF", "Été.pdf"), ("../../etc/passwd", "passwd.pdf"),
         ("a\u202efdp.exe", "a fdp.exe.pdf"), ("\r\nX: y.pdf", "X y.pdf"), ("", "document.pdf")],
    )  # fmt: skip
    def test_a_file_name_is_cleaned(self, given: str, clean: str) -> None:
        assert actions.clean_name(given) == clean


class TestLeaving:
    """What goes with a message."""

    def test_a_confidential_document_never_leaves_by_email(
        self, tilleuls: House, alice: Staff, mail: Recorder, paris: Moment
    ) -> None:
        kept(tilleuls)
        given(tilleuls, person(alice, "MARTIN", email()), paris(9, 30, FRIDAY))
        leave(tilleuls)
        [letter] = mail.sent
        assert letter.attachments == () and "document" not in letter.body

    def test_one_that_may_leave_is_joined_and_the_ledger_says_so(
        self, tilleuls: House, alice: Staff, mail: Recorder, paris: Moment
    ) -> None:
        kept(tilleuls, leaves=True)
        kept(tilleuls, "Examens", OTHER)
        patient = person(alice, "MARTIN", email())
        given(tilleuls, patient, paris(9, 30, FRIDAY))
        leave(tilleuls)
        [letter] = mail.sent
        [file] = letter.attachments
        assert (file.content, file.name) == (SHEET, "a-lire-avant-votre-venue.pdf")
        assert "voir le document joint" in letter.body
        assert not re.search("Préparation|Examens|Consultation", letter.body)
        [line] = ledger.of_patient(tilleuls.practice.pk, patient.pk)
        assert line.last and line.last.more == "joint : « Préparation »"

    def test_a_reminder_joins_it_too_and_a_cancelling_does_not(
        self, tilleuls: House, alice: Staff, mail: Recorder, paris: Moment
    ) -> None:
        kept(tilleuls, leaves=True)
        visit = given(tilleuls, person(alice, "MARTIN", email()), paris(9, 30, FRIDAY))
        thursday = visit.starts_at - timedelta(hours=20)
        remind(practice_id=tilleuls.practice.pk, at=thursday)
        leave(tilleuls, thursday)
        cancel(appointment=visit, version=1, wanted_by="practice", why="", by=alice, at=thursday)
        leave(tilleuls, thursday + timedelta(minutes=2))
        assert len(mail.sent) >= 2
        assert [len(one.attachments) for one in mail.sent][-2:] == [1, 0]

    @pytest.mark.parametrize("verb", [actions.remove_document, actions.keep_confidential])
    def test_taken_back_before_the_message_leaves_it_is_not_sent(
        self, tilleuls: House, alice: Staff, mail: Recorder, paris: Moment,
        verb: Callable[..., object],
    ) -> None:  # fmt: skip
        document = kept(tilleuls, leaves=True)
        given(tilleuls, person(alice, "MARTIN", email()), paris(9, 30, FRIDAY))
        verb(document=document, by=alice, at=NOW)
        leave(tilleuls)
        assert mail.sent[0].attachments == ()

    def test_a_household_gets_each_document_once(
        self, tilleuls: House, alice: Staff, mail: Recorder, paris: Moment
    ) -> None:
        kept(tilleuls, leaves=True)
        kept(tilleuls, "Première venue", OTHER, "Première consultation", leaves=True)
        family = [person(alice, name, email()) for name in ("MARTIN", "DURAND", "PETIT")]
        given(tilleuls, family[0], paris(9, 0, FRIDAY))
        given(tilleuls, family[1], paris(9, 30, FRIDAY))
        given(tilleuls, family[2], paris(10, 0, FRIDAY), "Première consultation")
        leave(tilleuls)
        [letter] = mail.sent
        assert {file.content for file in letter.attachments} == {SHEET, OTHER}
        assert len({file.name for file in letter.attachments}) == len(letter.attachments) == 2

    def test_a_letter_is_followed_by_all_its_documents(
        self, tilleuls: House, alice: Staff, mail: Recorder, paris: Moment,
        at_desk: Callable[[Staff], Client],
    ) -> None:  # fmt: skip
        kept(tilleuls)
        for name, minute in (("MARTIN", 0), ("DURAND", 30)):
            patient = person(alice, name)
            where = {"address": "3 rue du Port", "postcode": "99000", "town": "Ville-Invention"}
            Patient.objects.filter(pk=patient.pk).update(**where)
            given(tilleuls, patient, paris(9, minute, FRIDAY))
            notice = Notice.objects.get(patient=patient)
            Notice.objects.filter(pk=notice.pk).update(
                state="unreached", unreached_at=NOW, why="Ni mobile ni courriel."
            )
            notice.refresh_from_db()
            post_letter(notice=notice, by=alice, at=NOW)
        batch = print_letters(practice_id=tilleuls.practice.pk, by=alice, at=NOW)
        desk = at_desk(alice)
        answer = desk.get(reverse("outbox:letter_sheets", args=[batch.pk]))
        pages = [one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages]
        assert len(pages) == 6
        assert "MARTIN" in pages[0] and "document joint à ce courrier" in pages[0]
        assert "jeun" in pages[1] and "Deuxieme" in pages[2]
        assert "DURAND" in pages[3] and "jeun" in pages[4]

    def test_the_bytes_arrive_at_a_true_mail_server(
        self, tilleuls: House, alice: Staff, paris: Moment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(hosts.VARIABLE, "127.0.0.1")
        kept(tilleuls, leaves=True)
        given(tilleuls, person(alice, "MARTIN", email()), paris(9, 30, FRIDAY))
        with servers.smtp() as (box, port):
            senders.keep_mail_sender(
                practice_id=tilleuls.practice.pk, by=None, at=NOW, host="127.0.0.1", port=port,
                security="none", name="Cabinet des Tilleuls", address="rdv@tilleuls.test",
            )  # fmt: skip
            leave(tilleuls)
            [arrived] = box.mails
        body, file = arrived.iter_parts()
        assert "Votre rendez-vous est noté" in body.get_content()
        assert file.get_content_type() == "application/pdf"
        assert file.get_content() == SHEET
        assert file.get_filename() == "a-lire-avant-votre-venue.pdf"
        assert not re.search("Préparation|Consultation", arrived.as_string())
        assert Message.objects.get().state == "sent"


@pytest.fixture
def texted(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """The practice's SMS, remembered."""
    recorder = Recorder()
    monkeypatch.setattr(opening, "_openers", {"sms": lambda _pk: recorder})
    monkeypatch.setattr(opening, "_limits", [])
    return recorder


@pytest.fixture
def telephone(tilleuls: House) -> Iterator[Client]:
    """A patient's browser, a few minutes after the message."""
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        yield Desk()


def link_in(recorder: Recorder) -> str:
    found = re.search(r"https?://[^/]+(/rdv/\S+/)", recorder.sent[0].body)
    assert found
    return found[1]


class TestLink:
    """What a patient reads by the link of a message."""

    def test_the_page_gives_what_may_leave_under_a_neutral_name(
        self, tilleuls: House, alice: Staff, texted: Recorder, paris: Moment, telephone: Client
    ) -> None:
        leaves, stays = kept(tilleuls, leaves=True), kept(tilleuls, "Examens", OTHER)
        given(tilleuls, person(alice, "MARTIN", mobile()), paris(9, 30, FRIDAY))
        leave(tilleuls)
        link = link_in(texted)
        page = telephone.get(link).text
        assert page.count("Document à lire avant votre venue") == 1
        assert not re.search("Préparation|Examens|Consultation", page)
        answer = telephone.get(f"{link}documents/{leaves.pk}.pdf")
        assert answer.content == SHEET and "no-store" in answer["Cache-Control"]
        assert 'attachment; filename="a-lire' in answer["Content-Disposition"]
        assert telephone.get(f"{link}documents/{stays.pk}.pdf").status_code == 404
        with scope([tilleuls.practice.pk]):
            actions.keep_confidential(document=leaves, by=alice, at=NOW)
        assert telephone.get(f"{link}documents/{leaves.pk}.pdf").status_code == 404
        assert telephone.post(f"{link}documents/{leaves.pk}.pdf").status_code == 405

    def test_a_document_of_another_reason_or_practice_is_not_found(
        self, tilleuls: House, port: House, texted: Recorder, paris: Moment, telephone: Client
    ) -> None:  # fmt: skip
        others = [kept(tilleuls, reason="Urgence", leaves=True)]
        with scope([port.practice.pk]):
            theirs = actions.add_document(
                reason=port.reasons["Consultation"], title="x", file_name="x", content=SHEET,
                by=port.staff["Charlie"], at=NOW,
            )  # fmt: skip
            others.append(actions.allow_joining(document=theirs, by=port.staff["Charlie"], at=NOW))
        given(tilleuls, person(tilleuls.staff["Alice"], "MARTIN", mobile()), paris(9, 30, FRIDAY))
        leave(tilleuls)
        for one in others:
            address = f"{link_in(texted)}documents/{one.pk}.pdf"
            assert telephone.get(address).status_code == 404

    def test_a_cancelled_visit_gives_its_documents_no_more(
        self, tilleuls: House, alice: Staff, texted: Recorder, paris: Moment, telephone: Client
    ) -> None:
        document = kept(tilleuls, leaves=True)
        visit = given(tilleuls, person(alice, "MARTIN", mobile()), paris(9, 30, FRIDAY))
        leave(tilleuls)
        cancel(appointment=visit, version=1, wanted_by="patient", why="", by=alice, at=NOW)
        address = f"{link_in(texted)}documents/{document.pk}.pdf"
        assert telephone.get(address).status_code == 404

    @pytest.mark.parametrize(("letters", "says"), [(100, True), (150, False), (200, True)])
    def test_a_text_message_says_it_only_where_that_costs_nothing(
        self, letters: int, says: bool
    ) -> None:
        body = "https://rdv.test/".ljust(letters, "x")
        file = Joined("agenda.document:1", "x.pdf", "Préparation")
        text = with_files(Text("", body), [file], "sms", "fr")
        assert ("par ce lien" in text.body, text.joined) == (says, ())


class TestDesk:
    """On the screens."""

    def test_from_the_settings_to_the_visit(
        self, tilleuls: House, alice: Staff, paris: Moment, at_desk: Callable[[Staff], Client]
    ) -> None:
        desk = at_desk(alice)
        visit = given(tilleuls, person(alice, "MARTIN"), paris(9, 30, FRIDAY))
        address = reverse("agenda:documents", args=[tilleuls.reasons["Consultation"].pk])
        brought = SimpleUploadedFile("Été.pdf", SHEET, content_type="application/pdf")
        assert desk.post(address, {"title": "À jeun", "file": brought}).status_code == 204
        assert "confidentiel" in desk.get(address).text
        document = InstructionDocument.objects.get()
        assert document.file_name == "Été.pdf"
        sheet = desk.get(reverse("agenda:appointment", args=[visit.pk])).text
        paper = reverse("agenda:document", args=[document.pk])
        assert "Documents à remettre" in sheet and paper in sheet
        assert desk.get(paper).content == SHEET
        desk.post(reverse("agenda:join_document", args=[document.pk]), {"joinable": "on"})
        assert "peut être joint" in desk.get(address).text
        desk.post(reverse("agenda:remove_document", args=[document.pk]))
        assert desk.get(paper).status_code == 404

    def test_a_picture_named_pdf_is_refused_in_a_sentence(
        self, tilleuls: House, alice: Staff, at_desk: Callable[[Staff], Client]
    ) -> None:
        address = reverse("agenda:documents", args=[tilleuls.reasons["Consultation"].pk])
        brought = SimpleUploadedFile("x.pdf", b"\x89PNG\r\n", content_type="application/pdf")
        answer = at_desk(alice).post(address, {"title": "À jeun", "file": brought})
        assert answer.status_code == 400 and "n’est pas un PDF lisible" in answer.text
        assert not InstructionDocument.objects.exists()

    def test_the_practice_next_door_finds_nothing(
        self, tilleuls: House, port: House, charlie: Staff, at_desk: Callable[[Staff], Client]
    ) -> None:
        document = kept(tilleuls)
        desk = at_desk(charlie)
        assert desk.get(reverse("agenda:document", args=[document.pk])).status_code == 404
        assert desk.post(reverse("agenda:remove_document", args=[document.pk])).status_code == 404
