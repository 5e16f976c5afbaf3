"""What each column of a file is called on screen."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "birth_name": "Nom de naissance",
    "given_names": "Prénoms de naissance",
    "first_given_name": "Premier prénom de naissance",
    "birth_date": "Date de naissance",
    "sex": "Sexe",
    "birth_place": "Lieu de naissance",
    "birth_place_code": "Code INSEE du lieu de naissance",
    "used_name": "Nom utilisé",
    "used_given_name": "Prénom utilisé",
    "identity_status": "Statut de l’identité",
    "identity_document": "Pièce d’identité vue",
    "homonym": "Homonyme",
    "doubtful": "Identité douteuse",
    "address": "Adresse",
    "address_more": "Complément d’adresse",
    "postcode": "Code postal",
    "town": "Commune",
    "household": "Foyer",
    "usual_practitioner": "Praticien habituel",
    "needs_interpreter": "Langue de l’interprète",
    "needs_wheelchair": "Se déplace en fauteuil roulant",
    "is_deaf": "Sourd ou malentendant",
    "needs_more_time": "A besoin de plus de temps",
    "note": "Note administrative",
    "deceased_on": "Décès",
    "import_key": "Repère d’import",
    "contact_point": "Coordonnée",
    "related_person": "Proche",
}
"""Column, or part of the file, and its French name."""
