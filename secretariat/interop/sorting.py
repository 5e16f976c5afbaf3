"""Is this line a new file, somebody already there, or a question for a person?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from secretariat.interop.newcomers import Newcomer
from secretariat.interop.queries.known_people import Files, Known
from secretariat.patients.matching import Likeness
from secretariat.patients.search import Duplicate

GRAVE = frozenset({Likeness.SAME, Likeness.LIKELY})
"""Likenesses that hold a line back; a mere possibility, a twin or a homonym do not."""


class Fate(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    THERE = "there"
    REPEATED = "repeated"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fate of a line, why in French, and the files it may be about."""

    fate: Fate
    sentence: str = ""
    candidates: tuple[int, ...] = ()


NEW, THERE, REPEATED = Verdict(Fate.NEW), Verdict(Fate.THERE), Verdict(Fate.REPEATED)


class Sorter:
    """Sorts the lines of one file, in order; remembers those it has seen."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}
        self._numbers: dict[str, str] = {}

    def sort(self, one: Newcomer, files: Files) -> Verdict | None:
        """The verdict when keys and strict traits tell; None when likeness has to be asked."""
        verdict = (
            self._seen_number(one)
            or _known_by_key(one, files)
            or self._seen_traits(one)
            or _same_traits(one, files.by_identity.get(one.identity, []))
        )
        if verdict is None or verdict.fate is not Fate.REPEATED:
            for key in one.keys:
                self._lines.setdefault(key, one.number)
            self._numbers.setdefault(one.keys[-1], one.keys[0])
        return verdict

    def _seen_number(self, one: Newcomer) -> Verdict | None:
        """The same number twice in the file."""
        line = self._lines.get(one.keys[0])
        if line is None or not one.numbered:
            return None
        if self._numbers.get(one.keys[-1]) == one.keys[0]:
            return REPEATED
        return Verdict(
            Fate.HELD, f"Même n° de dossier qu’à la ligne {line} du fichier, autre identité."
        )

    def _seen_traits(self, one: Newcomer) -> Verdict | None:
        """The same name, given name and birth date twice in the file."""
        traits = one.keys[-1]
        line = self._lines.get(traits)
        if line is None:
            return None
        if one.numbered and self._numbers[traits] != traits:
            said = f"Même identité qu’à la ligne {line} du fichier, sous un autre n° de dossier."
            return Verdict(Fate.HELD, said)
        return REPEATED


def _known_by_key(one: Newcomer, files: Files) -> Verdict | None:
    known = files.by_key.get(one.keys[0])
    if known is not None and one.numbered and known.identity != one.identity:
        if one.keys[0] in files.settled:
            return THERE
        said = (
            "Même n° de dossier, mais l’identité diffère : une correction, ou une autre personne."
        )
        return Verdict(Fate.HELD, said, (known.pk,))
    if known is not None or one.keys[-1] in files.by_key or one.keys[0] in files.settled:
        return THERE
    return None


def _same_traits(one: Newcomer, twins: Sequence[Known]) -> Verdict | None:
    """Somebody on file has the same name, first given name and birth date."""
    if not twins:
        return None
    pks = tuple(known.pk for known in twins)
    if len(twins) > 1:
        return Verdict(Fate.HELD, "Plusieurs dossiers ont ces nom, prénom et naissance.", pks)
    if reason := _contradiction(one, twins[0]):
        return Verdict(Fate.HELD, f"Mêmes nom, prénom et naissance, mais {reason}.", pks)
    return THERE


def _contradiction(one: Newcomer, known: Known) -> str:
    if {one.traits["sex"], known.sex} == {"F", "M"}:
        return "pas le même sexe"
    places = {one.traits.get("birth_place_code", ""), known.birth_place_code} - {""}
    if len(places) == 2:
        return "pas le même lieu de naissance"
    if one.numbered and known.key.startswith("n:"):
        return "sous un autre n° de dossier"
    return ""


def by_likeness(found: Sequence[Duplicate], newest: int) -> Verdict:
    """The verdict on a line that neither key nor strict traits settle.

    Args:
        newest: the last file made before this import; its own files are not compared.
    """
    grave = [one for one in found if one.likeness in GRAVE and one.patient_id <= newest]
    if not grave:
        return NEW
    return Verdict(Fate.HELD, f"{grave[0].likeness.value}.", tuple(one.patient_id for one in grave))
