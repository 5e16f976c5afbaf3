"""What a message to patients says: the practice's words, or ours, with their placeholders filled.

Nothing here knows a name, a reason or a speciality: a placeholder for them does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from secretariat.core.day_names import DAYS, MONTHS
from secretariat.core.refusal import BadInput
from secretariat.notices.kinds import Facts, Wording

PLACEHOLDERS: dict[str, str] = {
    "rendezvous": "jour et heure, ou tous les jours et heures",
    "avant": "jour et heure d’avant",
    "lieu": "nom du lieu",
    "adresse": "adresse du lieu",
    "telephone": "téléphone du lieu",
    "minutes": "minutes de retard",
    "limite": "jour et heure avant lesquels répondre",
    "lien": "lien pour répondre",
}
"""All that a text may contain between braces, and what it becomes."""
SHOWN = 4
"""How many hours one message tells; the others are counted."""
_PLACE = re.compile(r"\{([^{}]*)\}")
_NOTHING_BETWEEN = re.compile(r",[ ]*(?=[,.])")
"""« Cabinet des Tilleuls, . »: the place has no telephone."""
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of a text."""
_DAYS = {
    "fr": DAYS,
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "fr": MONTHS,
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
}  # fmt: skip


class UnknownPlaceholder(BadInput):
    """A text names something that no message may say."""


def check(body: str, forbidden: Sequence[str] = ()) -> None:
    """Refuse a text that says too much.

    Args:
        body: with its placeholders.
        forbidden: reasons and specialities of the practice, as they read on screen.

    Raises:
        UnknownPlaceholder: a placeholder does not exist, or a brace is alone.
        BadInput: the text names a reason or a speciality, or says nothing.
    """
    if not body.strip():
        raise BadInput("Ce texte est vide : un message doit dire quelque chose.")
    if _UNSEEN.search(body):
        raise BadInput("Ce texte contient des caractères invisibles : retapez-le sans le coller.")
    for name in _PLACE.findall(body):
        if name not in PLACEHOLDERS:
            allowed = ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)
            raise UnknownPlaceholder(f"« {{{name}}} » n’existe pas. On peut écrire : {allowed}.")
    if set("{}") & set(_PLACE.sub("", body)):
        raise UnknownPlaceholder("Une accolade est seule : on les écrit par deux, {lieu}.")
    if word := named_in(body, forbidden):
        raise BadInput(f"Ce texte nomme « {word} » : un message ne dit ni motif ni spécialité.")


def named_in(text: str, forbidden: Sequence[str]) -> str:
    """The first of some reasons and specialities that a text names; "" for none."""
    said = text.casefold()
    for word in forbidden:
        if len(word) > 3 and re.search(rf"\b{re.escape(word.casefold())}\b", said):
            return word
    return ""


def filled(wording: Wording, facts: Sequence[Facts], link: str, language: str = "fr") -> Wording:
    """`wording` with its placeholders filled from one or several notices' facts.

    A line whose placeholders are all empty is left out: « Répondre : {lien} » without a link.
    """
    values = _values(facts, link, language)
    return Wording(_line(wording.subject, values), _lines(wording.body, values))


def _values(facts: Sequence[Facts], link: str, language: str) -> dict[str, str]:
    limits = sorted(fact.until for fact in facts if fact.until)
    return {
        "rendezvous": _appointments(facts, language),
        "avant": moments([fact.before for fact in facts if fact.before], language),
        "lieu": _each([fact.place for fact in facts], language),
        "adresse": _each([fact.address for fact in facts], language),
        "telephone": _each([fact.phone for fact in facts], language),
        "minutes": str(facts[0].minutes or ""),
        "limite": moments(limits[:1], language),
        "lien": link,
    }


def _appointments(facts: Sequence[Facts], language: str) -> str:
    """When to come; where too, when it is not always the same place."""
    by_place: dict[str, list[datetime]] = {}
    for fact in sorted((one for one in facts if one.when), key=_when):
        by_place.setdefault(fact.place, []).append(_when(fact))
    if len(by_place) < 2:
        return moments([when for whens in by_place.values() for when in whens], language)
    return _joined(
        [f"{moments(whens, language)} ({place})" for place, whens in by_place.items()], language
    )


def _when(fact: Facts) -> datetime:
    assert fact.when is not None  # noqa: S101 - asked only of those that have one
    return fact.when


def _each(words: Sequence[str], language: str) -> str:
    """Each once, in the order given."""
    return _joined([word for word in dict.fromkeys(words) if word], language)


def _line(text: str, values: Mapping[str, str]) -> str:
    said = _PLACE.sub(lambda found: values.get(found[1], ""), text)
    return _NOTHING_BETWEEN.sub("", said).strip()


def _lines(body: str, values: Mapping[str, str]) -> str:
    kept = []
    for line in body.splitlines():
        names = _PLACE.findall(line)
        if names and not any(values.get(name) for name in names):
            continue
        kept.append(_line(line, values))
    return "\n".join(kept).strip()


def moments(whens: Sequence[datetime], language: str = "fr") -> str:
    """« lundi 23 novembre à 9 h 00 et 9 h 15 », several days parted by commas."""
    ordered = sorted(set(whens))
    by_day: dict[date, list[str]] = {}
    for when in ordered[:SHOWN]:
        by_day.setdefault(when.date(), []).append(_hour(when, language))
    days = [_on_day(day, hours, language) for day, hours in by_day.items()]
    more = len(ordered) - SHOWN
    if more > 0:
        days.append(f"{more} autre{'s' * (more > 1)}" if language == "fr" else f"{more} more")
    return _joined(days, language)


def _on_day(day: date, hours: Sequence[str], language: str) -> str:
    name, month = _DAYS[language][day.weekday()], _MONTHS[language][day.month - 1]
    if language == "fr":
        number = "1er" if day.day == 1 else str(day.day)
        return f"{name} {number} {month} à {_joined(hours, language)}"
    return f"{name} {day.day} {month} at {_joined(hours, language)}"


def _hour(when: datetime, language: str) -> str:
    # Plain spaces: a no-break one would make an SMS of 160 characters one of 70.
    return f"{when.hour} h {when:%M}" if language == "fr" else f"{when:%H:%M}"


def _joined(words: Sequence[str], language: str) -> str:
    last = " et " if language == "fr" else " and "
    return (
        words[0] if len(words) == 1 else ", ".join(words[:-1]) + last + words[-1] if words else ""
    )
