"""Facts of the appointment book, a file a subject."""

from secretariat.agenda.models.announcing import Announcing, Reminder
from secretariat.agenda.models.appointments import Appointment
from secretariat.agenda.models.books import Agenda, Replacement, Travel
from secretariat.agenda.models.documents import InstructionDocument
from secretariat.agenda.models.favourites import FavouriteAgenda
from secretariat.agenda.models.groups import Protocol, ProtocolStep, VisitGroup
from secretariat.agenda.models.holds import HELD_FOR, Hold, Ranking
from secretariat.agenda.models.openings import Absence, OpeningException, OpeningRule
from secretariat.agenda.models.quotas import Quota, QuotaReason
from secretariat.agenda.models.reasons import LocumLimit, OfferedReason, OpeningReason, VisitReason
from secretariat.agenda.models.recalls import Recall, RecallCampaign, RecallSilence, RecallTry
from secretariat.agenda.models.replans import Replan, ReplanLine
from secretariat.agenda.models.resources import (
    ReasonNeed,
    Resource,
    ResourceClosing,
    ResourceUse,
)
from secretariat.agenda.models.waiting import (
    FreedTime,
    Waiting,
    WaitingDoctor,
    WaitingOffer,
    WaitingRules,
)

__all__ = [
    "HELD_FOR",
    "Absence",
    "Agenda",
    "Announcing",
    "Appointment",
    "FavouriteAgenda",
    "FreedTime",
    "Hold",
    "InstructionDocument",
    "LocumLimit",
    "OfferedReason",
    "OpeningException",
    "OpeningReason",
    "OpeningRule",
    "Protocol",
    "ProtocolStep",
    "Quota",
    "QuotaReason",
    "Ranking",
    "ReasonNeed",
    "Recall",
    "RecallCampaign",
    "RecallSilence",
    "RecallTry",
    "Reminder",
    "Replacement",
    "Replan",
    "ReplanLine",
    "Resource",
    "ResourceClosing",
    "ResourceUse",
    "Travel",
    "VisitGroup",
    "VisitReason",
    "Waiting",
    "WaitingDoctor",
    "WaitingOffer",
    "WaitingRules",
]
