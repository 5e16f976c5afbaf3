"""Calendars that are cut, forged, or hold one bad event."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from secretariat.interop.ical import blocks
from secretariat.interop.ical.refusals import UnreadableCalendar
from secretariat.interop.tests.agendas import CUSTOM, FILES, calendar, local, read


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("SUMMARY:X", "pas de début"),
        ("DTSTART:hier|SUMMARY:X", "ne peut pas être lue"),
        ("DTSTART:20260230T120000Z|SUMMARY:X", "ne peut pas être lue"),
        ("DTSTART:00010101T120000Z|SUMMARY:X", "plausible"),
        ("DTSTART:20260601T120000Z|DTEND:20260601T110000Z|SUMMARY:X", "précède"),
        ("DTSTART:20260601T120000Z|DTEND;VALUE=DATE:20260602|SUMMARY:X", "même genre"),
        ("DTSTART:20260601T120000Z|DURATION:-PT1H|SUMMARY:X", "durée"),
        ("DTSTART:20260601T120000Z|RRULE:FREQ=SECONDLY|SUMMARY:X", "SECONDLY"),
        ("DTSTART:20260601T120000Z|RRULE:FREQ=DAILY;INTERVAL=0|SUMMARY:X", "INTERVAL"),
        ("DTSTART:20260601T120000Z|RRULE:FREQ=DAILY;BYHOUR=8,9|SUMMARY:X", "fois par jour"),
        ("DTSTART:20260601T120000Z|RRULE:FREQ=DAILY;BYDAY=99XX|SUMMARY:X", "calculée"),
        ("DTSTART:20260601T120000Z|RRULE:FREQ=DAILY|EXRULE:FREQ=WEEKLY|SUMMARY:X", "EXRULE"),
    ],
)
def test_one_bad_event_is_reported_and_the_others_are_read(
    tmp_path: Path, event: str, said: str
) -> None:
    agenda = read(calendar(tmp_path, event, "DTSTART:20260601T120000Z|SUMMARY:bon"))
    assert [one.summary for one in agenda.occurrences] == ["bon"]
    assert [(fault.line, fault.summary) for fault in agenda.faults] == [(3, "X")]
    assert said in agenda.faults[0].sentence


@pytest.mark.parametrize("name", ["google.ics", "outlook.ics", "thunderbird.ics"])
@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_cut_calendar_is_refused_whole(tmp_path: Path, name: str, tenth: int) -> None:
    whole = (FILES / name).read_bytes()
    if name == "thunderbird.ics":  # its second part would make a cut between the parts valid
        whole = whole[: whole.index(b"END:VCALENDAR")]
    path = tmp_path / name
    path.write_bytes(whole[: len(whole) * tenth // 10])
    with pytest.raises(UnreadableCalendar, match="coupé"):
        read(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Nom;Prenom\nA;B\n",
        b"BEGIN:VCARD\r\nEND:VCARD\r\n",
        b"\x00\x01\x02",
        b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\n" * 50,
    ],
)
def test_what_is_not_a_calendar_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.ics"
    path.write_bytes(content)
    with pytest.raises(UnreadableCalendar):
        read(path)


def test_a_calendar_too_big_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MAX_BYTES", 100)
    with pytest.raises(UnreadableCalendar, match="Mo"):
        read(FILES / "google.ics")


def test_flipped_bytes_never_break_the_reader(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    path = tmp_path / "flipped.ics"
    for name in ("google.ics", "outlook.ics", "nextcloud.ics"):
        for _ in range(60):
            content = bytearray((FILES / name).read_bytes())
            for _ in range(8):
                content[chance.randrange(len(content))] = chance.randrange(256)
            path.write_bytes(content)
            try:
                agenda = read(path)
            except UnreadableCalendar:
                continue
            assert all(one.starts_at <= one.ends_at for one in agenda.occurrences)


def test_a_zone_made_to_be_endless_is_not_computed(tmp_path: Path) -> None:
    endless = CUSTOM.format("+0400").replace("TZOFFSETFROM", "RRULE:FREQ=SECONDLY\nTZOFFSETFROM")
    path = calendar(tmp_path, "DTSTART;TZID=Custom:20260601T120000", head=endless)
    agenda = read(path)
    assert local(agenda.occurrences) == ["01/06 12:00"]
    assert "Custom" in agenda.warnings[0]
