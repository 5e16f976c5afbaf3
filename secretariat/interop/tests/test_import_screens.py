"""The screens of the imports: bring, prepare, try, take in; then settle what was held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from secretariat.core import panels
from secretariat.interop.actions import queueing, working
from secretariat.interop.models import ImportFile, ImportLine
from secretariat.interop.tests.bringing import (
    at_time,
    brought,
    calendar,
    calendar_in,
    imported,
    prepared,
    table,
)
from secretariat.patients.actions import NewContactPoint, register
from secretariat.patients.models import ContactPoint, Patient
from secretariat.practice.models import Staff
from tests.cast import NOW, House

JEANNE = "1;KELLER;Jeanne Marie;12/03/1985;F;06 39 98 12 34;Ville-Invention"
PAUL = "2;OBERTIN;Paul;01/02/1990;M;;Ville-Invention"
AtDesk = Callable[[Staff], Client]


@pytest.fixture
def desk(at_desk: AtDesk, alice: Staff) -> Client:
    """Alice's browser."""
    return at_desk(alice)


@pytest.fixture
def kelller(tilleuls: House, alice: Staff) -> Patient:
    """Jeanne KELLLER, misspelt, on file."""
    return register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Kelller",
        given_names="Jeanne", birth_date=date(1985, 3, 12), sex="F",
        contact_points=[NewContactPoint("01 99 00 12 34", use="home")],
    )  # fmt: skip


def token() -> str:
    return str(uuid4())


def bring(desk: Client, data: bytes, name: str, *, kind: str = "patients", sent: str = "") -> str:
    """Bring a file by the screen; the address of its page."""
    given = {
        "kind": kind, "form_token": sent or token(), "file": SimpleUploadedFile(name, data),
    }  # fmt: skip
    return str(desk.post("/imports/new/", given).headers["Location"])


def columns(file: ImportFile) -> dict[str, str]:
    """The form of the columns, as proposed."""
    header = file.options["header"]
    return {f"c{n}": file.mapping.get(label, "") for n, label in enumerate(header)}


def work_done(file: ImportFile, by: Staff) -> ImportFile:
    """What the background work makes of the last thing asked."""
    file.refresh_from_db()
    return working.work(file=file, trial=file.dry_run, by=by, at=NOW)


def test_a_table_goes_from_the_desk_to_the_files(desk: Client, alice: Staff) -> None:
    address = bring(desk, table(JEANNE, PAUL, "3;;;;;;"), "export.csv")
    page = desk.get(address).content.decode()
    assert "Nom de naissance" in page
    assert "Jeanne" in page.title()
    file = ImportFile.objects.get()
    desk.post(f"{address}columns/", {**columns(file), "source": "", "form_token": token()})
    assert "En attente" in desk.get(address).content.decode()
    assert ProcrastinateJob.objects.filter(task_name=queueing.TASK).count() == 1
    work_done(file, alice)
    assert "rien n’a été écrit" in desk.get(address).content.decode()
    desk.post(f"{address}import/", {"form_token": token()})
    work_done(file, alice)
    assert Patient.objects.count() == 2
    assert "Importé le" in desk.get(address).content.decode()
    assert "export.csv" in desk.get("/imports/").content.decode()


def test_a_calendar_goes_from_the_desk_to_the_agenda(
    desk: Client, alice: Staff, tilleuls: House
) -> None:
    data = calendar(at_time("a", "0900", "0915", "KELLER Jeanne"))
    address = bring(desk, data, "agenda.ics", kind="agenda")
    plan: dict[str, str | int] = {
        "agenda": tilleuls.agendas["Lefèvre"].pk, "meant": "guess", "first_day": "2026-11-01",
        "last_day": "2026-12-31",
    }  # fmt: skip
    assert "à reconnaître" in desk.get(f"{address}preview/", plan).content.decode()
    desk.post(f"{address}plan/", {**plan, "form_token": token()})
    file = work_done(ImportFile.objects.get(), alice)
    assert (file.created, file.held, file.dry_run) == (1, 1, True)


