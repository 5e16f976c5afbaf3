"""Lance une démonstration complète : deux cabinets inventés, prêts à l’emploi.

Rien de ce que contient cette base n’est vrai ; ses mots de passe sont connus de tous.
"""

from __future__ import annotations

import argparse
import ipaddress
import os

from secretariat.cli import house, phones, processes, progress, serve
from secretariat.config import database, folders, postgres
from secretariat.config.trouble import Trouble

HELP = "essayer avec deux cabinets inventés"
LOGINS = (
    ("secretaire", "Alice, secrétaire du Cabinet des Tilleuls"),
    ("telesecretaire", "Zoé, télésecrétaire des deux cabinets"),
    ("medecin", "Dr Lefèvre, médecin généraliste"),
    ("medecin2", "Dr Nguyen, médecin généraliste"),
    ("dermato", "Dr Moreau, dermatologue"),
    ("remplacant", "Bob, remplaçant du Dr Nguyen"),
    ("responsable", "Mme Keller, responsable du cabinet"),
    ("voisine", "Charlie, secrétaire du Centre du Port"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    serve.address(parser)
    parser.add_argument(
        "--public",
        action="store_true",
        help="accepter une adresse publique (avec SECRETARIAT_DEMO_PUBLIC=yes)",
    )


def run(options: argparse.Namespace) -> int:
    """Prepare on the first start, then serve until Ctrl-C."""
    refuse_public(options.host, options.public)
    processes.refuse_taken(options.host, options.port)
    os.environ["SECRETARIAT_DEMO"] = "1"
    with processes.family() as home:
        progress.say("• base de données…")
        with house.opened(create=True, migrated=False) as server, home:
            prepare()
            progress.say("• serveur web et travaux de fond…")
            phones_port = _phones(home, options.port)
            serve.start(home, server, options.host, options.port, workers=2)
            if not home.leaving.is_set():
                _welcome(options.host, options.port, phones_port)
            home.wait(lambda: serve.look_after(server))
            progress.say("\nArrêt…")
    return 0


def refuse_public(host: str, public: bool) -> None:
    """Known passwords stay on this machine unless told twice.

    Raises:
        Trouble: the address can be reached by others.
    """
    try:
        private = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        private = False
    if private or (public and os.environ.get("SECRETARIAT_DEMO_PUBLIC") == "yes"):
        return
    raise Trouble(
        f"La démonstration a des mots de passe connus : elle refuse l’adresse publique {host}. "
        "Pour l’y ouvrir malgré tout : --public et SECRETARIAT_DEMO_PUBLIC=yes."
    )


def prepare() -> None:
    """Bring the schema up to date and, on the first start, invent the two practices.

    Raises:
        Trouble: the database holds a real practice.
    """
    from secretariat.cli import demo_mark
    from secretariat.cli.migrate import bring_up_to_date

    state = demo_mark.state()
    if state is None and house.applied() and _someone_works_here():
        raise Trouble("Cette base est celle d’un vrai cabinet : la démonstration n’y touche pas.")
    if state == demo_mark.STARTED:
        progress.say("• la préparation avait été interrompue : on recommence…")
        demo_mark.wipe()
        if database.external_url():  # its grants went too
            os.environ.pop("SECRETARIAT_DB_PROBED", None)
            database.probe()
    bring_up_to_date()
    if state == demo_mark.DONE:
        return
    from secretariat.demo import seed

    demo_mark.write(demo_mark.STARTED)
    with progress.step("cabinets et patients inventés (au premier lancement seulement)"):
        demo_mark.hurry(True)
        seed.run(progress=progress.say)
        demo_mark.hurry(False)
    demo_mark.write(demo_mark.DONE)


def _phones(home: processes.Family, port: int) -> int:
    """Start the demonstration gateway; answers the port of its page."""
    from secretariat.core import clock
    from secretariat.demo.phones import wiring
    from secretariat.outbox.channels import hosts

    http_port, smtp_port = processes.free_ports(port + 1, 2)
    secret = wiring.secret_of_the_site()
    let_through = f"127.0.0.1:{http_port},127.0.0.1:{smtp_port}"
    before = os.environ.get(hosts.VARIABLE, "")
    os.environ[hosts.VARIABLE] = f"{before},{let_through}" if before else let_through
    os.environ[phones.SECRET] = secret
    wiring.wire(http_port=http_port, smtp_port=smtp_port, secret=secret, at=clock.now())
    ports = ["--http-port", str(http_port), "--smtp-port", str(smtp_port)]
    home.start("La passerelle de démonstration", ["-m", "secretariat", "phones", *ports])
    return http_port


def _someone_works_here() -> bool:
    from django.db import ProgrammingError

    from secretariat.practice.models import User

    try:
        return User.objects.exists()
    except ProgrammingError:  # migrations stopped before the first table of people
        return False


def _welcome(host: str, port: int, phones_port: int) -> None:
    width = max(len(login) for login, _who in LOGINS)
    people = "\n".join(f"    {login:<{width}}  {who}" for login, who in LOGINS)
    data = folders.data_folder()
    where = "la base de DATABASE_URL" if database.external_url() else str(data)
    if postgres.cluster_folder(data).is_symlink():  # see config/system_user.py
        where += f" et {postgres.cluster_folder(data).readlink()}"
    progress.say(
        f"\n  Secrétariat, démonstration : http://{serve.shown(host)}:{port}\n"
        f"  Les SMS et courriels qu’il envoie : http://localhost:{phones_port}\n\n"
        f"  Mot de passe de tous : demo\n{people}\n\n"
        f"  Pour tout effacer : arrêtez (Ctrl-C), puis supprimez {where}\n"
    )
