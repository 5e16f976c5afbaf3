"""Agendas as other programs export them: times, series, changes, damage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secretariat.interop.ical.reading import read_calendar
from secretariat.interop.tests.agendas import CUSTOM, FILES, PARIS, calendar, local, read

# -- time zones and clock changes ----------------------------------------------------------


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART;TZID=Europe/Paris:20260302T090000",
        'DTSTART;TZID="Romance Standard Time":20260302T090000',
        "DTSTART;TZID=W. Europe Standard Time:20260302T090000",
        "DTSTART;TZID=/mozilla.org/20070129_1/Europe/Paris:20260302T090000",
        'DTSTART;TZID="(UTC+01:00) Bruxelles, Copenhague, Madrid, Paris":20260302T090000',
        "DTSTART:20260302T090000",
    ],
)
def test_a_weekly_nine_o_clock_stays_at_nine_across_both_clock_changes(
    tmp_path: Path, start: str
) -> None:
    path = calendar(tmp_path, f"{start}|DURATION:PT30M|RRULE:FREQ=WEEKLY;COUNT=40|SUMMARY:S")
    found = read(path).occurrences
    assert len(found) == 40
    assert {f"{one.starts_at.astimezone(PARIS):%A %H:%M}" for one in found} == {"Monday 09:00"}
    assert {one.starts_at.hour for one in found} == {7, 8}
    assert {one.ends_at - one.starts_at for one in found} == {timedelta(minutes=30)}


def test_a_series_written_in_utc_keeps_the_hour_its_program_showed(tmp_path: Path) -> None:
    event = "DTSTART:20261019T070000Z|DURATION:PT15M|RRULE:FREQ=WEEKLY;COUNT=2|SUMMARY:S"
    shown = calendar(tmp_path, event, head="X-WR-TIMEZONE:Europe/Paris")
    assert local(read(shown).occurrences) == ["19/10 09:00", "26/10 09:00"]
    bare = calendar(tmp_path, event)
    assert local(read(bare).occurrences) == ["19/10 09:00", "26/10 08:00"]


def test_a_daily_series_over_both_clock_change_sundays(tmp_path: Path) -> None:
    rule = "RRULE:FREQ=DAILY;COUNT=3|DURATION:PT1H"
    spring = f"DTSTART;TZID=Europe/Paris:20260328T093000|{rule}|SUMMARY:printemps"
    autumn = f"DTSTART;TZID=Europe/Paris:20261024T093000|{rule}|SUMMARY:automne"
    found = read(calendar(tmp_path, spring, autumn)).occurrences
    assert local(found, "printemps") == ["28/03 09:30", "29/03 09:30", "30/03 09:30"]
    assert local(found, "automne") == ["24/10 09:30", "25/10 09:30", "26/10 09:30"]


def test_an_hour_that_does_not_exist_is_moved_and_not_lost(tmp_path: Path) -> None:
    path = calendar(tmp_path, "DTSTART;TZID=Europe/Paris:20260329T023000|DURATION:PT15M")
    assert local(read(path).occurrences) == ["29/03 03:30"]


def test_two_files_may_give_one_name_to_different_zones(tmp_path: Path) -> None:
    event = "DTSTART;TZID=Custom:20260601T120000|DURATION:PT15M"
    for offset, hour in (("+0400", "10:00"), ("-0400", "18:00"), ("+0400", "10:00")):
        path = calendar(tmp_path, event, head=CUSTOM.format(offset))
        assert local(read(path).occurrences) == [f"01/06 {hour}"]


def test_a_custom_zone_of_outlook_follows_its_own_rules() -> None:
    found = read(FILES / "outlook.ics").occurrences
    assert local(found, "ŒILLETON") == ["24/11 11:00"]
    assert local(found, "COQUELIN") == ["24/07 11:00"]


def test_an_unknown_zone_is_read_as_the_site_s_and_said(tmp_path: Path) -> None:
    path = calendar(tmp_path, "DTSTART;TZID=Heure du cabinet:20260601T120000|DURATION:PT15M")
    agenda = read(path)
    assert local(agenda.occurrences) == ["01/06 12:00"]
    assert "Heure du cabinet" in agenda.warnings[0]


def test_the_zone_of_another_site_is_obeyed(tmp_path: Path) -> None:
    path = calendar(tmp_path, "DTSTART:20260601T120000|DURATION:PT15M")
    agenda = read_calendar(
        path,
        site_zone="Indian/Reunion",
        starts_at=datetime(2026, 1, 1, tzinfo=UTC),
        ends_at=datetime(2027, 1, 1, tzinfo=UTC),
    )
    assert agenda.occurrences[0].starts_at == datetime(2026, 6, 1, 8, tzinfo=UTC)


# -- series and their exceptions -----------------------------------------------------------


def test_google_series_with_one_day_off_and_one_moved() -> None:
    meetings = local(read(FILES / "google.ics", "2026-10-20").occurrences, "Réunion")
    assert meetings[:5] == ["26/10 09:00", "02/11 09:00", "17/11 14:00", "23/11 09:00",
                            "30/11 09:00"]  # fmt: skip


def test_thunderbird_series_with_extra_date_last_day_and_a_cancellation_in_another_part() -> None:
    agenda = read(FILES / "thunderbird.ics")
    assert local(agenda.occurrences) == [
        "02/09 18:00",
        "07/10 18:00",
        "04/11 19:00",
        "18/11 18:00",
        "02/12 18:00",
    ]
    assert [one.cancelled for one in agenda.occurrences] == [False, False, True, False, False]
    assert agenda.ignored == 1


def test_nextcloud_series_moved_from_a_date_on() -> None:
    found = read(FILES / "nextcloud.ics").occurrences
    times = [one.partition(" ")[2] for one in local(found, "Kiné")]
    assert times == ["08:00"] * 4 + ["10:00"] * 6
    ids = [one.recurrence_id for one in found if one.recurrence_id]
    assert len(set(ids)) == 10
    assert {moment.astimezone(PARIS).hour for moment in ids} == {8}


@pytest.mark.parametrize(
    ("until", "count"),
    [("20260316", 3), ("20260316T090000", 3), ("20260316T080000Z", 3), ("20260316T075959Z", 2)],
)
def test_the_last_day_of_a_series_is_included(tmp_path: Path, until: str, count: int) -> None:
    path = calendar(
        tmp_path,
        f"DTSTART;TZID=Europe/Paris:20260302T090000|RRULE:FREQ=WEEKLY;UNTIL={until}|DURATION:PT1H",
    )
    assert len(read(path).occurrences) == count


@pytest.mark.parametrize(
    "left_out",
    [
        "EXDATE;TZID=Europe/Paris:20260309T090000",
        "EXDATE:20260309T080000Z",
        "EXDATE;VALUE=DATE:20260309",
    ],
)
def test_a_date_left_out_is_left_out_however_it_is_written(tmp_path: Path, left_out: str) -> None:
    path = calendar(
        tmp_path,
        f"DTSTART;TZID=Europe/Paris:20260302T090000|RRULE:FREQ=WEEKLY;COUNT=3|{left_out}",
    )
    assert local(read(path).occurrences) == ["02/03 09:00", "16/03 09:00"]


def test_an_endless_series_is_unfolded_only_inside_the_window(tmp_path: Path) -> None:
    path = calendar(tmp_path, "DTSTART;TZID=Europe/Paris:20200101T090000|RRULE:FREQ=DAILY")
    found = read(path, "2026-03-01", "2026-03-08").occurrences
    assert len(found) == 7


def test_an_event_across_the_edge_of_the_window_is_kept(tmp_path: Path) -> None:
    path = calendar(
        tmp_path,
        "DTSTART;VALUE=DATE:20260225|DTEND;VALUE=DATE:20260303|SUMMARY:à cheval",
        "DTSTART;VALUE=DATE:20260220|DTEND;VALUE=DATE:20260301|SUMMARY:avant",
    )
    agenda = read(path, "2026-03-01", "2026-04-01")
    assert [one.summary for one in agenda.occurrences] == ["à cheval"]
    assert agenda.outside == 1


def test_a_newer_version_of_an_event_replaces_the_older(tmp_path: Path) -> None:
    path = calendar(
        tmp_path,
        "UID:x|DTSTART:20260601T120000Z|SEQUENCE:2|SUMMARY:nouveau",
        "UID:x|DTSTART:20260601T100000Z|SEQUENCE:1|SUMMARY:ancien",
    )
    assert [one.summary for one in read(path).occurrences] == ["nouveau"]


def test_a_program_that_reuses_an_identifier_loses_nobody(tmp_path: Path) -> None:
    path = calendar(
        tmp_path,
        "UID:patient-7|DTSTART:20260601T120000Z|SUMMARY:A",
        "UID:patient-7|DTSTART:20260602T120000Z|SUMMARY:B",
        "UID:agenda|DTSTART:20260603T120000Z|RRULE:FREQ=WEEKLY;COUNT=2|SUMMARY:C",
        "UID:agenda|DTSTART:20260604T120000Z|RRULE:FREQ=WEEKLY;COUNT=2|SUMMARY:D",
    )
    found = read(path).occurrences
    assert [one.summary for one in found] == ["A", "B", "C", "D", "C", "D"]
    assert len({one.key for one in found}) == 6
    assert {one.uid for one in found} == {"patient-7", "agenda"}


# -- kinds of events -----------------------------------------------------------------------


def test_days_off_go_from_midnight_to_midnight_at_the_site() -> None:
    leave = next(one for one in read(FILES / "google.ics").occurrences if one.all_day)
    assert leave.summary == "Congés"
    assert (leave.starts_at, leave.ends_at) == (
        datetime(2026, 12, 24, tzinfo=PARIS),
        datetime(2026, 12, 27, tzinfo=PARIS),
    )
    assert leave.busy is False
    absent = next(one for one in read(FILES / "outlook.ics").occurrences if one.all_day)
    assert absent.starts_at == datetime(2026, 12, 11, tzinfo=PARIS)


def test_whole_days_of_a_series_are_whole_even_when_the_clock_changes(tmp_path: Path) -> None:
    path = calendar(tmp_path, "DTSTART;VALUE=DATE:20261024|RRULE:FREQ=DAILY;COUNT=3")
    lengths = [one.ends_at - one.starts_at for one in read(path).occurrences]
    assert lengths == [timedelta(hours=24), timedelta(hours=25), timedelta(hours=24)]


def test_a_cancelled_appointment_is_said_cancelled() -> None:
    found = {one.summary: one for one in read(FILES / "google.ics").occurrences}
    assert found["TILLOTE Ève"].cancelled is True
    assert found["GARÉTOILE Amélie"].cancelled is False


def test_a_calendar_of_cancellations_cancels_everything(tmp_path: Path) -> None:
    path = calendar(tmp_path, "DTSTART:20260601T120000Z", head="METHOD:CANCEL")
    assert read(path).occurrences[0].cancelled is True


def test_texts_become_plain(tmp_path: Path) -> None:
    visit = next(
        one for one in read(FILES / "google.ics").occurrences if one.summary.startswith("GAR")
    )
    assert visit.description == "Première visite\nTél. 06 39 98 00 01\n\napporter la carte"
    assert visit.location == "12, rue des Tilleuls, Paris"
    assert visit.attendees[0].name == "Garétoile, Amélie"
    assert visit.attendees[0].e_mail == "amelie.garetoile@example.org"
    outlook = read(FILES / "outlook.ics").occurrences
    assert {one.description for one in outlook if one.summary.startswith("Bilan")} == {
        "Bilan annuel\nà jeun"
    }


def test_nothing_in_a_text_can_break_a_line_or_deceive_the_eye(tmp_path: Path) -> None:
    path = calendar(
        tmp_path,
        "DTSTART:20260601T120000Z|SUMMARY:A\\nB\u202egro.x\x07\\, C|DESCRIPTION:a\\nb\x00c"
        "|ATTENDEE;CN=x\\nBcc:mailto:a@example.org\\nBcc: b@example.org|LOCATION:" + "x" * 200_000,
    )
    found = read(path).occurrences[0]
    assert found.summary == "A Bgro.x, C"
    assert found.description == "a\nbc"
    assert len(found.location) == 250
    assert found.attendees[0].e_mail == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_accents_survive_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = calendar(tmp_path, "DTSTART:20260601T120000Z|SUMMARY:Garétoile Noëlle")
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert read(path).occurrences[0].summary == "Garétoile Noëlle"


def test_lines_folded_inside_a_letter_and_lines_never_folded(tmp_path: Path) -> None:
    path = calendar(tmp_path, "DTSTART:20260601T120000Z|SUMMARY:Ève|DESCRIPTION:un\ndeux : b")
    path.write_bytes(path.read_bytes().replace("È".encode(), b"\xc3\r\n \x88"))
    found = read(path).occurrences[0]
    assert (found.summary, found.description) == ("Ève", "un\ndeux : b")


def test_quoted_printable_of_old_calendars_is_decoded(tmp_path: Path) -> None:
    path = calendar(
        tmp_path,
        "DTSTART:20260601T120000Z|SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=C3=88ve=\n T.",
    )
    assert read(path).occurrences[0].summary == "Ève T."


# -- importing again -----------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(FILES.glob("*.ics")), ids=lambda path: path.name)
def test_reading_twice_gives_the_same_keys_and_each_once(path: Path) -> None:
    first, second = read(path), read(path)
    assert first == second
    keys = [one.key for one in first.occurrences]
    assert len(keys) == len(set(keys)) > 0


def test_a_moved_occurrence_keeps_its_key(tmp_path: Path) -> None:
    series = "UID:s|DTSTART;TZID=Europe/Paris:20260302T090000|RRULE:FREQ=WEEKLY;COUNT=3"
    before = read(calendar(tmp_path, series)).occurrences
    moved = "UID:s|RECURRENCE-ID:20260309T080000Z|DTSTART;TZID=Europe/Paris:20260310T160000"
    after = read(calendar(tmp_path, series, moved)).occurrences
    assert [one.key for one in before] == [one.key for one in after]
    assert local(after)[1] == "10/03 16:00"


def test_an_event_without_identifier_gets_the_same_one_each_time() -> None:
    agenda = read(FILES / "doctolib.ics")
    unnamed = next(one for one in agenda.occurrences if one.summary == "PEPPERMILL Tom")
    assert unnamed.uid.startswith("sans-uid-")
    assert "sans identifiant" in agenda.warnings[0]
