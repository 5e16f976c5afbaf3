"""Montre les SMS et les courriels de la démonstration : téléphones et boîtes inventés.

Rien ne quitte la machine. « secretariat demo » la lance ; « secretariat serve » jamais.
"""

from __future__ import annotations

import argparse
import os
import signal
import threading

HELP = "montrer les téléphones de la démonstration"
SECRET = "SECRETARIAT_PHONES_SECRET"  # noqa: S105 (the name of the variable)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, on the loopback."""
    parser.add_argument("--http-port", type=int, required=True, help="port de la page")
    parser.add_argument("--smtp-port", type=int, required=True, help="port des courriels")


def run(options: argparse.Namespace) -> int:
    """Until SIGTERM or Ctrl-C."""
    from secretariat.demo.phones.gateway import PhoneServer
    from secretariat.demo.phones.mailbox import mail_server
    from secretariat.demo.phones.store import Store

    secret = os.environ.get(SECRET, "")
    store = Store()
    mails = mail_server(options.smtp_port, store)
    server = PhoneServer(options.http_port, store, key=secret, secret=secret)
    leave = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: leave.set())
    mails.start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    leave.wait()
    server.shutdown()
    mails.stop()
    return 0
