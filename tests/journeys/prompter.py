"""Off stage: people and visits that a scene starts with, written through actions.

Runs as a process of its own beside the site (`python -m tests.journeys.prompter`): a line of
JSON in, a line of JSON out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

from tests.desk_site import environment

ZONE = ZoneInfo("Europe/Paris")


class Prompter:
    """Asks the process beside the site."""

    def __init__(self, database_url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.prompter"],
            env=environment(database_url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Prompter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(20)

    def patient(self, birth_name: str, given_name: str, **traits: Any) -> int:
        """Register someone; `phone`, `born` (ISO), `sex`, `practice` and other traits."""
        return int(self._ask("patient", birth_name=birth_name, given_name=given_name, **traits))

    def visit(self, patient: int, agenda: str, at: datetime, **details: Any) -> int:
        """Give a time whatever the rules say, knowingly; `practice`, `minutes`."""
        return int(self._ask("visit", patient=patient, agenda=agenda, at=at.isoformat(), **details))

    def session(self, login: str) -> str:
        """A session's key: someone who has come in already."""
        return str(self._ask("session", login=login))

    def post_dates(self, login: str, first: date, last: date) -> None:
        """Change the dates of a post."""
        self._ask("post_dates", login=login, first=first.isoformat(), last=last.isoformat())

    def clinic(self, slug: str, login: str, doctors: int) -> int:
        """A practice of many doctors, with its secretary."""
        return int(self._ask("clinic", slug=slug, login=login, doctors=doctors))

    def link(self, visit: int) -> str:
        """The path of the link that a message about this visit carries."""
        return str(self._ask("link", visit=visit))

    def open_day(self, weeks: int) -> date:
        """A day when all agendas of the Tilleuls open morning and afternoon, some weeks ahead."""
        return date.fromisoformat(self._ask("open_day", weeks=weeks))

    def cancelled(self, visit: int) -> None:
        """The practice cancels a visit: its patient must know."""
        self._ask("cancelled", visit=visit)

    def carried(self) -> None:
        """The worker has gone by: what patients must know has left, or waits for a person."""
        self._ask("carried")

    def _ask(self, verb: str, **given: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps([verb, given]), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline() or '{"trouble": "the prompter died"}')
        assert "trouble" not in answer, answer["trouble"]
        return answer["done"]


def now() -> datetime:
    """The clock on the wall of the practice, whole five minutes."""
    local = datetime.now(ZONE)
    return local.replace(minute=local.minute - local.minute % 5, second=0, microsecond=0)


def earlier_today(minutes: int) -> datetime:
    """Some minutes ago, but still today."""
    present = now()
    return max(present - timedelta(minutes=minutes), present.replace(hour=0, minute=0))


def _patient(
    birth_name: str, given_name: str, *, born: str = "1980-05-17", sex: str = "F",
    phone: str = "", practice: str = "tilleuls", **traits: Any,
) -> int:  # fmt: skip
    from secretariat.core import clock
    from secretariat.patients.actions.registering import register
    from secretariat.patients.actions.traits import NewContactPoint

    by = _staff(practice)
    points = [NewContactPoint(value=phone, use="mobile")] if phone else []
    made = register(
        practice=by.practice, by=by, at=clock.now(), despite_duplicates=True,
        birth_name=birth_name, given_names=given_name, first_given_name=given_name,
        birth_date=date.fromisoformat(born), sex=sex, contact_points=points, **traits,
    )  # fmt: skip
    return made.pk


