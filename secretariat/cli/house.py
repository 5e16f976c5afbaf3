"""Opens the house for a command: the database runs, Django is set up, the schema fits."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator, Mapping

from secretariat.config import database, folders, postgres
from secretariat.config.trouble import Trouble

Name = tuple[str, str]
"""A migration: its room and its name."""


@contextlib.contextmanager
def opened(*, create: bool = False, migrated: bool = True) -> Iterator[postgres.Server | None]:
    """The database and Django, for the time of a command.

    Args:
        create: make the embedded database when there is none.
        migrated: refuse when migrations wait.

    Yields:
        The embedded server, or None with DATABASE_URL.

    Raises:
        Trouble: in one sentence, what prevents it.
    """
    with contextlib.ExitStack() as stack:
        server = None
        if database.external_url():
            database.probe()
        else:
            data = folders.data_folder()
            server = stack.enter_context(postgres.running(data, create=create))
        set_up()
        stack.callback(_close)
        refuse_foreign()
        if migrated:
            refuse_pending()
        yield server


def set_up() -> None:
    """Load Django's settings and rooms."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "secretariat.config.settings")
    import django

    django.setup()


def _close() -> None:
    from django.db import connections

    connections.close_all()


def applied() -> set[Name]:
    """The migrations that the database bears, as (room, name)."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return set(MigrationRecorder(connection).applied_migrations())


@functools.cache
def known() -> Mapping[Name, frozenset[Name]]:
    """The migrations that this version brings, each with the older ones that were joined in it."""
    from django.db.migrations.loader import MigrationLoader

    brought = MigrationLoader(None).disk_migrations
    return {name: frozenset(each.replaces) for name, each in brought.items()}


def pending() -> list[str]:
    """The migrations still to run, as `room.name`."""
    return sorted(".".join(each) for each in known().keys() - applied())


def refuse_foreign(found: set[Name] | None = None) -> None:
    """Refuse a database (or a backup) that this version of the product cannot bring up to date.

    Raises:
        Trouble: it is of a later version (running old code on it could lose what the new one
            wrote), or of one so old that the migrations between were joined since.
    """
    from django.apps import apps

    rooms = {config.label for config in apps.get_app_configs()}
    bears = applied() if found is None else found
    named = known().keys() | frozenset().union(*known().values())
    strange = sorted(f"{room}.{name}" for room, name in bears - named if room in rooms)
    if strange:
        raise Trouble(
            f"La base est plus récente que ce programme ({strange[-1]}) : "
            "installez la version qui l’a faite, ou une plus récente."
        )
    for joined, parts in known().items():
        if bears & {joined, *parts} and not parts <= bears:
            raise Trouble(
                f"La base est trop ancienne pour ce programme ({'.'.join(min(parts - bears))} lui "
                "manque) : passez par une version intermédiaire (docs/install.md, « Updating »)."
            )


def refuse_pending() -> None:
    """Refuse a database that waits for migrations.

    Raises:
        Trouble: with the command to run.
    """
    waiting = pending()
    if waiting:
        raise Trouble(
            f"La base attend {len(waiting)} migration(s) : lancez « secretariat migrate »."
        )
