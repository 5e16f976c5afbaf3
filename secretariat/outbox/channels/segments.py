"""How many text messages a text is: what the operator counts and bills.

A message of GSM letters (3GPP TS 23.038, 6.2.1) holds 160 of them, or 153 in each part of a
longer one; a single letter outside (ê, ç, œ, a curved apostrophe) sends the whole text as UCS-2:
70, or 67 in each part. Of the French letters é è à ù É and the capital Ç are GSM; the small ç,
all circumflexes, ë, ï, œ and the capitals À È are not.
"""

from __future__ import annotations

from collections.abc import Iterator

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each takes two places: an escape, then the letter."""
_LETTERS = _BASIC | _EXTENDED
_LIGHTER = str.maketrans(
    {
        "ç": "c", "â": "a", "ê": "e", "î": "i", "ô": "o", "û": "u", "ë": "e", "ï": "i", "ÿ": "y",
        "œ": "oe", "À": "A", "Â": "A", "È": "E", "Ê": "E", "Ë": "E", "Î": "I", "Ï": "I",
        "Ô": "O", "Ù": "U", "Û": "U", "Ÿ": "Y", "Œ": "OE", "’": "'", "‘": "'", "“": '"',
        "”": '"', "«": '"', "»": '"', "…": "...", "–": "-", "—": "-", "‑": "-", "•": "-",
        "·": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "°": "o", "\t": " ",
    }
)  # fmt: skip


def is_gsm(text: str) -> bool:
    """Whether the text has only GSM letters."""
    return _LETTERS.issuperset(text)


def count(text: str) -> int:
    """How many messages the text is; 0 for an empty one."""
    if 0 < len(text) <= 160 and _BASIC.issuperset(text):  # nearly all of them
        return 1
    sizes = list(_sizes(text))
    alone, part = (160, 153) if is_gsm(text) else (70, 67)
    if sum(sizes) <= alone:
        return 1 if sizes else 0
    messages, used = 1, 0
    for size in sizes:
        # Neither an escaped letter nor a pair of surrogates is cut in two.
        if used + size > part:
            messages, used = messages + 1, 0
        used += size
    return messages


def cost(text: str, cents_each: int) -> int:
    """What the text costs, in cents, when each message costs `cents_each`."""
    return count(text) * cents_each


def lightened(text: str) -> str:
    """The text in GSM letters when only French typography keeps it out of them.

    « Rendez-vous noté à l’hôpital » becomes `"Rendez-vous noté à l'hopital"`: 160 letters to a
    message instead of 70. A text that would still not fit is left as it was written.
    """
    tried = text.replace("«\u00a0", '"').replace("\u00a0»", '"')
    tried = tried.replace("«\u202f", '"').replace("\u202f»", '"').replace("« ", '"')
    tried = tried.replace(" »", '"').translate(_LIGHTER)
    return tried if is_gsm(tried) else text


def _sizes(text: str) -> Iterator[int]:
    """How many places each letter takes in its alphabet."""
    gsm = is_gsm(text)
    for letter in text:
        yield (2 if letter in _EXTENDED else 1) if gsm else (2 if ord(letter) > 0xFFFF else 1)
