"""Where imported files lie: in the data folder, under a name of ours, readable by us alone."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from secretariat.core.refusal import BadInput

LIMIT_BYTES: int = settings.UPLOAD_LIMIT_BYTES
_OURS = re.compile(r"[0-9a-f]{32}")


class TooBig(BadInput):
    """The file is bigger than anything a practice exports."""

    status = 413


class FileGone(BadInput):
    """The bytes of this file are no longer kept."""

    status = 409


@dataclass(frozen=True, slots=True)
class Kept:
    """A file just written: its name here, its digest, its size in bytes."""

    stored_as: str
    sha256: str
    size: int


def folder() -> Path:
    """The folder of imported files, made at need, closed to others."""
    place = Path(settings.DATA_DIR) / "files" / "imports"
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o700)
    return place


def keep(chunks: Iterable[bytes]) -> Kept:
    """Write a file as it comes, in bounded memory.

    Raises:
        TooBig: more than `LIMIT_BYTES`; nothing is left on the disk.
        BadInput: the file is empty.
    """
    name, digest, size = uuid4().hex, hashlib.sha256(), 0
    target = folder() / name
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > LIMIT_BYTES:
                    raise TooBig(
                        f"Le fichier dépasse {LIMIT_BYTES // 1024**2} Mo : "
                        "découpez-le en plusieurs fichiers."
                    )
                digest.update(chunk)
                out.write(chunk)
        if not size:
            raise BadInput("Le fichier est vide : vérifiez l’export, puis déposez-le de nouveau.")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Kept(name, digest.hexdigest(), size)


def path(stored_as: str) -> Path:
    """Where a kept file lies.

    Raises:
        FileGone: it was erased, or never was ours.
    """
    target = folder() / stored_as
    if not _OURS.fullmatch(stored_as) or not target.is_file():
        raise FileGone("Ce fichier n’est plus gardé ici : déposez-le de nouveau.")
    return target


def erase(stored_as: str) -> None:
    """Erase the bytes; asking twice does nothing more."""
    if _OURS.fullmatch(stored_as):
        (folder() / stored_as).unlink(missing_ok=True)
