"""Importe des patients depuis un fichier CSV ou Excel d’un autre logiciel.

Tout ou rien, et sans doubler si l’on recommence. Les colonnes sont reconnues par leur nom et leur
contenu ; « --column » corrige. Un essai (--dry-run) montre d’abord ce qui serait fait.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from secretariat.cli import importing, progress
from secretariat.config.trouble import Trouble

if TYPE_CHECKING:
    from secretariat.interop.models import ImportFile

HELP = "importer des patients (CSV, Excel)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The common ones, the columns, the lines not taken."""
    importing.arguments(parser)
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="COLONNE=CHAMP",
        help="ce que contient une colonne (vide : ne pas la lire), autant de fois que voulu",
    )
    parser.add_argument("--source", default="", metavar="NOM", help="nom de l’autre logiciel")
    parser.add_argument(
        "--errors", type=Path, metavar="FICHIER", help="écrire ici les lignes à corriger (CSV)"
    )


def run(options: argparse.Namespace) -> int:
    """Bring, understand, read."""
    if options.errors and options.errors.exists():
        raise Trouble(f"{options.errors} existe déjà : choisissez un autre nom pour les erreurs.")
    with importing.desk(options) as (practice, by, at):
        from secretariat.interop.actions import preparing, receiving
        from secretariat.interop.csv.fields import FIELDS

        file = importing.bring(options, "patients", practice, by, at)
        try:
            mapping = _mapping(file, options.column)
            for column, field in mapping.items():
                label = FIELDS[field].label if field in FIELDS else field
                progress.say(f"  {column} → {label}")
            file = preparing.set_columns(
                file=file, mapping=mapping, source=options.source, by=by, at=at
            )
        except Exception:
            receiving.remove(file=file, by=by, at=at)
            raise
        return importing.take_in(
            file, options, by, at, report=lambda read: _write_errors(read, options.errors)
        )


def _mapping(file: ImportFile, wanted: list[str]) -> dict[str, str]:
    """The proposed columns, corrected."""
    mapping: dict[str, str] = dict(file.mapping)
    for text in wanted:
        column, separator, field = (part.strip() for part in text.rpartition("="))
        if not separator:
            raise Trouble(f"« {text} » : écrivez COLONNE=CHAMP.")
        mapping.pop(column, None)
        if field:
            mapping[column] = field
    return mapping


def _write_errors(file: ImportFile, into: Path | None) -> None:
    """The lines to mend, in a file that can be mended and imported again."""
    from secretariat.interop.csv.drafts import Problem
    from secretariat.interop.csv.errors import ErrorFile, opened
    from secretariat.interop.csv.rows import Row
    from secretariat.interop.models import ImportLine

    kinds = [ImportLine.Kind.ERROR, ImportLine.Kind.INCOMPLETE]
    lines = ImportLine.objects.filter(file=file, kind__in=kinds).order_by("number", "pk")
    if into is None or not lines.exists():
        return
    with opened(into) as stream:
        errors = ErrorFile(stream, file.options.get("header", []))
        for line in lines.iterator():
            row = Row(number=line.number, cells=tuple(line.content.get("cells", [])))
            errors.add(row, [Problem("", "", line.sentence, blocking=True)])
    progress.say(f"Lignes à corriger : {into}")
