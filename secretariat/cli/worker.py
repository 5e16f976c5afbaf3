"""Fait les travaux de fond (envois, rappels, ancrage du journal) jusqu’à l’arrêt."""

from __future__ import annotations

import argparse
import logging
import os

from secretariat.cli import house

HELP = "lancer les travaux de fond"
BEHIND = 10
"""How much more polite than the desk: twenty thousand reminders wait for one appointment."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """How many jobs at once."""
    parser.add_argument(
        "--jobs", type=int, default=3, metavar="N", help="travaux menés ensemble (3)"
    )


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM or Ctrl-C; a job begun is finished first."""
    os.nice(BEHIND)
    with house.opened():
        from procrastinate.contrib.django import app
        from procrastinate.contrib.django.django_connector import DjangoConnector

        from secretariat.cli import anchors
        from secretariat.core import clock

        logging.getLogger("procrastinate").setLevel(logging.WARNING)
        anchors.schedule(app)
        anchors.drop(clock.now())  # a site that is off at night has its anchors too
        assert isinstance(app.connector, DjangoConnector)  # noqa: S101 (for mypy)
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
            worker_app.run_worker(
                name="secretariat",
                concurrency=options.jobs,
                shutdown_graceful_timeout=10,
                delete_jobs="successful",
            )
    return 0
