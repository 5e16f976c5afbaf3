"""The embedded PostgreSQL: started when someone needs it, stopped by the last one who leaves.

Each user of the server holds a shared lock on a file of the data folder while working. The
kernel drops the lock of a killed process, so the count is right whatever happens: who leaves
and finds nobody else stops the server. Starting and stopping happen under a second lock, so
two processes never fight. Nothing needs a manual step after `kill -9` of everything.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from secretariat.config import cluster as files
from secretariat.config import folders
from secretariat.config.system_user import Runner, reachable_copy, runner_for
from secretariat.config.trouble import Trouble

PORT = 5432  # only part of the socket's name: nothing listens on the network
NAME = "secretariat"
_LONGEST_SOCKET_FOLDER = 85  # of the 107 bytes of a socket's address, less its name
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0


@dataclass(frozen=True)
class Server:
    """A running embedded server.

    `descriptor` holds the lock of use: pass it to children (`pass_fds`) that go on using the
    server, which is then not stopped under them.
    """

    folder: Path
    sockets: Path
    binaries: Path
    descriptor: int
    fresh: bool

    def address(self, user: str = NAME, name: str = NAME) -> str:
        """A libpq connection string for `user` on database `name`."""
        return f"host='{self.sockets}' port={PORT} user={user} dbname={name}"


def cluster_folder(data: Path) -> Path:
    """Where the database's files are (or a link to them)."""
    return data / "postgres"


def socket_folder(data: Path) -> Path:
    """The private folder of the server's socket, always the same for one data folder."""
    cluster = cluster_folder(data)
    folder = Path(f"{cluster.readlink()}.run") if cluster.is_symlink() else data / "run"
    if len(os.fsencode(folder)) > _LONGEST_SOCKET_FOLDER:
        tag = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
        # Not TMPDIR: every process must find the same folder, whatever its environment.
        folder = Path(f"/tmp/secretariat-{tag}")  # noqa: S108 (checked to be ours and private)
    return folder


def exists(data: Path) -> bool:
    """Whether a database was made in this data folder."""
    cluster = cluster_folder(data)
    return cluster.exists() or cluster.is_symlink()