def test_the_same_upload_sent_twice_is_one_file(desk: Client) -> None:
    sent = token()
    first = bring(desk, table(JEANNE), "a.csv", sent=sent)
    assert bring(desk, table(JEANNE), "a.csv", sent=sent) == first
    assert ImportFile.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\exports\\patients.csv", "patients.csv"),
        ("a\u202egpj.csv", "agpj.csv"),
        ("p" * 300 + ".csv", "p" * 115 + "…" + ".csv"),
    ],
)
def test_a_strange_name_is_only_shown(
    tilleuls: House, alice: Staff, given: str, shown: str
) -> None:
    assert brought(tilleuls, alice, table(JEANNE), name=given).name == shown


def test_what_is_too_big_is_refused_before_it_is_read(desk: Client) -> None:
    answer = desk.post("/imports/new/", {}, CONTENT_LENGTH=str(1500 * 1024**2))
    assert answer.status_code == 413
    assert "60 Mo" in answer.content.decode()
    assert not ImportFile.objects.exists()


def test_nothing_is_imported_before_a_trial(desk: Client, tilleuls: House, alice: Staff) -> None:
    file = prepared(tilleuls, alice, table(JEANNE))
    answer = desk.post(f"/imports/{file.pk}/import/", {"form_token": token()})
    assert answer.status_code == 409
    assert "essai" in answer.content.decode()


def test_a_file_that_waits_can_be_taken_back(desk: Client, tilleuls: House, alice: Staff) -> None:
    file = prepared(tilleuls, alice, table(JEANNE))
    desk.post(f"/imports/{file.pk}/trial/", {"form_token": token()})
    twice = desk.post(f"/imports/{file.pk}/trial/", {"form_token": token()})
    assert twice.status_code == 409
    desk.post(f"/imports/{file.pk}/import/withdrawal/", {"form_token": token()})
    file.refresh_from_db()
    assert file.state == ImportFile.State.READY


def test_the_faulty_lines_open_in_a_spreadsheet_without_becoming_formulas(
    desk: Client, tilleuls: House, alice: Staff
) -> None:
    file = imported(tilleuls, alice, "1;=HYPERLINK(1);Jeanne;12/03/1985;F;;+cmd")
    answer = desk.get(f"/imports/{file.pk}/faults.csv")
    told = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "'=HYPERLINK(1)" in told
    assert "'+cmd" in told
    assert 'filename="patients-lignes-a-revoir.csv"' in answer.headers["Content-Disposition"]


def test_the_other_practice_sees_no_file(
    at_desk: AtDesk, charlie: Staff, tilleuls: House, alice: Staff
) -> None:
    file = imported(tilleuls, alice, JEANNE)
    assert at_desk(charlie).get(f"/imports/{file.pk}/").status_code == 404


def test_removing_an_import_keeps_the_patients_it_gave(
    desk: Client, tilleuls: House, alice: Staff
) -> None:
    file = imported(tilleuls, alice, JEANNE)
    desk.post(f"/imports/{file.pk}/removal/", {"form_token": token()})
    assert (ImportFile.objects.count(), Patient.objects.count()) == (0, 1)


def test_an_import_with_open_questions_is_not_forgotten(
    desk: Client, kelller: Patient, tilleuls: House, alice: Staff
) -> None:
    file = imported(tilleuls, alice, JEANNE)
    answer = desk.post(f"/imports/{file.pk}/removal/", {"form_token": token()})
    assert answer.status_code == 409
    assert file.lines.count() == 1


