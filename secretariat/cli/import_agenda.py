"""Importe un agenda exporté par un autre logiciel (iCalendar : Google, Outlook, Nextcloud…).

Un patient n’est reconnu que si c’est certain ; le reste attend à l’écran. Tout ou rien, et sans
doubler si l’on recommence.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from secretariat.cli import importing
from secretariat.config.trouble import Trouble

if TYPE_CHECKING:
    from secretariat.agenda.models import Agenda
    from secretariat.interop.calendar_plan import Meant
    from secretariat.practice.models import Practice

HELP = "importer un agenda (iCalendar)"
MEANT: dict[str, Meant] = {"deviner": "guess", "rendez-vous": "visits", "occupé": "blocks"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The common ones, the agenda, the days, what the entries are."""
    importing.arguments(parser)
    parser.add_argument("--agenda", metavar="NOM", help="nom de l’agenda, s’il y en a plusieurs")
    parser.add_argument(
        "--entries", choices=MEANT, default="deviner", help="ce que sont les entrées (deviner)"
    )
    for name, what in (("--from", "premier"), ("--to", "dernier")):
        parser.add_argument(
            name, dest=name[2:] + "_day", type=date.fromisoformat, metavar="AAAA-MM-JJ",
            help=f"{what} jour importé",
        )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Bring, say what it is, read."""
    with importing.desk(options) as (practice, by, at):
        from secretariat.core import clock
        from secretariat.interop import calendar_plan
        from secretariat.interop.actions import preparing, receiving

        agenda = _agenda(practice, options.agenda)
        plan = calendar_plan.usual(agenda.pk, clock.local_date(at, agenda.site.time_zone))
        plan = replace(
            plan,
            meant=MEANT[options.entries],
            first_day=options.from_day or plan.first_day,
            last_day=options.to_day or plan.last_day,
        )
        file = importing.bring(options, "agenda", practice, by, at)
        try:
            file = preparing.set_plan(file=file, plan=plan, by=by, at=at)
        except Exception:
            receiving.remove(file=file, by=by, at=at)
            raise
        return importing.take_in(file, options, by, at)


def _agenda(practice: Practice, name: str | None) -> Agenda:
    """The agenda named, or the only one.

    Raises:
        Trouble: none, or several.
    """
    from secretariat.interop.queries import places

    found = [one for one in places.agendas(practice.pk) if name in (None, one.name)]
    if len(found) == 1:
        return found[0]
    names = " ; ".join(one.name for one in places.agendas(practice.pk))
    raise Trouble(f"Dites dans quel agenda, par --agenda : {names or 'il n’y en a aucun'}.")
