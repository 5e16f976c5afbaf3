"""What an agenda entry is about: a visit or a block, and which traits of a patient it tells.

Pure and prudent: a name alone never identifies anybody; the desk decides.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from secretariat.interop.csv.dates import past_date
from secretariat.interop.csv.refusals import BadValue
from secretariat.interop.csv.values import phones

Kind = Literal["visit", "block", "unknown"]

_BLOCK = re.compile(
    r"\b(reunions?|staff|conges?|vacances|absente?s?|absences?|indisponibles?|dejeuner|repas|"
    r"midi|pause|ferme[es]?|fermeture|formations?|congres|fmc|dpc|pont|ferie|rtt|maladie|off|"
    r"bloque[es]?|blocage|reserve[es]?|ne pas prendre|pas de (rdv|rendez-vous|consultations?)|"
    r"garde|astreinte|administratif|compta|comptabilite|paperasse|courriers?|telephone|"
    r"visiteurs? medica(l|ux)|remplacante?|remplacement|"
    r"lunch|meeting|holidays?|busy|occupee?|out of office|perso|prive|menage|maintenance)\b"
)
_AWAY = re.compile(r"\b(vad|visites?( a domicile)?|domicile|ehpad|tournee)\b")
_VISIT = re.compile(
    r"\b(rdv|rendez-vous|consultations?|cs|suivi|controle|certificat|vaccin\w*|renouvellement|"
    r"ordonnance|urgence|bilan|teleconsult\w*|tlc|visio|premiere|1ere|nouveau patient|"
    r"nouvelle patiente|frottis|depistage|resultats?|douleurs?|fievre|sport|grossesse|"
    r"pansement|suture|ecg|infiltration|biopsie|exerese|acne|grain de beaute)\b"
)
_TRADE = re.compile(f"{_VISIT.pattern}|{_AWAY.pattern}")
_TITLES = re.compile(
    r"\b(m|mr|mme|mlle|melle|monsieur|madame|mademoiselle|enfant|bebe|patiente?|dr|docteur|pr)"
    r"(?:\.|\b)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\s*([^:\n]{2,40}?)\s*:\s*(\S.*)$", re.MULTILINE)
_DATE = re.compile(
    r"(?<![\d/.-])(\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d\d-\d\d)(?![\d/-])|"
    r"\b(\d{1,2}(?:er)? (?:janv|f[ée]v|mars|avr|mai|juin|juil|ao[uû]t|sept|oct|nov|d[ée]c)\w*\.? "
    r"\d{4})\b",
    re.IGNORECASE,
)
_BIRTH_HINT = re.compile(r"\b(nee?|ddn|dn|naissance|birth\w*|dob)\b[^\d\n]{0,15}$")
_PHONE = re.compile(
    r"(?<![\d+])(?:(?:\+|00)33[ .]?(?:\(0\)[ .]?)?|0)[1-9](?:[ .\-]?\d{2}){4}(?!\d)"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LABELS = {
    "name": {"nom", "nom de naissance", "last name", "nom d'usage", "nom du patient"},
    "given_name": {"prenom", "prenoms", "first name"},
    "full_name": {"patient", "patiente", "nom et prenom", "nom prenom", "name", "client"},
    "birth_date": {"date de naissance", "ddn", "ne le", "nee le", "ne(e) le", "naissance"},
    "reason": {"motif", "motif de consultation", "motif du rendez-vous", "objet", "reason"},
}


@dataclass(frozen=True, slots=True)
class Guess:
    """What an entry seems to be.

    `reason` says in French why `kind` was chosen. `words` are the words that may be the names of
    the patient, as written, in no sure order; `name` and `given_name` only when the entry labels
    them. `sure_traits` is True when a name goes with a birth date or a telephone number: then,
    and only then, may a single patient who has all of them be proposed without asking.
    """

    kind: Kind
    reason: str
    words: tuple[str, ...] = ()
    name: str = ""
    given_name: str = ""
    birth_date: date | None = None
    phones: tuple[str, ...] = ()
    visit_reason: str = ""

    @property
    def sure_traits(self) -> bool:
        """A name and something else than a name."""
        named = bool(self.name and self.given_name) or len(self.words) >= 2
        return self.kind != "block" and named and bool(self.birth_date or self.phones)


def guess(
    summary: str, description: str, *, all_day: bool = False, today: date, busy: bool = True
) -> Guess:
    """What the texts of an entry tell.

    Args:
        summary: title of the entry.
        description: its text.
        all_day: it covers whole days.
        today: local date (a birth date is in the past).
        busy: it takes the time it covers.
    """
    labelled = _labelled(description)
    title = _LABEL.sub(r"\2", summary) if _starts_with_label(summary) else summary
    numbers = _numbers(f"{summary}\n{description}")
    born = _birth_date(labelled.get("birth_date", ""), summary, description, today)
    named = labelled.get("full_name") or _name_part(title)
    words = _names(named)
    kind, reason = _kind(summary, labelled, words, all_day=all_day, busy=busy)
    if born is not None or (numbers and words and kind != "block"):
        kind, reason = "visit", "Un nom avec une date de naissance ou un téléphone."
    if kind == "block":
        return Guess(kind, reason)
    return Guess(
        kind,
        reason,
        words=words,
        name=labelled.get("name", ""),
        given_name=labelled.get("given_name", ""),
        birth_date=born,
        phones=numbers,
        visit_reason=labelled.get("reason") or _reason_part(title),
    )


def _kind(
    summary: str, labelled: dict[str, str], words: tuple[str, ...], *, all_day: bool, busy: bool
) -> tuple[Kind, str]:
    """The first rule that applies."""
    flat = _flat(summary)
    blocked, away = _BLOCK.search(flat), _AWAY.search(flat)
    visited = _VISIT.search(_BLOCK.sub(" ", flat))  # « pas de consultation » is not a visit
    titled = bool(_TITLES.search(summary) and words)
    capitals = 2 <= len(words) <= 4 and any(word.isupper() and len(word) > 1 for word in words)
    said = next((match[0] for match in (blocked, visited, away) if match), "")
    rules: tuple[tuple[bool, Kind, str], ...] = (
        (
            bool({"name", "full_name"} & labelled.keys()),
            "visit",
            "La description donne le nom du patient.",
        ),
        (all_day, "block", "Journée entière."),
        (bool(blocked and not visited), "block", f"Le titre contient « {said} »."),
        (bool(away and not titled), "block", f"Le titre contient « {said} »."),
        (not busy, "block", "Le temps est marqué comme disponible."),
        (not flat.strip(), "block", "Sans titre."),
        (bool(visited), "visit", f"Le titre contient « {visited[0] if visited else ''} »."),
        (titled, "visit", "Le titre contient une civilité et un nom."),
        (capitals, "visit", "Le titre ressemble à un nom et un prénom."),
    )
    return next(
        ((kind, reason) for applies, kind, reason in rules if applies),
        ("unknown", "Rien ne dit s’il s’agit d’une visite."),
    )


def _labelled(description: str) -> dict[str, str]:
    """« Nom : DUPONT », « Motif : suivi » in the description."""
    found: dict[str, str] = {}
    for match in _LABEL.finditer(description):
        label = _flat(match[1]).strip(" *-•")
        for trait, labels in _LABELS.items():
            if label in labels:
                found.setdefault(trait, match[2].strip()[:100])
    return found


def _starts_with_label(summary: str) -> bool:
    match = _LABEL.match(summary)
    return match is not None and bool(
        _VISIT.search(_flat(match[1])) or "patient" in match[1].lower()
    )


def _numbers(text: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for match in _PHONE.finditer(text):
        try:
            found.update(dict.fromkeys(phone.number for phone in phones(match[0], "other")))
        except BadValue:
            continue
    return tuple(found)


def _birth_date(labelled: str, summary: str, description: str, today: date) -> date | None:
    """A labelled date, a date after « né le », or an old enough one in the title."""
    for text, sure in ((labelled, True), (summary, False), (description, False)):
        for match in _DATE.finditer(text):
            hinted = _BIRTH_HINT.search(_flat(text[: match.start()]))
            try:
                found = past_date(match[0], today)
            except BadValue:
                continue
            alone = text is summary and found is not None and (today - found).days > 365
            if found is not None and (sure or hinted or alone):
                return found
    return None


def _name_part(title: str) -> str:
    """The title without dates, telephones, what is between brackets or after a dash."""
    bare = _DATE.sub(" ", _PHONE.sub(" ", title))
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", bare)
    pieces = [piece.strip() for piece in re.split(r"\s[-–—/|:]\s|[:|/]|,\s", bare) if piece.strip()]
    named = [piece for piece in pieces if not _VISIT.search(_flat(piece))]
    with_capitals = [piece for piece in named if re.search(r"\b[^\W\d_a-zà-ÿ]{2,}\b", piece)]
    return (with_capitals or named or pieces or [""])[0]


def _reason_part(title: str) -> str:
    """What remains of the title once the name is out, when it speaks of a visit."""
    pieces = [piece.strip(" -–—:|/()") for piece in re.split(r"\s[-–—/|:]\s|[:|()]", title)]
    return next((piece for piece in pieces if _VISIT.search(_flat(piece))), "")[:120]


def _names(text: str) -> tuple[str, ...]:
    """Words that may be names, without titles and words of the trade."""
    bare = _TITLES.sub(" ", _DATE.sub(" ", _PHONE.sub(" ", text)))
    words = [
        word
        for word in _WORD.findall(bare)
        if not _TRADE.search(_flat(word)) and _flat(word) not in {"ne", "nee", "le", "tel", "ddn"}
    ]
    return tuple(words[:8])


def _flat(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.lower().replace("’", "'").replace("œ", "oe"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
