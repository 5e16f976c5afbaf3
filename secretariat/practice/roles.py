"""Who may hold which role, and what each role may do. Written to be read by a lawyer.

A permission is a word pair `room.verb`. A right exists only if it is listed here;
what a person is refused individually (`Staff.withheld`) always wins over a role.
"""

from __future__ import annotations

import inspect

PERMISSIONS: dict[str, str] = {
    "patients.read": "Voir l’identité et le dossier administratif des patients.",
    "patients.write": "Enregistrer et corriger l’identité et le dossier administratif.",
    "notices.read": "Voir qui a été prévenu, et les non joints.",
    "notices.work": "Prévenir les patients : appeler, écrire, clore.",
    "notices.texts": "Écrire les textes des messages et régler les envois.",
    "patients.import": "Importer des fichiers de patients et d’agenda.",
    "agenda.read": "Voir l’agenda.",
    "agenda.book": "Donner, déplacer et annuler des rendez-vous.",
    "agenda.force": "Donner un rendez-vous hors des règles, sous son nom.",
    "agenda.rules": "Régler les horaires, les absences et les motifs.",
    "reception.read": "Voir les arrivées et la salle d’attente.",
    "reception.work": "Tenir le téléphone et l’accueil.",
    "reception.call_in": "Appeler un patient et clore son passage.",
    "privacy.trace": "Lire qui a ouvert un dossier.",
    "practice.manage": "Régler le cabinet, les personnes et leurs droits.",
}

_DESK = {
    "patients.read", "patients.write", "agenda.read", "agenda.book", "agenda.force",
    "reception.read", "reception.work", "reception.call_in", "notices.read", "notices.work",
}  # fmt: skip


class Role:
    """A role: a key, its French name, and its permissions."""

    key = ""
    label = ""
    permissions: frozenset[str] = frozenset()
    dated = False

    @classmethod
    def paragraph(cls) -> str:
        """Who may hold the role: the class's own French words, without their title."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[2].split())


class Secretary(Role):
    """Secrétaire médicale du cabinet.

    Personne salariée du cabinet, tenue au secret professionnel (article L1110-4 du
    code de la santé publique). Elle accueille, tient le téléphone et l’agenda, crée et
    corrige les dossiers administratifs, importe les fichiers du cabinet. Elle ne lit pas
    le contenu médical et ne décide d’aucun soin.
    """

    key = "secretary"
    label = "Secrétaire"
    permissions = frozenset(
        _DESK | {"patients.import", "agenda.rules", "privacy.trace", "notices.texts"}
    )


class RemoteSecretary(Role):
    """Télésecrétaire.

    Personne qui répond à distance pour un ou plusieurs cabinets, par contrat écrit avec
    chacun. Dans chaque cabinet elle a les droits du comptoir, sans les réglages, sans les
    imports et sans le registre des consultations de dossiers. Elle ne voit qu’un cabinet à la fois.
    """

    key = "remote_secretary"
    label = "Télésecrétaire"
    permissions = frozenset(_DESK)


class Physician(Role):
    """Médecin du cabinet.

    Docteur en médecine inscrit à l’Ordre, responsable des dossiers qu’il tient. Il voit
    l’agenda et les arrivées, appelle ses patients, donne des rendez-vous, fixe ses horaires
    et lit qui a ouvert un dossier.
    """

    key = "physician"
    label = "Médecin"
    permissions = frozenset(
        {
            "patients.read", "patients.write", "agenda.read", "agenda.book", "agenda.force",
            "agenda.rules", "reception.read", "reception.call_in", "privacy.trace", "notices.read",
        }
    )  # fmt: skip


class Locum(Role):
    """Médecin remplaçant.

    Docteur en médecine ou interne titulaire d’une licence de remplacement, pour une période
    écrite au contrat : hors de cette période le compte n’ouvre rien. Il voit l’agenda et les
    arrivées et appelle les patients ; il ne règle ni horaires ni droits.
    """

    key = "locum"
    label = "Médecin remplaçant"
    dated = True
    permissions = frozenset(
        {"patients.read", "agenda.read", "agenda.book", "reception.read", "reception.call_in"}
    )


class Manager(Role):
    """Responsable du cabinet.

    Personne chargée de l’organisation et de la comptabilité du cabinet. Elle a les droits
    du comptoir et règle le cabinet, les personnes, les droits et les horaires.
    """

    key = "manager"
    label = "Responsable"
    permissions = frozenset(
        _DESK
        | {"patients.import", "agenda.rules", "privacy.trace", "practice.manage", "notices.texts"}
    )


class Trainee(Role):
    """Stagiaire.

    Élève secrétaire en stage conventionné, pour une période écrite, sous la responsabilité
    d’une secrétaire. Elle donne des rendez-vous dans les règles et tient l’accueil ; elle ne
    force rien, n’importe rien et ne corrige pas les identités.
    """

    key = "trainee"
    label = "Stagiaire"
    dated = True
    permissions = frozenset(
        {
            "patients.read", "agenda.read", "agenda.book", "reception.read", "reception.work",
            "notices.read", "notices.work",
        }
    )  # fmt: skip


class PatientLink(Role):
    """Patient, par un lien.

    Ce n’est pas une personne du cabinet : c’est la signature de ce qu’un patient fait lui-même
    depuis le lien d’un message (confirmer, annuler, demander un autre moment). Ce poste n’a ni
    identifiant ni mot de passe et n’ouvre aucun écran.
    """

    key = "patient_link"
    label = "Patient, par un lien"
    permissions = frozenset({"agenda.book"})


class Automaton(Role):
    """Envois automatiques.

    Ce n’est pas une personne : c’est la signature de ce que le logiciel fait seul, comme
    promettre un rappel ou proposer un créneau libéré. Ce poste n’ouvre aucun écran.
    """

    key = "automaton"
    label = "Envois automatiques"
    permissions = frozenset({"agenda.book"})


ROLES: dict[str, type[Role]] = {
    role.key: role for role in (Secretary, RemoteSecretary, Physician, Locum, Manager, Trainee)
}
"""What a person may be engaged as."""

AUTOMATIC: dict[str, type[Role]] = {role.key: role for role in (PatientLink, Automaton)}
"""What signs the deeds of nobody in the practice; no person ever holds one."""
