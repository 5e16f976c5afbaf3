"""Which column holds what? A proposal that says why, for a person to correct."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz import fuzz, process

from .fields import FIELDS, Mapping
from .profile import Profile, look
from .rows import Row
from .synonyms import OTHER_PEOPLE, SYNONYMS, TECHNICAL, known, label_key

ENOUGH = 50
"""Confidence (0 to 100) from which a proposal goes into the mapping by itself."""
_PHONES = ("mobile_phone", "home_phone", "work_phone", "other_phone")

# Words of a label, tried in this order when the whole label is unknown.
_WORDS: tuple[tuple[str, str], ...] = (
    (r"(date|jour|dt).*deces|deces.*date", "death_date"),
    (r"\bdeces|decede", "deceased"),
    (r"(lieu|ville|commune).*(code|insee|cog)|(code|insee|cog).*(lieu|ville|commune)?.*naiss",
     "birth_place_code"),
    (r"(lieu|ville|commune).*naiss|\bnee? a\b", "birth_place_name"),
    (r"prenoms?.*naiss|naiss.*prenoms?", "given_names"),
    (r"\bnom.*naiss|naiss.*\bnom\b|jeune fille|patronym", "birth_name"),
    (r"naiss|\bddn\b|birth|\bdob\b", "birth_date"),
    (r"\bnom.*(usage|usuel|marital|epouse|utilise|marie)", "used_name"),
    (r"prenom.*(usage|usuel|utilise)", "used_given_name"),
    (r"prenom", "given_names"),
    (r"medecin traitant|med traitant", "usual_doctor"),
    (r"portable|mobile|\bgsm\b|\bcell", "mobile_phone"),
    (r"(\btel|phone).*(dom|fixe|home|perso)", "home_phone"),
    (r"(\btel|phone).*(\bpro|travail|bureau|work)", "work_phone"),
    (r"mail|courriel", "e_mail"),
    (r"\btel\b|telephone|phone", "other_phone"),
    (r"code postal|\bcp\b|\bzip\b|postal code|postcode", "postcode"),
    (r"secu\b|securite sociale|\bnir\b|\bnss\b", "nir"),
    (r"adresse|\brue\b|\bvoie\b|street|address", "address"),
    (r"\bville\b|commune|\bcity\b|localite", "town"),
    (r"\bpays\b|country", "country"),
    (r"\bsexe\b|\bgenre\b|gender", "sex"),
    (r"civilite", "title"),
    (r"dossier", "file_number"),
    (r"\bnotes?\b|remarque|commentaire|observation", "notes"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """What we think of one column.

    `field` is a key of `fields.FIELDS` or None (not read); `confidence` goes from 0 to 100;
    `reason` is a French sentence; `examples` are its first different values.
    """

    column: str
    field: str | None
    confidence: int
    reason: str
    examples: tuple[str, ...] = ()


def propose(header: Sequence[str], rows: Sequence[Row], today: date) -> tuple[Proposal, ...]:
    """One proposal for each column, from its label and its first values.

    Args:
        header: labels of the columns.
        rows: the first rows (two hundred are enough).
        today: local date; a birth date is in the past.
    """
    sound = [row for row in rows if row.fault is None]
    profiles = [
        look((row.cells[i] for row in sound if i < len(row.cells)), today)
        for i in range(len(header))
    ]
    proposals = [
        _weigh(_by_label(label), profile) for label, profile in zip(header, profiles, strict=True)
    ]
    proposals = [
        replace(_by_values(found, profile), examples=profile.examples)
        for found, profile in zip(proposals, profiles, strict=True)
    ]
    return _one_each(_settle_names(proposals, header, sound), profiles)


def mapping(proposals: Sequence[Proposal]) -> Mapping:
    """The mapping to begin with: proposals confident enough."""
    return {
        found.column: found.field
        for found in proposals
        if found.field is not None and found.confidence >= ENOUGH
    }


def _by_label(label: str) -> Proposal:
    exact = known(label)
    if exact:
        return Proposal(label, exact, 90, "Le titre de la colonne est connu.")
    key = label_key(label)
    words = set(key.split())
    if words & OTHER_PEOPLE:
        return Proposal(label, None, 80, "La colonne semble concerner une autre personne.")
    if words & TECHNICAL:
        return Proposal(label, None, 70, "Colonne technique d’un carnet d’adresses.")
    field = next((field for pattern, field in _WORDS if re.search(pattern, key)), None)
    if field in {"address", "postcode", "town", "country"} and words & {"bureau", "autre"}:
        return Proposal(label, None, 70, "Adresse professionnelle ou secondaire.")
    if field:
        return Proposal(label, field, 75, "Le titre de la colonne contient un mot connu.")
    return _by_likeness(label, key)


def _by_likeness(label: str, key: str) -> Proposal:
    close = process.extractOne(key, SYNONYMS.keys(), scorer=fuzz.ratio, score_cutoff=86)
    if close and len(key) >= 5:
        return Proposal(label, SYNONYMS[close[0]], 65, f"Le titre ressemble à « {close[0]} ».")
    return Proposal(label, None, 0, "Rien ne dit ce que contient cette colonne.")


def _weigh(found: Proposal, profile: Profile) -> Proposal:
    """Do the values say the same as the label?"""
    if found.field is None or not profile.filled:
        return found
    share = _agreement(found.field, profile)
    if share is None:
        return found
    if share >= 0.8:
        reason = f"{found.reason[:-1]} et les valeurs le confirment."
        return replace(found, confidence=min(found.confidence + 8, 98), reason=reason)
    if share >= 0.4:
        return replace(found, confidence=found.confidence - 10)
    reason = (
        f"{found.reason[:-1]} mais les valeurs ne ressemblent pas à "
        f"« {_said(found.field)} » : à vérifier."
    )
    return replace(found, confidence=30, reason=reason)


def _agreement(field: str, profile: Profile) -> float | None:
    """Share of the values that read as `field`; None when values cannot tell."""
    if field in _PHONES:
        return profile.phones
    return {
        "birth_date": profile.dates + profile.serials,
        "sex": profile.sexes,
        "title": profile.sexes,
        "e_mail": profile.e_mails,
        "postcode": profile.postcodes,
        "nir": profile.nirs,
    }.get(field)


def _by_values(found: Proposal, profile: Profile) -> Proposal:
    """For a column whose label says nothing (or lies), what its values look like."""
    if found.confidence >= ENOUGH or profile.filled < 3:
        return found
    ages = profile.median_year and profile.distinct > profile.filled / 2
    guesses = (
        (profile.e_mails >= 0.8, "e_mail", 80, "Les valeurs sont des adresses électroniques."),
        (profile.nirs >= 0.6, "nir", 75, "Les valeurs ressemblent à des numéros de sécu."),
        (profile.mobiles >= 0.6, "mobile_phone", 70, "Les numéros commencent par 06 ou 07."),
        (profile.phones >= 0.6, "home_phone", 65, "Les valeurs sont des numéros de téléphone."),
        (profile.dates >= 0.8 and ages and profile.median_year < 2012, "birth_date", 60,
         "Les valeurs sont des dates passées, étalées comme des naissances."),
        (profile.sexes >= 0.95 and profile.distinct <= 4, "sex", 60,
         "Les valeurs sont M, F, Mme…"),
        (profile.postcodes >= 0.9 and profile.distinct < profile.filled, "postcode", 55,
         "Les valeurs ressemblent à des codes postaux."),
    )  # fmt: skip
    for fits, field, confidence, reason in guesses:
        if fits:
            return replace(found, field=field, confidence=confidence, reason=reason)
    return found


def _settle_names(
    proposals: list[Proposal], header: Sequence[str], rows: Sequence[Row]
) -> list[Proposal]:
    """« Nom » is the birth name or the used name according to the other columns."""
    fields = {found.field for found in proposals}
    settled = [_settle_surname(found, fields) for found in proposals]
    lists = [i for i, label in enumerate(header) if label_key(label) in _GIVEN_LISTS]
    ones = [i for i, label in enumerate(header) if label_key(label) in {"prenom", "first name"}]
    if len(lists) == len(ones) == 1 and "used_given_name" not in fields:
        settled[ones[0]] = _settle_given_name(settled[ones[0]], ones[0], lists[0], rows)
    return settled


_GIVEN_LISTS = {"prenoms", "liste prenoms", "prenoms naissance", "tous prenoms", "tous les prenoms"}


def _settle_surname(found: Proposal, fields: set[str | None]) -> Proposal:
    if found.field != "surname":
        return found
    if "birth_name" in fields:
        reason = "Une autre colonne donne le nom de naissance : celle-ci est le nom utilisé."
        return replace(found, field="used_name", confidence=85, reason=reason)
    if "used_name" in fields:
        reason = "Une autre colonne donne le nom utilisé : celle-ci est le nom de naissance."
        return replace(found, field="birth_name", confidence=88, reason=reason)
    reason = "Seul nom du fichier : pris comme nom de naissance, à vérifier pour les noms d’usage."
    return replace(found, field="birth_name", confidence=min(found.confidence, 75), reason=reason)


def _settle_given_name(found: Proposal, one: int, many: int, rows: Sequence[Row]) -> Proposal:
    """« Prénom » beside « Prénoms »: the first of the list, or the one in use?"""
    pairs = [(str(row.cells[one]).lower(), str(row.cells[many]).lower()) for row in rows]
    same = sum(whole.startswith(first) for first, whole in pairs)
    if same >= 0.9 * len(pairs):
        reason = "Toujours le début de la liste des prénoms."
        return replace(found, field="first_given_name", confidence=85, reason=reason)
    reason = "Diffère parfois de la liste des prénoms : c’est le prénom utilisé."
    return replace(found, field="used_given_name", confidence=70, reason=reason)


def _one_each(proposals: list[Proposal], profiles: list[Profile]) -> tuple[Proposal, ...]:
    """A field is fed by one column only, the surest; telephones find another use."""
    taken: dict[str, str] = {}
    final = list(proposals)
    order = sorted(
        range(len(final)), key=lambda i: (final[i].field == "other_phone", -final[i].confidence, i)
    )
    for i in order:
        found = final[i]
        field = found.field
        if field == "other_phone":
            field = _free_phone(profiles[i], taken)
        if field in taken and not FIELDS[field].several:
            if field in _PHONES:
                field = "other_phone"
            else:
                reason = f"« {taken[field]} » donne déjà : {_said(field)}."
                final[i] = replace(found, field=None, confidence=60, reason=reason)
                continue
        if field is not None:
            taken.setdefault(field, found.column)
        final[i] = replace(found, field=field)
    return tuple(final)


def _free_phone(profile: Profile, taken: dict[str, str]) -> str:
    if profile.mobiles >= 0.6 and "mobile_phone" not in taken:
        return "mobile_phone"
    if profile.mobiles < 0.4 and "home_phone" not in taken:
        return "home_phone"
    return "other_phone"


def _said(field: str) -> str:
    return FIELDS[field].label.lower() if field in FIELDS else "nom"
