"""How a person is reached: telephone numbers and e-mail addresses, as kept and as shown."""

from __future__ import annotations

import re

import phonenumbers

from secretariat.core.refusal import BadInput

# Numbers dialled inside France that belong to another country code, by their first digits.
_OVERSEAS = {
    "262": "RE", "692": "RE", "693": "RE", "269": "YT", "639": "YT", "590": "GP", "690": "GP",
    "691": "GP", "594": "GF", "694": "GF", "596": "MQ", "696": "MQ", "697": "MQ", "508": "PM",
}  # fmt: skip
# Range that the regulator keeps for fiction (films, demonstrations), inside Mayotte's.
_FICTION = "63998"
# As kept already: any nine digits after +33 are a possible number.
_KEPT = re.compile(r"\+33[1-9]\d{8}")
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\\\]]+@[^@\s.]+(?:\.[^@\s.]+)+")


class NumberRefused(BadInput):
    """What was typed is no telephone number."""


class AddressRefused(BadInput):
    """What was typed is no e-mail address."""


def strict_phone(text: str) -> str:
    """A number as kept: E.164. French numbers need no prefix; « +33 (0)1 23… » is understood.

    Raises:
        NumberRefused: no telephone has this number.
    """
    if _KEPT.fullmatch(text):
        return text
    digits = re.sub(r"\(0\)", "", text.strip())
    national = re.sub(r"\D", "", digits).removeprefix("0")
    region = "FR"
    if not digits.startswith(("+", "00")) and not national.startswith(_FICTION):
        region = _OVERSEAS.get(national[:3], "FR")
    try:
        number = phonenumbers.parse(re.sub(r"^00", "+", digits), region)
    except phonenumbers.NumberParseException as error:
        raise _refused(text) from error
    if not phonenumbers.is_possible_number(number):
        raise _refused(text)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _refused(text: str) -> NumberRefused:
    return NumberRefused(
        f"« {text.strip()} » n’est pas un numéro de téléphone : il en faut dix chiffres, "
        "ou + suivi de l’indicatif du pays."
    )


def shown_phone(number: str) -> str:
    """A kept number as it is read aloud: « 01 23 45 67 89 », or « +32 2 123 45 67 »."""
    try:
        parsed = phonenumbers.parse(number, "FR")
    except phonenumbers.NumberParseException:
        return number
    shape = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    if parsed.country_code in {33, 262, 508, 590, 594, 596}:
        shape = phonenumbers.PhoneNumberFormat.NATIONAL
    return str(phonenumbers.format_number(parsed, shape))


def strict_email(text: str) -> str:
    """An address as kept: lower case.

    Raises:
        AddressRefused: it has not the shape of an address.
    """
    address = text.strip().lower()
    if len(address) > 120 or not _EMAIL.fullmatch(address):
        raise AddressRefused(f"« {text.strip()} » n’est pas une adresse de courriel complète.")
    return address