@contextlib.contextmanager
def running(
    data: Path, *, create: bool = False, durable: bool = True, keep: bool = False
) -> Iterator[Server]:
    """The server of `data`, for the time of the block.

    Args:
        create: make the database when there is none; otherwise refuse.
        durable: False only for throw-away servers of tests.
        keep: leave the server running after the block (tests of crashes).

    Raises:
        Trouble: no database, no rights, no disk, or the server cannot start.
    """
    if not create and not exists(data):
        raise Trouble(
            f"Aucune base dans {data} : lancez « secretariat migrate » pour en créer une, "
            "ou indiquez le bon dossier par SECRETARIAT_DATA."
        )
    folders.prepare(data)
    descriptor = os.open(data / "postgres.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with _alone(data):
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            server = _ensure(data, descriptor, durable=durable)
        yield server
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        try:
            if not keep:
                _stop_if_last(data, descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Nobody else starts or stops the server of `data` meanwhile."""
    handle = os.open(data / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _ensure(data: Path, descriptor: int, *, durable: bool) -> Server:
    """Start the server unless it runs. The caller holds the lock of starting."""
    cluster = cluster_folder(data)
    runner = runner_for(cluster)
    binaries = reachable_copy(files.programs(), runner)
    fresh = not exists(data)
    if fresh:
        files.create(cluster, binaries, runner, durable=durable)
    files.check_major(cluster)
    sockets = socket_folder(data)
    server = Server(data, sockets, binaries, descriptor, fresh)
    if not _ready(cluster):
        _make_private(sockets, runner)
        files.configure(cluster, sockets, runner, durable=durable)
        _clear_remains(cluster)
        _start(cluster, binaries, runner)
        files.bootstrap(sockets, PORT, NAME)
    return server


def revive(server: Server) -> bool:
    """Start the server again if it died under its users.

    Returns:
        Whether it had to be started.

    Raises:
        Trouble: it does not start.
    """
    if _postmaster(cluster_folder(server.folder)):
        return False
    with _alone(server.folder):
        _ensure(server.folder, server.descriptor, durable=True)
    return True


def _make_private(sockets: Path, runner: Runner) -> None:
    """The socket's folder: 0700, its owner's alone.

    Raises:
        Trouble: somebody else made a folder of that name.
    """
    with contextlib.suppress(FileExistsError):
        sockets.mkdir(mode=0o700)
        if runner.switch:
            os.chown(sockets, runner.uid, runner.gid)
    status = sockets.lstat()
    if sockets.is_symlink() or status.st_uid != runner.uid:
        raise Trouble(f"Le dossier {sockets} appartient à un autre utilisateur : effacez-le.")
    sockets.chmod(0o700)


def _postmaster(cluster: Path) -> tuple[int, str] | None:
    """(process number, state) of the server that postmaster.pid names, if it lives."""
    import psutil

    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        number = int(lines[0])
        process = psutil.Process(number)
        ours = Path(process.cwd()) == cluster.resolve() and process.status() != "zombie"
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    state = lines[7].strip() if len(lines) > 7 else "starting"
    return (number, state) if ours else None


def _ready(cluster: Path) -> bool:
    """Whether the server runs and accepts connections; waits for one that is starting."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        found = _postmaster(cluster)
        if found is None:
            return False
        if found[1] == "ready":
            return True
        time.sleep(0.02)
    return False


def _clear_remains(cluster: Path) -> None:
    """After `kill -9` of the server: end its orphans and drop its stale lock file.

    Orphans are recognised by their working folder, the cluster's; their postmaster is dead, so
    nothing they do can be kept: they are told to quit at once, as a crashed server's would be.
    A stale postmaster.pid whose number was taken by another program would block the start.
    """
    import psutil

    home = cluster.resolve()
    orphans = []
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error, OSError):
            if process.info["name"].startswith("postgres") and Path(process.cwd()) == home:
                process.send_signal(signal.SIGQUIT)
                orphans.append(process)
    _gone, alive = psutil.wait_procs(orphans, timeout=2)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=2)
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _start(cluster: Path, binaries: Path, runner: Runner) -> None:
    """Start the server in its own session (Ctrl-C does not reach it) and wait until ready.

    Raises:
        Trouble: with the last line that the server said.
    """
    said = cluster / "start.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [binaries / "bin/postgres", "-D", cluster.resolve()],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **runner.arguments(),
        )
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        found = _postmaster(cluster)
        if found and found[1] == "ready":
            return
        time.sleep(0.02)
    else:
        process.terminate()
    raise Trouble(f"PostgreSQL n’a pas démarré : {files.last_line(_last_words(cluster, said))}")


def _last_words(cluster: Path, said: Path) -> str:
    """What the server said last, in its own log when it came so far."""
    texts = [said.read_text(errors="replace")]
    logs = sorted((cluster / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
    texts += [path.read_text(errors="replace")[-2000:] for path in logs[-1:]]
    return "\n".join(texts)


def _stop_if_last(data: Path, descriptor: int) -> None:
    """Stop the server unless another process still uses it."""
    with _alone(data):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        stop(cluster_folder(data))


def stop(cluster: Path) -> None:
    """Stop the server of `cluster` in order: connections are closed, data are written."""
    found = _postmaster(cluster)
    if found is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(found[0], signal.SIGINT)
    deadline = time.monotonic() + _STOP_SECONDS
    while _postmaster(cluster) and time.monotonic() < deadline:
        time.sleep(0.02)
    with contextlib.suppress(ChildProcessError):  # it may have been started by another
        os.waitpid(found[0], os.WNOHANG)
