"""Names that people give to files: kept to be read, never used to open anything."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
_UNREADABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def said(name: str) -> str:
    """A given name as the screen shows it: no folder, no control or direction character.

    >>> said("C:\\\\exports\\\\patients.csv")
    'patients.csv'
    """
    last = re.split(r"[/\\]", name)[-1]
    clean = "".join(sign for sign in last if unicodedata.category(sign) not in _UNREADABLE)
    clean = " ".join(unicodedata.normalize("NFC", clean).split())
    if len(clean) > LONGEST:
        stem, dot, ending = clean.rpartition(".")
        ending = f"{dot}{ending}" if stem and len(ending) <= 8 else ""
        clean = clean[: LONGEST - 1 - len(ending)] + "…" + ending
    return clean.strip(". ") or "fichier"


def download(name: str, what: str, ending: str) -> str:
    """A name for a file that we offer: plain letters, whatever it was made from.

    >>> download("Export été.csv", "lignes a revoir", "csv")
    'Export-ete-lignes-a-revoir.csv'
    """
    stem = said(name).rpartition(".")[0] or said(name)
    return f"{_plain(stem)[:60]}-{_plain(what)}.{ending}"


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    ascii_only = apart.encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_only).strip("-") or "import"
