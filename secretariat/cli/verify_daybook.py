"""Relit tout le journal de bord de chaque cabinet et nomme la première ligne fausse.

Le chaînage est recompté, puis comparé aux ancres gardées hors de la base (anchors.jsonl).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from secretariat.cli import anchors, house, progress
from secretariat.config.trouble import Trouble

if TYPE_CHECKING:
    from secretariat.practice.models import Practice

HELP = "vérifier le journal de bord"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Anchors kept elsewhere, one practice only."""
    parser.add_argument("--practice", metavar="NOM", help="nom court d’un seul cabinet")
    parser.add_argument(
        "--anchors", type=Path, metavar="FICHIER", help="ancres gardées ailleurs (anchors.jsonl)"
    )


def run(options: argparse.Namespace) -> int:
    """Verify each chain; 1 when one does not hold."""
    with house.opened():
        from secretariat.core import clock
        from secretariat.practice.everywhere import every_practice
        from secretariat.practice.models import Practice

        kept = anchors.read(options.anchors)
        with every_practice():
            practices = Practice.objects.order_by("pk")
            if options.practice:
                practices = practices.filter(slug=options.practice)
            found = list(practices)
            if options.practice and not found:
                raise Trouble(f"Aucun cabinet ne s’appelle « {options.practice} ».")
            whole = [_holds(practice, kept) for practice in found]
        if all(whole):
            anchors.drop(clock.now())
    return 0 if all(whole) else 1


def _holds(practice: Practice, kept: list[anchors.Anchor]) -> bool:
    """Verify one chain and say so."""
    from secretariat.privacy import daybook

    outside = {a.number: a.digest for a in kept if a.practice == practice.pk}
    broken = daybook.verify(practice, outside)
    if broken:
        progress.say(f"✗ {practice.name} : ligne {broken.number}, {broken.what}.")
        return False
    number, _digest = daybook.head(practice.pk)
    checked = f"{len(outside)} ancre(s) comparée(s)"
    progress.say(f"✓ {practice.name} : journal juste, {number} lignes, {checked}.")
    return True
