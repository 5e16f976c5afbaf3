"""The day book's head, written outside the database: a tail cut later can be told.

`anchors.jsonl` in the data folder gets a line per practice each day, at each backup and after
each verification that went well. Copied with the backups, it can be kept on another machine.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from secretariat.config import folders
from secretariat.config.trouble import Trouble

if TYPE_CHECKING:
    from procrastinate import App


@dataclass(frozen=True)
class Anchor:
    """The last line of one practice's day book at a moment."""

    at: str
    practice: int
    number: int
    digest: str


def file() -> Path:
    """Where anchors are kept."""
    return folders.data_folder() / "anchors.jsonl"


def read(path: Path | None = None) -> list[Anchor]:
    """All anchors, oldest first; none when our own file does not exist yet.

    Raises:
        Trouble: the file named is missing or is not one of anchors.
    """
    if path is None and not file().exists():
        return []
    try:
        lines = (path or file()).read_text().splitlines()
        return [Anchor(**json.loads(line)) for line in lines if line]
    except (OSError, ValueError, TypeError) as error:
        raise Trouble(f"Les ancres {path or file()} sont illisibles.") from error


def drop(at: datetime) -> int:
    """Write an anchor for each practice whose book grew since its last one.

    Args:
        at: now, UTC.

    Returns:
        How many were written.
    """
    from secretariat.practice.everywhere import every_practice
    from secretariat.practice.models import Practice
    from secretariat.privacy import daybook

    last = {anchor.practice: anchor.number for anchor in read()}
    fresh = []
    with every_practice():
        for pk in Practice.objects.order_by("pk").values_list("pk", flat=True):
            number, digest = daybook.head(pk)
            if number > last.get(pk, 0):
                fresh.append(Anchor(at.isoformat(timespec="seconds"), pk, number, digest))
    with file().open("a") as out:
        file().chmod(0o600)
        out.writelines(json.dumps(asdict(anchor)) + "\n" for anchor in fresh)
    return len(fresh)


def schedule(app: App) -> None:
    """Every night, by the worker."""
    from secretariat.core import clock

    @app.periodic(cron="17 1 * * *")
    @app.task(name="secretariat.anchor_daybook", queueing_lock="anchor_daybook", pass_context=False)
    def anchor_daybook(timestamp: int) -> None:
        drop(clock.now())
