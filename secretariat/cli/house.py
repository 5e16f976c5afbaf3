"""Opens the house for a command: the database runs, Django is set up, the schema fits."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator

from secretariat.config import database, folders, postgres
from secretariat.config.trouble import Trouble


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
        refuse_newer()
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


def applied() -> set[tuple[str, str]]:
    """The migrations that the database bears, as (room, name)."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return set(MigrationRecorder(connection).applied_migrations())


@functools.cache
def known() -> frozenset[tuple[str, str]]:
    """The migrations that this version of the product brings."""
    from django.db.migrations.loader import MigrationLoader

    return frozenset(MigrationLoader(None).disk_migrations)


def pending() -> list[str]:
    """The migrations still to run, as `room.name`."""
    return sorted(".".join(each) for each in known() - applied())


def refuse_newer(found: set[tuple[str, str]] | None = None) -> None:
    """Refuse a database (or a backup) made by a later version of the product.

    Raises:
        Trouble: running old code on it could lose what the new one wrote.
    """
    from django.apps import apps

    rooms = {config.label for config in apps.get_app_configs()}
    bears = applied() if found is None else found
    strange = sorted(f"{room}.{name}" for room, name in bears - known() if room in rooms)
    if strange:
        raise Trouble(
            f"La base est plus récente que ce programme ({strange[-1]}) : "
            "installez la version qui l’a faite, ou une plus récente."
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