def _visit(
    patient: int, agenda: str, at: str, minutes: int = 15, practice: str = "tilleuls"
) -> int:
    from secretariat.agenda.actions import book
    from secretariat.agenda.models import Agenda, OfferedReason
    from secretariat.core import clock
    from secretariat.patients.models import Patient

    by = _staff(practice)
    book_of = Agenda.objects.select_related("site").get(name=agenda)
    reason = OfferedReason.objects.filter(agenda=book_of).order_by("reason_id")[0].reason
    person = Patient.objects.get(pk=patient)
    starts_at = datetime.fromisoformat(at)
    for squeeze, force in ((False, False), (True, False), (False, True), (True, True)):
        from secretariat.core.refusal import Refusal

        try:
            return book(
                agenda=book_of, patient=person, reason=reason, starts_at=starts_at,
                minutes=minutes, by=by, at=clock.now(), squeeze=squeeze, force=force,
            ).pk  # fmt: skip
        except Refusal as refusal:
            refused = refusal
    raise refused


def _session(login: str) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from secretariat.practice.models import User

    user = User.objects.get(username=login)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "secretariat.practice.accounts.Passwords"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _post_dates(login: str, first: str, last: str) -> None:
    from secretariat.practice.models import Staff

    post = Staff.objects.get(user__username=login)
    post.starts_on, post.ends_on = date.fromisoformat(first), date.fromisoformat(last)
    post.save(update_fields=["starts_on", "ends_on"])


def _link(visit: int) -> str:
    from secretariat.core import clock
    from secretariat.notices import links
    from secretariat.notices.models import Notice
    from secretariat.notices.writing import KIND
    from secretariat.outbox.actions import queue

    notice = Notice.objects.get(kind="visit.booked", about_id=visit)
    message = queue(
        practice_id=notice.practice_id, kind=KIND, cause=f"journey:{visit}", channel="email",
        address="patient@example.org", at=clock.now(),
        next_at=clock.now() + timedelta(days=400),  # no worker sends it: the link is all we want
    )  # fmt: skip
    assert message
    notice.state, notice.message = Notice.State.CARRIED, message
    notice.save(update_fields=["state", "message"])
    return f"/rdv/{links.token(notice.practice_id, message.pk, 'rdv')}/"


def _open_day(weeks: int) -> str:
    from secretariat.agenda import loading
    from secretariat.agenda.models import Agenda

    agendas = list(Agenda.objects.select_related("site"))
    day = datetime.now(ZONE).date() + timedelta(weeks=weeks)
    while not all(len(one.hours.on(day)) > 1 for one in loading.facts(agendas, day, 1)):
        day += timedelta(days=1)
    return day.isoformat()


def _cancelled(visit: int) -> None:
    from secretariat.agenda.actions import cancel
    from secretariat.agenda.models import Appointment
    from secretariat.core import clock

    one = Appointment.objects.get(pk=visit)
    cancel(
        appointment=one, version=one.version, wanted_by="practice", why="",
        by=_staff("tilleuls"), at=clock.now(),
    )  # fmt: skip


def _carried() -> None:
    from secretariat.core import clock
    from secretariat.notices.actions import carry

    # Later than the moment during which an undo takes a promise back.
    carry(practice_id=_staff("tilleuls").practice_id, at=clock.now() + timedelta(minutes=5))


def _staff(practice: str) -> Any:
    """The secretary of the practice, its scope open."""
    from secretariat.core import scope
    from secretariat.practice.models import Practice, Staff

    scope.apply(range(1, 100))  # wide enough to see which is which
    scope.apply([Practice.objects.get(slug=practice).pk])
    return Staff.objects.select_related("practice", "user").get(role_key="secretary")


def _serve() -> None:
    import django

    django.setup()
    from tests.journeys.clinic import open_clinic

    verbs: dict[str, Callable[..., Any]] = {
        "patient": _patient, "visit": _visit, "session": _session,
        "post_dates": _post_dates, "open_day": _open_day, "link": _link,
        "clinic": open_clinic, "cancelled": _cancelled, "carried": _carried,
    }  # fmt: skip
    for line in sys.stdin:
        verb, given = json.loads(line)
        try:
            _staff("tilleuls")
            answer = {"done": verbs[verb](**given)}
        except Exception as trouble:
            answer = {"trouble": f"{verb}: {trouble!r}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    _serve()
