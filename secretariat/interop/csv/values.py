"""From a cell to a fact, or to a French sentence saying why not.

Every function takes a cell and returns the value, "" or None for an empty cell; it raises
`BadValue` (names: `patients.naming.NameRefused`, which carries a sentence as well).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

import phonenumbers
from stdnum.exceptions import ValidationError
from stdnum.fr import nir as stdnum_nir

from .refusals import BadValue
from .rows import Cell

Sex = Literal["F", "M", "I"]
PhoneUse = Literal["mobile", "home", "work", "other"]

_SEXES: dict[str, Sex] = {
    **dict.fromkeys(
        ("m", "h", "homme", "masculin", "masc", "mr", "monsieur", "male", "man", "1", "garcon"),
        "M",
    ),
    **dict.fromkeys(
        (
            "f", "femme", "feminin", "fem", "mme", "mlle", "melle", "madame", "mademoiselle",
            "female", "woman", "2", "fille", "mrs", "ms", "miss",
        ),
        "F",
    ),
    **dict.fromkeys(("i", "u", "x", "indetermine", "inconnu", "unknown", "autre", "0", "9"), "I"),
}  # fmt: skip
_NOTHING = frozenset({"-", "--", "n/a", "na", "nc", "nr", "néant", "neant", "null", "none", "#n/a"})
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_FRENCH = re.compile(
    r"(?<![\d+])(?:(?:\+|00)33[ .]?(?:\(0\)[ .]?)?|0)[1-9](?:[ .\-/]?\d{2}){4}(?!\d)"
)
_NUMBER = re.compile(r"(?:\+|\(0\)|\d)[\d\s.\-()]*\d")
_SCIENTIFIC = re.compile(r"^\d[.,]\d+E\+\d+$", re.IGNORECASE)
_E_MAIL = re.compile(r"^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([a-z0-9-]{1,63}\.)+[a-z]{2,24}$")
_GUARD = re.compile(r"^'(?=[=+\-@\t\r])")
_METROPOLITAN = re.compile(
    r"^(?:\+33|0033|33|0)?((?!26[239]|508|59|639(?!98)|69|70[089])[1-9]\d{8})$"
)
_OVERSEAS = ("RE", "YT", "GP", "GF", "MQ", "PM")


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number in E.164 and what it is for."""

    number: str
    use: PhoneUse


def cell_text(cell: Cell) -> str:
    """The cell as it reads on screen: a native date is `12/03/1985`."""
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell


def text(cell: Cell, limit: int = 200) -> str:
    """One clean line of at most `limit` characters; « néant », « NC », « NULL » are nothing.

    Raises:
        BadValue: longer than `limit`.
    """
    line = " ".join(paragraphs(cell, limit=limit).split())
    return "" if line.lower() in _NOTHING else line


def name(cell: Cell, limit: int = 200) -> str:
    """A name on one line; unlike `text`, M. NA and Mme NULL exist.

    Raises:
        BadValue: longer than `limit`.
    """
    line = " ".join(paragraphs(cell, limit=limit).split())
    return "" if line.lower() in {"-", "--", "n/a", "#n/a", "néant"} else line


def paragraphs(cell: Cell, limit: int = 4000) -> str:
    """Text that may hold several lines; control and direction characters are removed.

    Raises:
        BadValue: longer than `limit`.
    """
    raw = _GUARD.sub("", cell_text(cell))
    raw = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    clean = _CONTROLS.sub("", raw).strip()
    if len(clean) > limit:
        raise BadValue(f"Texte de {len(clean)} caractères ; {limit} au plus sont gardés ici.")
    return clean


def sex(cell: Cell) -> Sex | None:
    """F, M or I (indéterminé), from a sex or a title.

    Raises:
        BadValue: any other word.
    """
    word = _flat(text(cell, 40))
    if not word:
        return None
    found = _SEXES.get(word)
    if found is None:
        raise BadValue(f"« {text(cell, 40)} » n’est pas un sexe connu (F, M…).")
    return found


def phones(cell: Cell, use: PhoneUse) -> tuple[Phone, ...]:
    """The telephone numbers of a cell (« 06 … / 01 … (fille) » has two), in E.164.

    A leading zero lost by a spreadsheet is put back. A French 06 or 07 is always `mobile`,
    whatever the column said, and any other French number is never `mobile`.

    Raises:
        BadValue: something is written but no number can be read in it.
    """
    raw = text(cell, 200)
    if not raw:
        return ()
    if _SCIENTIFIC.match(raw):
        raise BadValue(_spoilt(raw))
    found: list[Phone] = []
    for written in _separate(raw):
        number = _e164(written)
        if number is None:
            raise BadValue(f"« {written.strip()[:40]} » n’est pas un numéro de téléphone.")
        if number not in {phone.number for phone in found}:
            found.append(Phone(number, _use(number, use)))
    if not found:
        raise BadValue(f"« {raw[:40]} » n’est pas un numéro de téléphone.")
    return tuple(found)


