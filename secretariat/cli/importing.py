"""What both imports share: whose practice, who asks, the bar, and what became of the file."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from secretariat.cli import house, progress
from secretariat.config.trouble import Trouble

if TYPE_CHECKING:
    from secretariat.interop.models import ImportFile
    from secretariat.practice.models import Practice, Staff

_CHUNK_BYTES = 1024 * 1024


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, for whom, by whom."""
    parser.add_argument("file", type=Path, metavar="FICHIER", help="le fichier à importer")
    parser.add_argument(
        "--as", dest="login", required=True, metavar="IDENTIFIANT", help="qui importe (journal)"
    )
    parser.add_argument(
        "--practice", metavar="COURT", help="nom court du cabinet, pour qui en sert plusieurs"
    )
    parser.add_argument("--dry-run", action="store_true", help="essai : ne rien écrire")


@contextmanager
def desk(options: argparse.Namespace) -> Iterator[tuple[Practice, Staff, datetime]]:
    """The practice in scope, the post of the person who imports, and the present moment.

    Raises:
        Trouble: no such practice, or no post there for that person.
    """
    with house.opened():
        from secretariat.core import clock, scope

        at = clock.now()
        by = _post(options.login, options.practice, at)
        with scope.scope([by.practice_id], by.user_id):
            yield by.practice, by, at


def _post(login: str, slug: str | None, at: datetime) -> Staff:
    from secretariat.core import clock
    from secretariat.practice.accounts import normal_login
    from secretariat.practice.everywhere import every_practice
    from secretariat.practice.models import User
    from secretariat.practice.queries import posts_of

    with every_practice():
        user = User.objects.filter(username=normal_login(login)).first()
        today = clock.local_date(at, "Europe/Paris")
        posts = posts_of(user.pk, today) if user else []
        posts = [post for post in posts if slug in (None, post.practice.slug)]
    if not posts:
        raise Trouble(f"« {login} » ne travaille aujourd’hui dans aucun cabinet de ce nom.")
    if len(posts) > 1:
        names = ", ".join(post.practice.slug for post in posts)
        raise Trouble(f"« {login} » travaille dans plusieurs cabinets : --practice ({names}).")
    return posts[0]


def bring(
    options: argparse.Namespace, kind: str, practice: Practice, by: Staff, at: datetime
) -> ImportFile:
    """Keep the file and have it understood.

    Raises:
        Trouble: it cannot be opened, or cannot be understood.
    """
    from secretariat.interop.actions import receiving

    try:
        with options.file.open("rb") as source:
            chunks = iter(lambda: source.read(_CHUNK_BYTES), b"")
            file = receiving.receive(
                kind=kind, name=options.file.name, chunks=chunks, practice=practice, by=by, at=at
            )
    except OSError as error:
        raise Trouble(f"Impossible de lire {options.file} : {error.strerror}.") from error
    if file.state == file.State.REFUSED:
        receiving.remove(file=file, by=by, at=at)
        raise Trouble(file.refusal)
    return file


def take_in(
    file: ImportFile,
    options: argparse.Namespace,
    by: Staff,
    at: datetime,
    report: Callable[[ImportFile], None] = lambda file: None,
) -> int:
    """Read the whole file, show the bar, then what became of each line.

    Args:
        report: given the file once read, before a trial is forgotten.

    Returns:
        The exit code: 1 when the file was refused.
    """
    from secretariat.interop.actions import receiving
    from secretariat.interop.actions.working import work

    try:
        bar = progress.Bar("lignes")
        file = work(file=file, trial=options.dry_run, by=by, at=at, also=bar)
        if file.refusal:
            raise Trouble(file.refusal)
        bar(file.rows_total, file.rows_total)
        _tell(file, trial=options.dry_run)
        report(file)
    finally:
        file.refresh_from_db()
        if file.state != file.State.DONE:
            receiving.remove(file=file, by=by, at=at)
    return 0


def _tell(file: ImportFile, *, trial: bool) -> None:
    """The figures and the remarks about the whole file."""
    progress.say("Essai : rien n’a été écrit." if trial else "Import fait.")
    figures = {
        "lues": file.rows_total,
        "créées": file.created,
        "modifiées": file.changed,
        "déjà là": file.unchanged,
        "à trancher": file.held,
        "incomplètes": file.incomplete,
        "non importées": file.failed,
    }
    for name, number in figures.items():
        progress.say(f"  {number:>7} {name}")
    for sentence, times in file.remarks:
        progress.say(f"  {times:>7} × {sentence}")
    if file.held and not trial:
        progress.say("Ce qui est à trancher attend à l’écran, dans Imports.")