def test_the_same_person_keeps_one_file_and_gets_the_missing_telephone(
    desk: Client, kelller: Patient, tilleuls: House, alice: Staff
) -> None:
    line = imported(tilleuls, alice, JEANNE, PAUL).lines.get()
    assert "KELLLER" in desk.get(f"/imports/lines/{line.pk}/").content.decode()
    answer = desk.post(
        f"/imports/lines/{line.pk}/same/",
        {"patient": kelller.pk, "with_points": "1", "form_token": token()},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 204
    assert "sheetClose" in answer.headers["HX-Trigger"]
    assert Patient.objects.count() == 2
    phones = ContactPoint.objects.filter(patient=kelller).values_list("value", flat=True)
    assert set(phones) == {"+33199001234", "+33639981234"}
    assert imported(tilleuls, alice, JEANNE).held == 0
    desk.post(f"/imports/lines/{line.pk}/reopening/", headers={"HX-Request": "true"})
    line.refresh_from_db()
    assert (line.decided_at, line.patient_id) == (None, None)


def test_another_person_gets_a_file_once(
    desk: Client, kelller: Patient, tilleuls: House, alice: Staff
) -> None:
    line = imported(tilleuls, alice, JEANNE).lines.get()
    for _ in range(2):
        desk.post(f"/imports/lines/{line.pk}/other/", {"form_token": token()})
    assert Patient.objects.filter(birth_name="KELLER").count() == 1
    again = imported(tilleuls, alice, JEANNE)
    assert (again.created, again.held, again.unchanged) == (0, 0, 1)


def test_what_is_put_off_goes_to_the_end(
    desk: Client, kelller: Patient, tilleuls: House, alice: Staff
) -> None:
    register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Obertinn", given_names="Paul",
        birth_date=date(1990, 2, 1), sex="M",
    )  # fmt: skip
    first, second = imported(tilleuls, alice, JEANNE, PAUL).lines.order_by("number")
    desk.post(f"/imports/lines/{first.pk}/later/", {"form_token": token()})
    page = desk.get("/imports/duplicates/").content.decode()
    assert page.index(f"question-{second.pk}") < page.index(f"question-{first.pk}")


def test_one_answer_serves_all_the_visits_of_one_title(
    desk: Client, tilleuls: House, alice: Staff, kelller: Patient
) -> None:
    series = at_time("a", "0900", "0915", "KELLER Jeanne", "RRULE:FREQ=WEEKLY;COUNT=4")
    file = calendar_in(tilleuls, alice, series)
    line = file.lines.first()
    assert line is not None
    page = desk.get("/imports/unmatched/").content.decode()
    assert page.count("KELLER Jeanne") >= 1
    answer = {"patient": kelller.pk, "alike": "1", "form_token": token()}
    desk.post(f"/imports/lines/{line.pk}/attachment/", answer)
    assert not ImportLine.objects.filter(decided_at__isnull=True).exists()
    assert visits_of(kelller) == 4
    desk.post(f"/imports/lines/{line.pk}/reopening/", headers={"HX-Request": "true"})
    assert visits_of(kelller) == 0


def visits_of(patient: Patient) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM agenda_appointment WHERE patient_id = %s", [patient.pk]
        )
        return int(cursor.fetchone()[0])


def test_taken_time_is_no_longer_asked_about(desk: Client, tilleuls: House, alice: Staff) -> None:
    entry = at_time("a", "0900", "0915", "Mme la livreuse")
    line = calendar_in(tilleuls, alice, entry).lines.get()
    desk.post(f"/imports/lines/{line.pk}/nobody/", {"form_token": token()})
    moved = at_time("a", "1000", "1015", "Mme la livreuse")
    assert calendar_in(tilleuls, alice, moved).held == 0


def test_the_rail_counts_what_waits(kelller: Patient, tilleuls: House, alice: Staff) -> None:
    imported(tilleuls, alice, JEANNE)
    calendar_in(tilleuls, alice, at_time("a", "0900", "0915", "OBERTIN Paul"))
    items = [item for items in panels.collect("rail", staff=alice, at=NOW) for item in items]
    numbers = {item["label"]: item["number"] for item in items}
    assert numbers["Doublons à trancher"] == 1
    assert numbers["Patients à reconnaître"] == 1


@pytest.fixture(autouse=True)
def clock_of_the_cast(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The desk lives in the cast's week."""
    monkeypatch.setattr("secretariat.core.clock.now", lambda: NOW)
    yield
