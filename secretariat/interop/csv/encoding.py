"""Which characters do these bytes stand for?"""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .refusals import UnreadableTable

MAX_BYTES = 100 * 1024 * 1024
CHUNK = 1024 * 1024
LEGACY = ("cp1252", "mac_roman", "iso8859_15", "cp850")
"""8-bit encodings of French programs, the likeliest first (it wins a draw)."""

FRENCH_LETTERS = frozenset("éèêëàâäçîïôöùûüÿœæñ")
FRENCH_SIGNS = frozenset("’«»°€–—…\xa0‘“”²•")
_CONTEXT = re.compile(rb"(?s)(.)([\x80-\xff])(?=(.))")

TRUNCATED = (
    "Le fichier est coupé avant la fin : exportez-le ou copiez-le de nouveau. Rien n’a été importé."
)


@dataclass(frozen=True, slots=True)
class Decoding:
    """How to read the bytes of a text file, and what one pass over them told."""

    encoding: str
    sha256: str
    size: int
    lines: int
    ends_with_newline: bool

    @property
    def errors(self) -> str:
        """What to do of bytes that mean nothing: leave a mark that rows can be searched for."""
        return "replace" if self.encoding.startswith("utf-16") else "surrogateescape"


def detect(path: Path, *, encoding: str | None = None) -> Decoding:
    """Look once at the whole file, in bounded memory, and say how to decode it.

    Args:
        path: the file.
        encoding: imposed by a person; then nothing is guessed.

    Raises:
        UnreadableTable: empty, too big, cut in the middle of a character, or not a text.
    """
    head, survey = _survey(path)
    if not survey.size:
        raise UnreadableTable("Le fichier est vide.")
    if encoding is None:
        encoding = _from_bom(head) or _utf16_without_bom(head)
        if encoding is None:
            _refuse_binary(head)
            encoding = _utf8(path, survey.size) or _legacy(path)
    elif codecs.lookup(encoding).name == "utf-8":
        encoding = "utf-8-sig"
    if encoding.startswith("utf-16") and survey.size % 2:
        raise UnreadableTable(TRUNCATED)
    return Decoding(encoding, survey.sha256, survey.size, survey.lines, survey.ends_with_newline)


@dataclass(frozen=True, slots=True)
class _Survey:
    size: int
    sha256: str
    lines: int
    ends_with_newline: bool


def _survey(path: Path) -> tuple[bytes, _Survey]:
    digest, size, feeds, returns = hashlib.sha256(), 0, 0, 0
    head = tail = b""
    for chunk in _chunks(path):
        head = head or chunk[:65_536]
        tail = (tail + chunk)[-4:]
        digest.update(chunk)
        size += len(chunk)
        if size > MAX_BYTES:
            raise UnreadableTable(
                f"Le fichier dépasse {MAX_BYTES // 1024**2} Mo : découpez-le en plusieurs fichiers."
            )
        feeds += chunk.count(b"\n")
        returns += chunk.count(b"\r")
    ends = tail.rstrip(b"\0")[-1:] in (b"\n", b"\r")
    return head, _Survey(size, digest.hexdigest(), max(feeds, returns), ends)


def _chunks(path: Path, limit: int | None = None) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk
            if limit is not None and stream.tell() >= limit:
                return


def _from_bom(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith(codecs.BOM_UTF32_LE):
        raise UnreadableTable("L’encodage UTF-32 n’est pas pris en charge : exportez en UTF-8.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return None


def _utf16_without_bom(head: bytes) -> str | None:
    """European text in UTF-16 has a zero every second byte."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    if head[1::2].count(0) > pairs * 0.6 and head[0::2].count(0) < pairs * 0.05:
        return "utf-16-le"
    if head[0::2].count(0) > pairs * 0.6 and head[1::2].count(0) < pairs * 0.05:
        return "utf-16-be"
    return None


def _refuse_binary(head: bytes) -> None:
    controls = sum(head.count(code) for code in range(32) if code not in (9, 10, 12, 13, 26))
    if controls > max(8, len(head) // 100):
        raise UnreadableTable(
            "Ce fichier n’est pas un tableau (CSV, TSV, texte ou XLSX) : vérifiez l’export choisi."
        )


def _utf8(path: Path, size: int) -> str | None:
    """`utf-8-sig` when the file is valid, or nearly (odd lines are then marked), else None."""
    decoder, valid, done = codecs.getincrementaldecoder("utf-8")(), 0, 0
    try:
        for chunk in _chunks(path):
            done += len(chunk)
            text = decoder.decode(chunk, final=done == size)
            valid += len(text) - len(text.encode("ascii", "ignore"))
    except UnicodeDecodeError as error:
        cut_at_end = done == size and error.reason == "unexpected end of data"
        if cut_at_end and (valid or _has_non_ascii(error.object[: error.start])):
            raise UnreadableTable(TRUNCATED) from None
        return "utf-8-sig" if _nearly_utf8(path) else None
    return "utf-8-sig"


def _has_non_ascii(data: bytes) -> bool:
    return not data.isascii()


def _nearly_utf8(path: Path) -> bool:
    """Ten good sequences for one bad: a UTF-8 file in which some program wrote a few raw bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    good = bad = 0
    for chunk in _chunks(path, limit=4 * CHUNK):
        text = decoder.decode(chunk)
        wrong = len(re.findall(r"[\udc80-\udcff]", text))
        bad += wrong
        good += sum(not character.isascii() for character in text) - wrong
    return good >= 10 * bad > 0


def _legacy(path: Path) -> str:
    """The 8-bit encoding under which the accents fall where French puts them."""
    seen: Counter[tuple[bytes, bytes, bytes]] = Counter()
    for chunk in _chunks(path, limit=2 * CHUNK):
        for match in _CONTEXT.finditer(b"\n" + chunk + b"\n"):
            seen[match[1], match[2], match[3]] += 1
    scores = {
        name: sum(count * _plausible(context, name) for context, count in seen.items())
        for name in LEGACY
    }
    return max(LEGACY, key=lambda name: scores[name])


def _plausible(context: tuple[bytes, bytes, bytes], name: str) -> float:
    """How French is this byte between its two neighbours, were it written in encoding `name`?"""
    try:
        before, sign, after = (part.decode(name) for part in context)
    except UnicodeDecodeError:
        return -5.0
    if unicodedata.category(sign) == "Cc":
        return -5.0
    neighbours = before.isalpha() + after.isalpha()
    if not sign.isalpha():
        if neighbours == 2:
            return 1.5 if sign == "’" else -2.0
        return 0.5 if sign in FRENCH_SIGNS else -1.0
    shouting_inside = sign.isupper() and before.islower()
    if shouting_inside:
        return -2.0
    return (2.0 if sign.lower() in FRENCH_LETTERS else 0.3) * (0.5 + neighbours / 4)
