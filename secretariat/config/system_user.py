"""Who runs the embedded server: ourselves, or a dedicated system user when we are root.

PostgreSQL refuses to run as root. No folder is opened to everybody for its sake: its files
belong to the dedicated user, and what it cannot reach is put where it can.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from secretariat.config.trouble import Trouble

NAME = "secretariat"
HOME = Path("/var/lib/secretariat")


@dataclass(frozen=True)
class Runner:
    """A system user, by numbers; `switch` says whether we must become them."""

    uid: int
    gid: int
    switch: bool

    def arguments(self) -> dict[str, Any]:
        """What subprocess needs to start a program as this user."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give `path` (and all below) to this user."""
        if not self.switch:
            return
        for folder, _folders, files in os.walk(path):
            os.chown(folder, self.uid, self.gid)
            for file in files:
                os.chown(Path(folder) / file, self.uid, self.gid, follow_symlinks=False)

    def reaches(self, path: Path) -> bool:
        """Whether this user can pass into the folder, or run the program, at `path`."""
        probe = subprocess.run(["test", "-x", str(path)], check=False, **self.arguments())
        return probe.returncode == 0

    @property
    def name(self) -> str:
        """The login name, as `peer` authentication will see it."""
        return pwd.getpwuid(self.uid).pw_name


def runner_for(cluster: Path) -> Runner:
    """The user for the cluster in `cluster`, which may not exist yet.

    Raises:
        Trouble: the cluster is somebody else's, or the system user cannot be made.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise Trouble(
                f"La base {cluster} appartient à un autre utilisateur : lancez avec son compte."
            )
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError as error:
            raise Trouble("Votre numéro d’utilisateur n’a pas de nom dans /etc/passwd.") from error
        return Runner(os.geteuid(), os.getegid(), switch=False)
    if owner:
        return Runner(owner, cluster.stat().st_gid, switch=True)
    entry = _dedicated()
    return Runner(entry.pw_uid, entry.pw_gid, switch=True)


def _dedicated() -> pwd.struct_passwd:
    """The system user of root's servers, created when missing."""
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    home = ["--no-create-home", "--home-dir", str(HOME), "--shell", "/usr/sbin/nologin"]
    command = ["useradd", "--system", "--user-group", *home, NAME]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        try:  # another start may just have made it
            return pwd.getpwnam(NAME)
        except KeyError:
            raise Trouble(
                f"PostgreSQL ne tourne pas sous root et l’utilisateur « {NAME} » n’a pas pu être "
                "créé : lancez avec un compte ordinaire."
            ) from error
    return pwd.getpwnam(NAME)


def reachable_home() -> Path:
    """A folder that root's dedicated user can pass through."""
    HOME.mkdir(parents=True, exist_ok=True, mode=0o711)
    HOME.chmod(0o711)
    return HOME


def reachable_copy(programs: Path, runner: Runner) -> Path:
    """The server's programs, copied once where `runner` can run them if it cannot here.

    Args:
        programs: the folder with bin/, lib/ and share/.
    """
    if not runner.switch or runner.reaches(programs / "bin/postgres"):
        return programs
    mark = (programs / "bin/postgres").stat()
    tag = hashlib.sha256(f"{programs}{mark.st_size}{mark.st_mtime_ns}".encode()).hexdigest()[:12]
    copy = reachable_home() / f"programmes-{tag}"
    inside = copy / programs.parent.name / programs.name
    if not copy.exists():
        part = copy.with_name(f"{copy.name}.{secrets.token_hex(4)}")
        # The wheel's shared libraries lie beside its package and are found from there.
        libraries = programs.parent.with_name(f"{programs.parent.name}.libs")
        shutil.copytree(programs, part / inside.relative_to(copy))
        if libraries.exists():
            shutil.copytree(libraries, part / libraries.name)
        for folder, _folders, _files in os.walk(part):
            Path(folder).chmod(0o755)
        try:
            part.rename(copy)
        except OSError:  # another start was first
            shutil.rmtree(part)
    return inside


def reachable_cluster(wanted: Path, runner: Runner) -> Path:
    """Where the new cluster goes: `wanted`, or a fresh folder that `runner` can reach.

    In the second case the caller links `wanted` to it once it is whole. Deleting the data
    folder deletes the link: the next start begins anew, as asked.
    """
    if runner.reaches(wanted.parent):
        return wanted
    return reachable_home() / f"base-{secrets.token_hex(6)}"
