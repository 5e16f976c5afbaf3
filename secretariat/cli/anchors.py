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

from secretariat.cli import house
from secretariat.config import folders

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
    """All anchors, oldest first; none when the file does not exist."""
    path = path or file()
    if not path.exists():
        return []
    return [Anchor(**json.loads(line)) for line in path.read_text().splitlines() if line]


def drop(at: datetime) -> int:
    """Write an anchor for each practice whose book grew since its last one.

    Args:
        at: now, UTC.

    Returns:
        How many were written.
    """
    from secretariat.practice.models import Practice
    from secretariat.privacy import daybook

    last = {anchor.practice: anchor.number for anchor in read()}
    fresh = []
    with house.every_practice():
        for pk in Practice.objects.order_by("pk").values_list("pk", flat=True):
            number, digest = daybook.head(pk)
            if number > last.get(pk, 0):
                fresh.append(Anchor(at.isoformat(timespec="seconds"), pk, number, digest))
    with file().open("a") as out:
        file().chmod(0o600)
        out.writelines(json.dumps(asdict(anchor)) + "\n" for anchor in fresh)
    return len(fresh)


def schedule(app: App) -> None:
    """Every night, and the first time a worker starts on that day."""
    from secretariat.core import clock

    @app.periodic(cron="17 1 * * *")
    @app.task(name="secretariat.anchor_daybook", queueing_lock="anchor_daybook", pass_context=False)
    def anchor_daybook(timestamp: int) -> None:
        drop(clock.now())
