"""Where the product keeps what it owns: database, secret key, backups.

A checkout keeps all in ./var; an installed wheel in the user's data folder; SECRETARIAT_DATA
names another place. Nothing here needs Django.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from secretariat.config.trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]


def data_folder() -> Path:
    """The absolute data folder, which may not exist yet."""
    if named := os.environ.get("SECRETARIAT_DATA"):
        return Path(named).expanduser().absolute()
    if (ROOT / "pyproject.toml").exists():
        return ROOT / "var"
    from platformdirs import user_data_path

    return user_data_path("secretariat", appauthor=False)


def prepare(folder: Path) -> None:
    """Make the data folder if needed; only its owner can list it.

    One that exists is left as it is: it may hold other things, and what we put in it is
    private by itself.

    Raises:
        Trouble: the folder cannot be written.
    """
    # The system user that runs PostgreSQL for root must pass through, without listing.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True)
            folder.chmod(mode)
        probe = folder / f".writable-{secrets.token_hex(8)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(folder: Path, error: OSError) -> Trouble:
    """The sentence for a folder that refuses us."""
    cause = (error.strerror or str(error)).lower()
    french = {
        "permission denied": "droits insuffisants",
        "operation not permitted": "droits insuffisants",
        "no such file or directory": "dossier introuvable",
        "read-only file system": "disque en lecture seule",
        "no space left on device": "disque plein",
        "not a directory": "ce n’est pas un dossier",
        "file exists": "ce n’est pas un dossier",
    }.get(cause, cause)
    return Trouble(f"Impossible d’écrire dans le dossier de données {folder} : {french}.")


def secret_key(folder: Path | None = None) -> str:
    """Django's secret key: SECRETARIAT_SECRET_KEY, or the one kept (0600) in the data folder.

    Made once, under another name then linked, so that two processes agree on one key.

    Raises:
        Trouble: the key cannot be read or written, or is damaged.
    """
    if given := os.environ.get("SECRETARIAT_SECRET_KEY"):
        return given
    folder = folder or data_folder()
    kept = folder / "secret_key"
    try:
        if not kept.exists():
            prepare(folder)
            fresh = folder / f".secret_key-{secrets.token_hex(8)}"
            fresh.touch(mode=0o600, exist_ok=False)
            fresh.write_text(secrets.token_urlsafe(64))
            with contextlib.suppress(FileExistsError):
                os.link(fresh, kept)
            fresh.unlink()
        key = kept.read_text().strip()
    except OSError as error:
        raise unwritable(kept, error) from error
    if len(key) < 50:
        raise Trouble(f"La clé secrète {kept} est abîmée : remettez celle de la sauvegarde.")
    return key
