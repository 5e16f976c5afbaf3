"""A data folder of its own, on disk, thrown away at the end; what a killed run left is swept."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from secretariat.config import postgres

PREFIX = "secretariat-bench-"


@contextlib.contextmanager
def data_folder(*, keep: bool, again: Path | None) -> Iterator[Path]:
    """Make the folder and name it to the product, before its settings are read.

    Args:
        keep: leave it at the end.
        again: measure a kept folder instead of a new one.
    """
    _sweep()
    folder = again.absolute() if again else Path(tempfile.mkdtemp(prefix=PREFIX))
    if os.geteuid() == 0:
        folder.chmod(0o711)  # the system user of the server must pass
    for name in ("DATABASE_URL", "SECRETARIAT_DEMO", "SECRETARIAT_HOSTS", "SECRETARIAT_URL"):
        os.environ.pop(name, None)
    os.environ["SECRETARIAT_DATA"] = str(folder)
    if keep or again:
        (folder / "kept").touch()
    try:
        yield folder
    finally:
        if not (folder / "kept").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Stop the server of a killed run and remove its data."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        used = folder / "postgres.users"
        if not used.exists() or used.stat().st_uid != os.geteuid() or (folder / "kept").exists():
            continue
        with used.open("r+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            postgres.stop(postgres.cluster_folder(folder))
        shutil.rmtree(folder, ignore_errors=True)


def sync_ms(folder: Path, times: int = 40) -> float:
    """What the disk takes to keep 8 kB for good: the floor under every commit (median, ms)."""
    probe = folder / "probe"
    block, taken = bytes(8192), []
    with probe.open("wb", buffering=0) as handle:
        for _ in range(times):
            handle.seek(0)
            handle.write(block)
            start = time.perf_counter()
            os.fdatasync(handle.fileno())
            taken.append(time.perf_counter() - start)
    probe.unlink()
    return median(taken) * 1000
