"""What makes a file, from what was typed to what is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Required, TypedDict

from secretariat.core.refusal import BadInput
from secretariat.patients import naming
from secretariat.patients.labels import LABELS
from secretariat.patients.models import ContactPoint, Household, Patient
from secretariat.patients.reaching import strict_email, strict_phone
from secretariat.practice.models import Practitioner

OLDEST_BIRTH = date(1880, 1, 1)
STRICT = frozenset(
    {"birth_name", "given_names", "first_given_name", "birth_date", "sex", "birth_place_code"}
)
"""Columns whose correction takes an identity's validation away (EXI REC 08)."""

_NAMES = {"birth_name", "given_names", "first_given_name", "used_name", "used_given_name"}
_TEXTS = {
    "birth_place", "address", "address_more", "postcode", "town", "needs_interpreter", "note",
    "import_key",
}  # fmt: skip
_BOXES = {"needs_wheelchair", "is_deaf", "needs_more_time", "doubtful", "homonym"}
_COG = re.compile(r"\d{5}|2[AB]\d{3}")


@dataclass(frozen=True, slots=True)
class NewContactPoint:
    """A way to reach someone, as typed."""

    value: str
    system: str = ContactPoint.System.PHONE
    use: str = ContactPoint.Use.MOBILE
    holder: str = ""
    accepts_calls: bool = True
    accepts_messages: bool = False


class Details(TypedDict, total=False):
    """Every column of a file that a person may write, each as typed."""

    birth_name: str
    given_names: str
    first_given_name: str
    birth_date: date
    sex: str
    birth_place_code: str
    birth_place: str
    used_name: str
    used_given_name: str
    address: str
    address_more: str
    postcode: str
    town: str
    usual_practitioner: Practitioner | None
    needs_interpreter: str
    needs_wheelchair: bool
    is_deaf: bool
    needs_more_time: bool
    note: str
    doubtful: bool
    homonym: bool


class Traits(TypedDict, total=False):
    """What a new file may hold: four traits at least, names as typed (see naming.py)."""

    birth_name: Required[str]
    given_names: Required[str]
    birth_date: Required[date]
    sex: Required[str]
    first_given_name: str
    birth_place_code: str
    birth_place: str
    used_name: str
    used_given_name: str
    address: str
    address_more: str
    postcode: str
    town: str
    usual_practitioner: Practitioner | None
    needs_interpreter: str
    needs_wheelchair: bool
    is_deaf: bool
    needs_more_time: bool
    note: str
    import_key: str
    deceased_on: date | None
    household: Household | None
    contact_points: Sequence[NewContactPoint]


def strict_row(traits: Traits, today: date) -> dict[str, Any]:
    """The columns of a new file; contact points are left aside (`strict_point`).

    Raises:
        BadInput: with the sentence of the first trait that cannot be kept.
    """
    given = {name: value for name, value in traits.items() if name != "contact_points"}
    row = strict_columns(given, today)
    row["first_given_name"] = naming.first_given_name(
        row["given_names"], traits.get("first_given_name", "")
    )
    return row


def strict_columns(values: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Each column as it is kept; only the columns given.

    Args:
        today: the practice's date; nobody is born after it.

    Raises:
        BadInput: the name, date, code or text cannot be kept.
    """
    return {name: _strict(name, value, today) for name, value in values.items()}


def _strict(name: str, value: Any, today: date) -> Any:
    if name in _NAMES:
        return _strict_name(name, value or "")
    if name in _TEXTS:
        return strict_text(name, value or "")
    if name in _BOXES:
        return bool(value)
    if name == "birth_date":
        return strict_birth_date(value, today)
    return _CODES[name](value or "") if name in _CODES else value


def _strict_name(name: str, value: str) -> str:
    match name:
        case "birth_name":
            return naming.strict_birth_name(value)
        case "given_names":
            return naming.strict_given_names(value)
        case "used_name":
            return naming.strict_used_name(value)
        case "used_given_name":
            return naming.strict_given_name(value, "Le prénom utilisé") if value.strip() else ""
    return naming.strict_given_name(value, "Le premier prénom") if value.strip() else ""


def strict_birth_date(value: date | None, today: date) -> date:
    """A date of birth that somebody alive in a file can have.

    Raises:
        BadInput: none, in the future, or before 1880.
    """
    if value is None:
        raise BadInput("La date de naissance manque.")
    if value > today:
        raise BadInput(f"La date de naissance {value:%d/%m/%Y} est dans le futur.")
    if value < OLDEST_BIRTH:
        raise BadInput(f"La date de naissance {value:%d/%m/%Y} est avant 1880 : vérifiez l’année.")
    return value


def _strict_sex(value: str) -> str:
    if value not in Patient.Sex.values:
        raise BadInput("Indiquez le sexe : féminin, masculin ou indéterminé.")
    return value


def _strict_place_code(value: str) -> str:
    code = value.strip().upper()
    if code and not _COG.fullmatch(code):
        raise BadInput(
            f"« {value.strip()} » n’est pas un code INSEE de commune ou de pays : cinq chiffres, "
            "ou 2A, 2B suivi de trois chiffres."
        )
    return code


_CODES = {"sex": _strict_sex, "birth_place_code": _strict_place_code}


def strict_text(name: str, value: str) -> str:
    """A free text that the column can hold.

    Raises:
        BadInput: longer than the column, or with a character that no keyboard types.
    """
    text = value.replace("\r\n", "\n").strip()
    longest = Patient._meta.get_field(name).max_length  # type: ignore[union-attr]
    if longest and len(text) > longest:
        raise BadInput(f"« {LABELS[name]} » dépasse {longest} caractères : raccourcissez.")
    if "\x00" in text:
        raise BadInput(f"« {LABELS[name]} » contient un caractère illisible : retapez-le.")
    return text


def strict_point(point: NewContactPoint) -> NewContactPoint:
    """A way to reach someone, as it is kept.

    Raises:
        BadInput: the number or the address is none.
    """
    is_email = point.system == ContactPoint.System.EMAIL
    return NewContactPoint(
        value=strict_email(point.value) if is_email else strict_phone(point.value),
        system=ContactPoint.System.EMAIL if is_email else ContactPoint.System.PHONE,
        use=point.use if point.use in ContactPoint.Use.values else ContactPoint.Use.OTHER,
        holder=point.holder.strip().replace("\x00", "")[:80],
        accepts_calls=point.accepts_calls and not is_email,
        accepts_messages=point.accepts_messages,
    )
