"""Names as the law writes them, and as the desk shows them.

Rules: SEL-MP-043 (INSi) v05.00.01 §2 and §3.4.1; EXI ID 08 and 10 of the INS guide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from secretariat.core.refusal import BadInput

LONGEST = 100
"""Letters in a birth name or in a list of given names (fields S3 and S4 of the INS datamatrix)."""

_ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ '-")
# Letters that Unicode does not take apart into a base letter and an accent.
_SPELT = {
    "Œ": "OE", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "ẞ": "SS",
    "Ħ": "H", "Ŧ": "T", "ʼ": "'", "’": "'", "‘": "'", "´": "'", "`": "'", "ʹ": "'", "′": "'",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "\t": " ", "\n": " ",
}  # fmt: skip


class NameRefused(BadInput):
    """A name holds what the civil registry's character set does not."""


def plain(text: str) -> str:
    """`text` in capitals without accents or ligatures; whatever has no such form stays as it is.

    >>> plain("Cœur d’Alène")
    "COEUR D'ALENE"
    """
    return "".join(_plain_character(character) for character in text)


@lru_cache(maxsize=4096)  # the letters of a language are few, those of an imported file many
def _plain_character(character: str) -> str:
    upper = character.upper()
    spelt = "".join(_SPELT.get(letter, letter) for letter in upper)
    if spelt != upper:
        return spelt
    apart = unicodedata.normalize("NFKD", upper)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def strict_birth_name(text: str) -> str:
    """The birth name as a strict trait.

    Raises:
        NameRefused: empty, too long, or written with anything but letters, space, ' and -.
    """
    return _strict(text, "Le nom de naissance", double_hyphen=True)


def strict_used_name(text: str) -> str:
    """The used family name in the same letters, "" when there is none."""
    return _strict(text, "Le nom utilisé", double_hyphen=True) if text.strip() else ""


def strict_given_name(text: str, said: str = "Le prénom") -> str:
    """One given name as a strict trait (« Jean-Pierre » is one)."""
    return _strict(text, said, double_hyphen=False)


def strict_given_names(text: str) -> str:
    """The list of birth given names, separated by one space; commas are understood."""
    return _strict(text.replace(",", " "), "La liste des prénoms", double_hyphen=False)


def first_given_name(given_names: str, first: str = "") -> str:
    """The first birth given name, checked against the list (EXI ID 10).

    Args:
        given_names: the strict list, such as "JEAN PIERRE MARIE".
        first: what was typed as the first one; empty takes the list's first word.

    Raises:
        NameRefused: the list does not begin with `first`; space, hyphen and ' are equal here.
    """
    if not first.strip():
        return given_names.split(" ", maxsplit=1)[0]
    strict = strict_given_name(first, "Le premier prénom")
    even, whole = re.sub("[-']", " ", strict), re.sub("[-']", " ", given_names)
    if not f"{whole} ".startswith(f"{even} "):
        raise NameRefused(
            f"La liste des prénoms de naissance {_quoted(given_names)} doit commencer "
            f"par le premier prénom {_quoted(strict)}."
        )
    return strict


def _strict(text: str, said: str, *, double_hyphen: bool) -> str:
    for character in text:
        if not _ALLOWED.issuperset(_plain_character(character)):
            raise NameRefused(
                f"{said} {_quoted(text.strip())} contient {_quoted(character)}. "
                "Seuls sont permis les lettres, l’espace, l’apostrophe et le trait d’union."
            )
    name = re.sub(r" *([-']) *", r"\1", " ".join(plain(text).split()))
    _refuse_bad_joints(name, said, double_hyphen=double_hyphen)
    return name


def _refuse_bad_joints(name: str, said: str, *, double_hyphen: bool) -> None:
    if not name.strip("-'"):
        raise NameRefused(f"{said} manque.")
    if len(name) > LONGEST:
        raise NameRefused(f"{said} dépasse {LONGEST} caractères.")
    if name.startswith("-"):
        raise NameRefused(f"{said} {_quoted(name)} ne peut pas commencer par un trait d’union.")
    if "''" in name:
        raise NameRefused(f"{said} {_quoted(name)} contient deux apostrophes de suite.")
    if "---" in name or ("--" in name and not double_hyphen):
        raise NameRefused(f"{said} {_quoted(name)} contient des traits d’union de suite.")
    if not double_hyphen and name.endswith(("-", "'")):
        raise NameRefused(f"{said} {_quoted(name)} ne peut pas finir par {_quoted(name[-1])}.")


def _quoted(text: str) -> str:
    return f"«\u00a0{text}\u00a0»"


def shown_given_name(strict: str) -> str:
    """A given name as people read it: "JEAN-PIERRE" gives "Jean-Pierre"."""
    return re.sub(r"[A-Z]+", lambda word: word[0].capitalize(), strict)


def full_name(
    birth_name: str, given_name: str, used_name: str = "", used_given_name: str = "", sex: str = ""
) -> str:
    """The name that lets nobody be mistaken for another, birth name first.

    « KELLER ép. MARTIN Jeanne », « KELLER (dit MARTIN) Paul », « MARTIN Jeanne (dite Jane) ».
    """
    shown = birth_name
    if used_name and used_name != birth_name:
        shown += f" ép. {used_name}" if sex == "F" else f" (dit {used_name})"
    shown += f" {shown_given_name(given_name)}"
    if used_given_name and used_given_name != given_name:
        shown += f" ({'dite' if sex == 'F' else 'dit'} {shown_given_name(used_given_name)})"
    return shown


def initials(names: Sequence[str]) -> str:
    """Discreet form for a screen that others may see: « J.-P. M. »."""
    return " ".join(
        "-".join(f"{part[0]}." for part in name.split("-") if part) for name in names if name
    )
