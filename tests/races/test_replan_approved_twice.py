"""A double click, two desks: one plan is approved once, the others read a polite sentence."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.desk_site import Desk
from tests.races.browser import Answer, Browser
from tests.races.test_replan_killed import DRAFT, asked

DESKS = 6
VERSIONS = (
    "SELECT visit.id, visit.version FROM agenda_replanline line "
    "JOIN agenda_appointment visit ON visit.id = line.appointment_id "
    "WHERE line.replan_id = %s ORDER BY visit.id"
)


def versions(desk: Desk, replan: int) -> dict[object, int]:
    """Of the visits of a plan: one more each time that one is written."""
    return {pk: int(str(version)) for pk, version in desk.query(VERSIONS, replan)}


def test_one_draft_approved_by_several_desks_at_once_is_written_once(desk: Desk) -> None:
    begun = asked(desk, DRAFT.replace("timedelta(days=2)", "timedelta(days=6)"))
    assert begun.returncode == 0, begun.stderr[-2000:]
    replan = int(begun.stdout)
    before = versions(desk, replan)
    assert len(before) >= 2
    browsers = [Browser(desk.url).log_in("secretaire") for _desk in range(DESKS)]
    barrier = Barrier(DESKS)

    def approve(browser: Browser) -> Answer:
        barrier.wait()
        return browser.post(f"/agenda/replans/{replan}/approval/")

    with ThreadPoolExecutor(DESKS) as pool:
        answers = list(pool.map(approve, browsers))
    assert Counter(one.status for one in answers) == {204: 1, 409: DESKS - 1}, [
        one.body[:300] for one in answers if one.status not in (204, 409)
    ][:1]
    assert all("un autre poste l’a validée" in one.body for one in answers if one.status == 409)
    assert desk.query("SELECT state FROM agenda_replan WHERE id = %s", replan) == [("approved",)]
    after = versions(desk, replan)
    assert {after[pk] - version for pk, version in before.items()} <= {0, 1}
    [(written,)] = desk.query(
        "SELECT count(*) FROM privacy_entry WHERE verb = 'agenda.approve_replan' "
        "AND subject_id = %s", replan,
    )  # fmt: skip
    assert written == 1
