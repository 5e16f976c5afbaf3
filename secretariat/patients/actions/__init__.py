"""The verbs of the patients' room: the only writers of its tables."""

from secretariat.patients.actions.contacting import (
    AlreadyThere,
    add_contact_point,
    change_contact_point,
    remove_contact_point,
)
from secretariat.patients.actions.correcting import (
    NotAnIdentityDocument,
    correct,
    record_death,
    verify_identity,
)
from secretariat.patients.actions.importing import register_many
from secretariat.patients.actions.registering import LikelyDuplicate, register
from secretariat.patients.actions.relating import (
    NotRelated,
    add_related_person,
    join_household,
    leave_household,
    open_household,
    remove_related_person,
)
from secretariat.patients.actions.revising import ChangedMeanwhile, Difference
from secretariat.patients.actions.traits import Details, NewContactPoint, Traits
from secretariat.patients.actions.undoing import TooLate, undo_correction

__all__ = [
    "AlreadyThere",
    "ChangedMeanwhile",
    "Details",
    "Difference",
    "LikelyDuplicate",
    "NewContactPoint",
    "NotAnIdentityDocument",
    "NotRelated",
    "TooLate",
    "Traits",
    "add_contact_point",
    "add_related_person",
    "change_contact_point",
    "correct",
    "join_household",
    "leave_household",
    "open_household",
    "record_death",
    "register",
    "register_many",
    "remove_contact_point",
    "remove_related_person",
    "undo_correction",
    "verify_identity",
]