def _separate(raw: str) -> list[str]:
    """French numbers first, whatever stands between them, then what is left."""
    french = [match.group() for match in _FRENCH.finditer(raw)]
    rest = re.split(r"[;|,&/]|\sou\s", _FRENCH.sub(" ; ", raw))
    others = [match.group() for piece in rest for match in _NUMBER.finditer(piece)]
    if french:  # what is left may be an extension: « poste 12 »
        others = [number for number in others if len(re.sub(r"\D", "", number)) >= 6]
    return french + others


@lru_cache(maxsize=8192)  # members of a household share their numbers
def _e164(written: str) -> str | None:
    digits = re.sub(r"\D", "", written)
    if len(digits) < 6:
        return None
    metropolitan = _METROPOLITAN.match(re.sub(r"[^\d+]", "", written.replace("(0)", "")))
    if metropolitan:
        return f"+33{metropolitan[1]}"
    try:
        number = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == 33 and not phonenumbers.is_valid_number(number):
        number = _overseas(digits[-10:]) or number
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _overseas(national: str) -> phonenumbers.PhoneNumber | None:
    """0692… is written the same way in Réunion and in Paris."""
    for region in _OVERSEAS:
        there = phonenumbers.parse(national, region)
        if phonenumbers.is_valid_number_for_region(there, region):
            return there
    return None


def _use(number: str, use: PhoneUse) -> PhoneUse:
    if number.startswith(("+336", "+337")):
        return "mobile"
    if number.startswith("+33") and use == "mobile":
        return "home"
    return use


def e_mail(cell: Cell) -> str:
    """An e-mail address in lower case.

    Raises:
        BadValue: not an address (or several).
    """
    raw = text(cell, 254).removeprefix("mailto:").lower()
    if not raw:
        return ""
    if len(raw) > 120 or not _E_MAIL.match(raw) or ".." in raw:
        raise BadValue(f"« {raw[:60]} » n’est pas une adresse électronique.")
    return raw


def postcode(cell: Cell, country: str = "") -> str:
    """A French postcode, with the leading zero that spreadsheets lose; others as written.

    Raises:
        BadValue: not five figures, for an address in France.
    """
    raw = text(cell, 20).upper()
    if not raw:
        return ""
    if not in_france(country):
        return raw[:10]
    match = re.match(r"^(?:F-?)?(\d{2} ?\d{3}|\d{4})(?: *CEDEX.*)?$", raw)
    if not match:
        raise BadValue(f"« {raw} » n’est pas un code postal.")
    return match[1].replace(" ", "").zfill(5)


def in_france(country: str) -> bool:
    """An empty country means France."""
    return _flat(country) in {"", "france", "fr", "fra", "f", "france metropolitaine"}


def birth_place_code(cell: Cell) -> str:
    """INSEE code of a birth place: 5 characters, `2A004`, `99100` abroad.

    Raises:
        BadValue: anything else.
    """
    raw = text(cell, 20).upper().replace(" ", "")
    if not raw:
        return ""
    if re.fullmatch(r"\d{4}", raw):
        raw = f"0{raw}"
    if not re.fullmatch(r"(\d{2}|2[AB])\d{3}", raw):
        raise BadValue(f"« {raw} » n’est pas un code INSEE de commune ou de pays.")
    return raw


def nir(cell: Cell) -> str:
    """A social security number, 15 characters; the key is computed when it is missing.

    The fictitious number of anonymous care (2 55 55 55…) is accepted as it is: never match on it.

    Raises:
        BadValue: wrong length, letters, key, or figures lost by a spreadsheet.
    """
    raw = text(cell, 40)
    if _SCIENTIFIC.match(raw):
        raise BadValue(_spoilt(raw))
    compact = re.sub(r"[\s./\-]", "", raw).upper()
    if not compact:
        return ""
    if compact.startswith("2555555") and compact.isdigit() and len(compact) in (13, 15):
        return compact
    try:
        if len(compact) == 13:
            compact += str(stdnum_nir.calc_check_digits(compact))
        return str(stdnum_nir.validate(compact))
    except (ValidationError, ValueError):
        raise BadValue(
            f"« {raw} » n’est pas un numéro de sécurité sociale (longueur ou clé fausse)."
        ) from None


def yes(cell: Cell) -> bool | None:
    """Oui or non, in the ways programs write them; None for an empty cell.

    Raises:
        BadValue: any other word.
    """
    word = _flat(text(cell, 40))
    if not word:
        return None
    if word in {"oui", "o", "1", "vrai", "true", "yes", "y", "x", "decede", "decedee", "d", "dcd"}:
        return True
    if word in {"non", "n", "0", "faux", "false", "no", "vivant", "vivante", "v"}:
        return False
    raise BadValue(f"« {text(cell, 40)} » ne veut dire ni oui ni non.")


def _flat(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.lower().strip(" ."))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _spoilt(raw: str) -> str:
    return f"« {raw} » : le tableur a abîmé ce numéro. Exportez la colonne en format texte."
