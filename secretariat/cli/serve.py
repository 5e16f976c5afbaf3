"""Lance le secrétariat : serveur web et travaux de fond, jusqu’à Ctrl-C.

Derrière un mandataire https sur la même machine (voir docs/install.md).
"""

from __future__ import annotations

import argparse
import os

from secretariat.cli import house, processes, progress
from secretariat.config import postgres
from secretariat.config.postgres import Server
from secretariat.config.trouble import Trouble

HELP = "lancer le secrétariat"
# Per web process; each keeps one database connection. Threads share one interpreter, and one that
# waits for it may hold the day book's lock: at eight desks, three give a seventh more than four.
THREADS = 3


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, how many processes."""
    address(parser)
    parser.add_argument(
        "--processes", type=int, default=2, metavar="N", help="processus du serveur web (2)"
    )


def address(parser: argparse.ArgumentParser) -> None:
    """--host and --port, or HOST and PORT."""
    parser.add_argument(
        "--host", default=os.environ.get("HOST") or "127.0.0.1", help="adresse (127.0.0.1 ou HOST)"
    )
    parser.add_argument(
        "--port", type=int, default=os.environ.get("PORT") or 8000, help="port (8000 ou PORT)"
    )


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    processes.refuse_taken(options.host, options.port)
    with processes.family() as home, house.opened() as server, home:
        from secretariat.cli import demo_mark

        if demo_mark.state():
            raise Trouble(
                "Cette base est celle de la démonstration, aux mots de passe connus : "
                "« serve » ne l’ouvre pas. Utilisez un autre dossier (SECRETARIAT_DATA)."
            )
        start(home, server, options.host, options.port, options.processes)
        progress.say(f"Secrétariat en marche : http://{shown(options.host)}:{options.port}")
        home.wait(lambda: look_after(server))
    return 0


def start(
    home: processes.Family, server: Server | None, host: str, port: int, workers: int
) -> None:
    """Start the web server, then, once it answers, the background worker.

    They inherit the lock of use of the embedded server, which lives as long as they do.

    Raises:
        Trouble: the web server does not answer.
    """
    keep = [server.descriptor] if server else []
    os.environ.setdefault("SECRETARIAT_URL", f"http://{shown(host)}:{port}")
    granian = ["-W", "ignore:No directory at", "-m", "granian", "--log-level", "error"]
    granian += ["--interface", "wsgi", "--no-ws"]
    granian += ["--host", host, "--port", str(port), "--workers", str(workers)]
    granian += ["--blocking-threads", str(THREADS), "--blocking-threads-idle-timeout", "600"]
    granian += ["--respawn-failed-workers", "--workers-kill-timeout", "10"]
    home.start("Le serveur web", [*granian, "secretariat.config.wsgi:application"], keep)
    processes.wait_answer(home, host, port)
    home.start("Le travail de fond", ["-m", "secretariat", "worker"], keep, again=True)


def look_after(server: Server | None) -> None:
    """Start the embedded server again if it died (killed for want of memory, for instance)."""
    if server and postgres.revive(server):
        progress.say("La base de données s’était arrêtée : elle est repartie.")


def shown(host: str) -> str:
    """The name that a browser on this machine uses for `host`."""
    if host in {"127.0.0.1", "0.0.0.0", "::", "::1"}:  # noqa: S104
        return "localhost"
    return f"[{host}]" if ":" in host else host
