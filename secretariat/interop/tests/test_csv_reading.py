"""Tables as other programs export them: encodings, separators, headers, damage."""

from __future__ import annotations

import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from secretariat.interop.csv import workbook
from secretariat.interop.csv.reading import Table, open_table
from secretariat.interop.csv.refusals import UnreadableTable

FILES = Path(__file__).parent / "files"


def _write(folder: Path, content: bytes | str, name: str = "patients.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _columns(table: Table, label: str) -> list[object]:
    position = table.header.index(label)
    return [row.cells[position] for row in table.rows()]


@pytest.mark.parametrize(
    ("name", "encoding", "separator", "label", "first"),
    [
        ("doctolib.csv", "utf-8-sig", ",", "maiden_name", "Garétoile"),
        ("weda.csv", "cp1252", ";", "Nom", "PLUMETÊTE"),
        ("medistory.txt", "mac_roman", "\t", "Né(e) le", "7/9/1972"),
        ("hellodoc.csv", "cp850", ";", "PRENOM", "JOSÉPHINE"),
        ("unicode.txt", "utf-16", "\t", "Patient", "SABLEROUX Inès"),
        ("google.csv", "utf-8-sig", ",", "Address 1 - City", "Nantes"),
        ("outlook.csv", "cp1252", ",", "Prénom", "Clémence"),
    ],
)
def test_an_export_is_understood_without_a_question(
    name: str, encoding: str, separator: str, label: str, first: str
) -> None:
    table = open_table(FILES / name)
    assert table.decoding is not None and table.dialect is not None
    assert (table.decoding.encoding, table.dialect.separator) == (encoding, separator)
    assert _columns(table, label)[0] == first
    assert all(row.fault is None for row in table.rows())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_accents_survive_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    text = "Nom;Prénom;Ville\r\n" + "GARÉTOILE;Françoise-Noëlle;Fère-en-Tardenois\r\n" * 3
    path = _write(tmp_path, text.encode(encoding))
    assert open_table(path).sample()[0].cells == (
        "GARÉTOILE",
        "Françoise-Noëlle",
        "Fère-en-Tardenois",
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_recognised_without_its_mark(tmp_path: Path, encoding: str) -> None:
    path = _write(tmp_path, "Nom;Prénom\nBÉRUBEL;Ève\n".encode(encoding))
    assert open_table(path).sample()[0].cells == ("BÉRUBEL", "Ève")


def test_a_cell_may_hold_several_lines_and_rows_keep_their_line_number() -> None:
    rows = list(open_table(FILES / "doctolib.csv").rows())
    assert [row.number for row in rows] == [2, 3, 5]
    assert str(rows[1].cells[-1]).count("\n") == 1
    assert rows[2].cells[9] == 'Résidence "Les Lilas", bât. B'


def test_title_lines_above_the_header_are_skipped() -> None:
    table = open_table(FILES / "hellodoc.csv")
    assert table.header[:3] == ("N° DOSSIER", "NOM", "NOM_JF")
    assert [row.number for row in table.rows()] == [5, 6]


def test_the_separator_hint_of_excel_is_obeyed(tmp_path: Path) -> None:
    path = _write(tmp_path, "sep=|\nNom|Prénom|Rue\nTILLOTE|Ève|1, rue A; B\n")
    assert open_table(path).sample()[0].cells == ("TILLOTE", "Ève", "1, rue A; B")


def test_commas_in_addresses_do_not_hide_the_semicolons(tmp_path: Path) -> None:
    path = _write(tmp_path, "Nom;Adresse\n" + "TILLOTE;1, rue du Puits, bât. A, esc. 2\n" * 20)
    table = open_table(path)
    assert table.header == ("Nom", "Adresse")


def test_a_file_without_header_gets_numbered_columns(tmp_path: Path) -> None:
    path = _write(tmp_path, "TILLOTE;Ève;01/02/1990\nPOIVRE;Éloi;09/10/1995\n")
    table = open_table(path)
    assert table.header == ("Colonne 1", "Colonne 2", "Colonne 3")
    assert [row.number for row in table.rows()] == [1, 2]


def test_repeated_and_empty_labels_become_different_columns(tmp_path: Path) -> None:
    path = _write(tmp_path, "Nom;Prénom;Tél;Tél;\nTILLOTE;Ève;1;2;3\n")
    assert open_table(path).header == ("Nom", "Prénom", "Tél", "Tél (2)", "Colonne 5")


def test_faulty_rows_are_reported_and_the_others_are_read() -> None:
    rows = {row.number: row for row in open_table(FILES / "abime.csv").rows()}
    faulty = {number: row.fault for number, row in rows.items() if row.fault}
    assert set(faulty) == {3, 4, 5, 6, 7}
    assert "guillemet" in str(faulty[3])
    assert "3 cellules au lieu de 4" in str(faulty[4])
    assert "6 cellules au lieu de 4" in str(faulty[5])
    assert "illisible" in str(faulty[6])
    assert "nul" in str(faulty[7])
    assert rows[8].cells[0] == "POIVRE"


def test_a_program_that_omits_last_empty_cells_is_understood(tmp_path: Path) -> None:
    lines = "TILLOTE;Ève\nPOIVRE;Éloi;75001;x\n" * 10
    table = open_table(_write(tmp_path, "Nom;Prénom;Code postal;Notes\n" + lines))
    assert all(row.fault is None and len(row.cells) == 4 for row in table.rows())


def test_a_huge_cell_is_reported_and_costs_little_memory(tmp_path: Path) -> None:
    good = "POIVRE;Éloi;1\n" * 5
    huge = "A;" + "x" * 1_000_000 + ";1\n" + 'B;"' + "y" * 1_000_000 + '";1\n'
    table = open_table(_write(tmp_path, "Nom;Prénom;N\n" + good + huge + good))
    rows = list(table.rows())
    assert [row.number for row in rows if row.fault] == [7, 8]
    assert all("trop longue" in str(row.fault) for row in rows if row.fault)
    assert len(rows) == 12 and all(len(str(row.cells[0])) < 300 for row in rows)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"\n\n\n;;\n", "vide"),
        (b"Nom\nTILLOTE\nPOIVRE\n", "séparateur"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "Ancien classeur"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"\xef\xbb\xbf<html><table>", "page web"),
        (b"BEGIN:VCARD\r\nFN:X\r\n", "vCard"),
        (b"PK\x03\x04 but not a zip", "abîmé"),
        (bytes(range(256)) * 50, "pas un tableau"),
        (";".join("x" * 3 for _ in range(400)).encode() + b"\n", "colonnes"),
        ("Nom;Prénom\nTILLOTE;Ève\n".encode("utf-16")[:-1], "coupé"),
        ("Nom;Prénom\nTILLOTE;Ève".encode()[:-1] + b"\xc3", "coupé"),
        ('Nom;Prénom;Notes\nTILLOTE;Ève;"vient le'.encode(), "coupé"),
        ("Nom;Prénom;Ville\nTILLOTE;Ève;Nice\nPOIVRE;Él".encode(), "coupé"),
    ],
)
def test_an_unreadable_file_is_refused_in_one_french_sentence(
    tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(UnreadableTable, match=said) as refused:
        list(open_table(_write(tmp_path, content)).rows())
    assert refused.value.sentence.endswith((".", "CSV."))


@pytest.mark.parametrize("tenth", range(1, 10))
@pytest.mark.parametrize("name", ["tableur.xlsx", "weda.csv", "unicode.txt"])
def test_a_file_cut_at_any_tenth_is_refused_or_right_up_to_the_cut(
    tmp_path: Path, name: str, tenth: int
) -> None:
    whole = (FILES / name).read_bytes()
    right = {row.cells for row in open_table(FILES / name).rows()}
    cut = _write(tmp_path, whole[: len(whole) * tenth // 10], name)
    try:
        rows = list(open_table(cut).rows())
    except UnreadableTable:
        return
    wrong = [row for row in rows[:-1] if row.fault is None and row.cells not in right]
    assert wrong == []


def test_a_long_file_is_streamed(tmp_path: Path) -> None:
    line = "PLUMETETE;Helene;04/02/1961;3 rue du Puits;01000;Bourg;0639980010;notes de la fiche\n"
    path = _write(tmp_path, "Nom;Prénom;DDN;Rue;CP;Ville;Portable;Notes\n" + line * 12_000)
    tracemalloc.start()
    count = sum(1 for _ in open_table(path).rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 12_000
    assert peak < 8 * 1024**2


# -- workbooks -----------------------------------------------------------------------------


def test_a_workbook_gives_native_dates_and_whole_numbers() -> None:
    table = open_table(FILES / "tableur.xlsx")
    assert (table.sheet, table.header_row) == ("Patients", 3)
    first = table.sample()[0]
    assert first.number == 4
    assert first.cells[3] == date(1947, 4, 9)
    assert first.cells[5:8] == ("1000", "Bourg-en-Bresse", "639980081")


def test_an_empty_or_hidden_sheet_is_not_chosen(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Vide"
    hidden = book.create_sheet("Cachée")
    hidden.append(["Nom", "Prénom"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Patients").append(["Nom", "Prénom"])
    book.save(tmp_path / "deux.xlsx")
    table = open_table(tmp_path / "deux.xlsx")
    assert (table.sheet, table.sheets) == ("Patients", ("Vide", "Patients"))
    with pytest.raises(UnreadableTable, match="Cachée"):
        open_table(tmp_path / "deux.xlsx", sheet="Cachée")


def _forged(folder: Path, **parts: bytes) -> Path:
    """The sample workbook with some of its parts replaced (« / » is written « __ »)."""
    path = folder / "force.xlsx"
    replaced = {name.replace("__", "/"): content for name, content in parts.items()}
    with (
        zipfile.ZipFile(FILES / "tableur.xlsx") as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, replaced.pop(name, b"") or source.read(name))
        for name, content in replaced.items():
            target.writestr(name, content)
    return path


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">'
    b'<!ENTITY f SYSTEM "file:///etc/passwd">]><sst>&b;&f;</sst>'
)


@pytest.mark.parametrize(
    "parts",
    [
        {"xl__sharedStrings.xml": LAUGHS},
        {"xl__workbook.xml": LAUGHS},
        {"xl__sharedStrings.xml": b" " * 5000 + LAUGHS},
        {"xl__sharedStrings.xml": LAUGHS.decode().encode("utf-16")},
        {"xl__worksheets__sheet1.xml": LAUGHS},
    ],
)
def test_a_workbook_with_entities_is_refused(tmp_path: Path, parts: dict[str, bytes]) -> None:
    with pytest.raises(UnreadableTable):
        list(open_table(_forged(tmp_path, **parts)).rows())


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = _forged(tmp_path, **{"xl__styles.xml": b" " * (workbook.MAX_OTHER_PART + 1)})
    with pytest.raises(UnreadableTable, match="volumineux"):
        open_table(bomb)
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1000)
    with pytest.raises(UnreadableTable, match="volumineux"):
        open_table(FILES / "tableur.xlsx")


def test_a_workbook_wider_than_any_table_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["Nom", "Prénom"])
    book.active.cell(2, 16_000, "x")
    book.save(tmp_path / "large.xlsx")
    with pytest.raises(UnreadableTable, match="colonnes"):
        list(open_table(tmp_path / "large.xlsx").rows())


def test_another_kind_of_zip_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(UnreadableTable, match="OpenDocument"):
        open_table(tmp_path / "a.ods")
