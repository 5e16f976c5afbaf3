"""What a column of patients may hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A thing known of a patient.

    `key` is the name used in a mapping, `label` what the screen says; `several` columns may feed
    it (their contents are kept side by side).
    """

    key: str
    label: str
    several: bool = False


_FIELDS = (
    Field("birth_name", "Nom de naissance"),
    Field("used_name", "Nom utilisé"),
    Field("full_name", "Nom et prénom ensemble"),
    Field("given_names", "Prénoms de naissance", several=True),
    Field("first_given_name", "Premier prénom de naissance"),
    Field("used_given_name", "Prénom utilisé"),
    Field("birth_date", "Date de naissance"),
    Field("sex", "Sexe"),
    Field("title", "Civilité"),
    Field("birth_place_code", "Code INSEE du lieu de naissance"),
    Field("birth_place_name", "Lieu de naissance"),
    Field("mobile_phone", "Téléphone mobile"),
    Field("home_phone", "Téléphone du domicile"),
    Field("work_phone", "Téléphone professionnel"),
    Field("other_phone", "Autre téléphone", several=True),
    Field("e_mail", "Adresse électronique"),
    Field("address", "Adresse (rue et compléments)", several=True),
    Field("postcode", "Code postal"),
    Field("town", "Ville"),
    Field("country", "Pays"),
    Field("file_number", "Numéro de dossier"),
    Field("nir", "Numéro de sécurité sociale"),
    Field("notes", "Notes administratives", several=True),
    Field("usual_doctor", "Médecin traitant"),
    Field("deceased", "Décédé"),
    Field("death_date", "Date de décès"),
)

FIELDS: dict[str, Field] = {field.key: field for field in _FIELDS}
"""Every field a column may be given to, in the order the screen lists them."""

Mapping = dict[str, str]
"""Column label → field key. Columns left out are not read."""


def check(mapping: Mapping, header: tuple[str, ...]) -> list[str]:
    """What forbids importing with this mapping, as French sentences (empty: nothing)."""
    problems = [
        f"La colonne « {column} » n’existe pas dans le fichier."
        for column in mapping
        if column not in header
    ]
    problems += [f"Champ inconnu : « {key} »." for key in mapping.values() if key not in FIELDS]
    given = [key for key in mapping.values() if key in FIELDS]
    problems += [
        f"Deux colonnes sont données à « {FIELDS[key].label} »."
        for key in dict.fromkeys(given)
        if given.count(key) > 1 and not FIELDS[key].several
    ]
    if not {"birth_name", "used_name", "full_name"} & set(given):
        problems.append("Aucune colonne ne donne le nom.")
    if not {"given_names", "first_given_name", "used_given_name", "full_name"} & set(given):
        problems.append("Aucune colonne ne donne le prénom.")
    return problems
