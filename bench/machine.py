"""On what the figures were measured: without it they say nothing."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import psutil
import psycopg

from bench.folder import sync_ms
from secretariat.cli.serve import THREADS
from secretariat.config.folders import ROOT

_SETTINGS = ("server_version", "fsync", "synchronous_commit", "shared_buffers")


def facts(address: str, folder: Path, load_before: float) -> list[tuple[str, str]]:
    """Rows of the table « Measured on ».

    Args:
        address: libpq address of the measured database.
        folder: where it lies on disk.
        load_before: load of the machine before the bench began.
    """
    with psycopg.connect(address) as connection:
        said = {name: _setting(connection, name) for name in _SETTINGS}
    libraries = ", ".join(f"{name} {version(name)}" for name in ("Django", "psycopg", "granian"))
    memory = psutil.virtual_memory().total / 2**30
    return [
        ("date", f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}"),
        ("commit", _commit()),
        ("processor", f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB"),
        ("load before the bench", f"{load_before:.1f}" + (_NOISY if load_before > 1 else "")),
        ("system", f"{platform.system()} {platform.release()}, {_disk(folder)}"),
        ("8 kB kept for good (fdatasync, median)", f"{sync_ms(folder):.2f} ms"),
        ("software", f"Python {platform.python_version()}, {libraries}"),
        (
            "PostgreSQL",
            f"{said['server_version']}, fsync {said['fsync']}, synchronous_commit "
            f"{said['synchronous_commit']}, shared_buffers {said['shared_buffers']}",
        ),
        (
            "web",
            f"granian as `secretariat serve` starts it: 2 processes of {THREADS} threads, "
            "and a worker",
        ),
    ]


_NOISY = " — **the machine was busy: times are too long, read SQL and CPU**"


def _setting(connection: psycopg.Connection[tuple[str, ...]], name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return row[0].partition(" ")[0] if row else "?"


def _commit() -> str:
    def git(*words: str) -> str:
        said = subprocess.run(
            ["git", *words], cwd=ROOT, check=False, capture_output=True, text=True
        )
        return said.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "secretariat")
    name = git("rev-parse", "--short", "HEAD") or "unknown"
    return name + (" and changes not committed" if changed else "")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _disk(folder: Path) -> str:
    """The kind of file system that holds `folder`."""
    mounts = psutil.disk_partitions(all=True)
    holding = [part for part in mounts if folder.is_relative_to(part.mountpoint)]
    return max(holding, key=lambda part: len(part.mountpoint)).fstype if holding else "unknown disk"
