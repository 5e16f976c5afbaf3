"""Passe le reste de la ligne à Django (développement) : « secretariat django makemigrations »."""

from __future__ import annotations

import argparse

from secretariat.cli import house

HELP = "commande de Django"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Everything after the name belongs to Django."""
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="…", help="commande de Django")


def run(options: argparse.Namespace) -> int:
    """Run a management command with the database at hand."""
    with house.opened(create=True, migrated=False):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["secretariat django", *options.rest])
    return 0
