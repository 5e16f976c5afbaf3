"""The product as `secretariat serve` starts it, on the loaded database, with people logged in."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.browser import Browser
from bench.load import House, Load, fill, scoped
from bench.stopwatch import Processors
from secretariat.config.postgres import Server, cluster_folder
from secretariat.config.trouble import Trouble

Say = Callable[[str], None]


@dataclass
class Site:
    """What is measured: the running product and what was loaded into it."""

    server: Server
    house: House
    load: Load
    today: date
    port: int
    processors: Processors
    worker: int
    """Process number of the background work."""
    desks: list[Browser] = field(default_factory=list)

    @property
    def address(self) -> str:
        """libpq address of the database, as the application's role."""
        return self.server.address()


@contextlib.contextmanager
def running(load: Load, say: Say) -> Iterator[Site]:
    """Database, schema, load, web server and worker; all stopped at the end of the block."""
    from secretariat.cli import house as opening
    from secretariat.cli import migrate, processes, serve

    with processes.family() as home, opening.opened(create=True, migrated=False) as server, home:
        for each in (signal.SIGINT, signal.SIGTERM):  # leave a measure midway
            signal.signal(each, signal.default_int_handler)
        assert server is not None
        # A kept folder may lack migrations written since, not the first ones.
        fresh = "practice.0001_initial" in opening.pending()
        migrate.bring_up_to_date()
        house = prepared(server, load, say) if fresh else kept()
        port = _free_port()
        say(f"web server and worker on port {port}")
        with _said_in(server.folder / "web.log"):
            serve.start(home, server, "127.0.0.1", port, workers=2)
        web = home.children["Le serveur web"].process.pid
        worker = home.children["Le travail de fond"].process.pid
        processors = Processors(web, _postmaster(server))
        site = Site(server, house, load, today(), port, processors, worker)
        try:
            yield site
        finally:
            for desk in site.desks:
                desk.close()


@contextlib.contextmanager
def _said_in(log: Path) -> Iterator[None]:
    """Children started inside the block write their complaints into `log`."""
    ours = os.dup(2)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    except Trouble as trouble:
        trouble.add_note(log.read_text()[-2000:])
        raise
    finally:
        os.dup2(ours, 2)
        os.close(ours)


def today() -> date:
    """The calendar day at the practice."""
    return datetime.now(ZoneInfo("Europe/Paris")).date()


def prepared(server: Server, load: Load, say: Say) -> House:
    """A new database with the load in it."""
    from bench.furniture import furnish

    say("practice, practitioners, opening rules")
    house = furnish(datetime.now(UTC), today())
    fill(server.address(), house, load, today(), say)
    with scoped(server.address(user="postgres"), house.practice) as superuser:
        superuser.execute("CHECKPOINT")
    return house


def kept() -> House:
    """The practice of a folder kept from an earlier run."""
    from bench.furniture import found

    return found()


def log_in(site: Site, desks: int, people: int, say: Say) -> None:
    """`desks` connections of `people` secretaries, each with password and second factor."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from bench.furniture import PASSWORD, login
    from secretariat.practice.models import User

    say(f"{people} people log in")
    for number in range(people):
        user = User.objects.get(username=login(number))
        Authenticator.objects.filter(user=user).delete()
        secret = generate_totp_secret()
        TOTP.activate(user, secret)
        desk = Browser(site.port)
        site.desks.append(desk.log_in(login(number), PASSWORD, secret))
    site.desks += [site.desks[number % people].beside() for number in range(desks - people)]


def _postmaster(server: Server) -> int:
    lines = (cluster_folder(server.folder) / "postmaster.pid").read_text().splitlines()
    return int(lines[0])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
