"""kill -9 in the middle of an approval: nothing of it is written, and it can be approved after."""

from __future__ import annotations

import signal
import subprocess
import sys

from tests.desk_site import Desk, environment

BEGIN = """
import os, signal, django; django.setup()
from datetime import timedelta
from secretariat.core import clock, scope
from secretariat.practice.models import Practice, Staff
from secretariat.agenda.actions import replanning
from secretariat.agenda.models import Agenda, Appointment, Replan
from secretariat.agenda.queries import replan_facts
scope.apply(range(1, 100))
practice = Practice.objects.get(slug="tilleuls")
scope.apply([practice.pk])
by = Staff.objects.filter(practice=practice, role_key="secretary").first()
now = clock.now()
"""
DRAFT = (
    BEGIN
    + """
first = Appointment.objects.filter(
    practice=practice, starts_at__gt=now + timedelta(days=2), cancelled_at=None,
    patient__isnull=False,
).order_by("starts_at").first()
agenda = Agenda.objects.select_related("site", "practitioner").get(pk=first.agenda_id)
made = replanning.replan(
    agenda=agenda, by=by, at=now, accepted=replan_facts.colleagues(agenda),
    period=replanning.Period(first.starts_at, first.starts_at + timedelta(hours=12), close=True),
)
print(made.pk)
"""
)
APPROVE = (
    BEGIN
    + """
from secretariat.agenda.actions.replanning import approving
moves = []
def killed(*_, **__):
    moves.append(1)
    if len(moves) == {after}:
        os.kill(os.getpid(), signal.SIGKILL)
approving.tell = killed
print(replanning.approve(replan=Replan.objects.get(pk={replan}), by=by, at=now).written)
"""
)
STOOD = (
    "SELECT visit.id, visit.starts_at, visit.agenda_id, visit.version FROM agenda_replanline line "
    "JOIN agenda_appointment visit ON visit.id = line.appointment_id "
    "WHERE line.replan_id = %s ORDER BY visit.id"
)


def asked(desk: Desk, script: str) -> subprocess.CompletedProcess[str]:
    """A process of the product, on the same database as the desks."""
    return subprocess.run(
        [sys.executable, "-c", script], env=environment(desk.database_url), check=False,
        capture_output=True, text=True,
    )  # fmt: skip


def test_an_approval_killed_halfway_writes_nothing_and_can_be_given_again(desk: Desk) -> None:
    begun = asked(desk, DRAFT)
    assert begun.returncode == 0, begun.stderr[-2000:]
    replan = int(begun.stdout)
    before = desk.query(STOOD, replan)
    assert len(before) >= 2
    killed = asked(desk, APPROVE.format(after=2, replan=replan))
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    assert desk.query(STOOD, replan) == before
    assert desk.query("SELECT state FROM agenda_replan WHERE id = %s", replan) == [("draft",)]
    done = asked(desk, APPROVE.format(after=-1, replan=replan))
    assert done.stdout.strip() == "True", done.stderr[-2000:]
    moved = desk.query(STOOD, replan)
    assert all(new != old for new, old in zip(moved, before, strict=True))
