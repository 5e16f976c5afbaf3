"""Replanning a day: a draft that all desks see, one approval, a quarter of an hour to undo it."""

from secretariat.agenda.actions.replanning.approving import Approval, approve
from secretariat.agenda.actions.replanning.drafting import (
    NoLongerADraft,
    NothingToReplan,
    Period,
    drop,
    look_again,
    replan,
)
from secretariat.agenda.actions.replanning.lines import (
    another,
    choose,
    choose_all,
    hand_over,
    pin,
    place,
    shift,
    unpin,
)
from secretariat.agenda.actions.replanning.reaching import replan_closing, replan_visits
from secretariat.agenda.actions.replanning.undoing import UNDONE_FOR, TooLate, undo

__all__ = [
    "UNDONE_FOR",
    "Approval",
    "NoLongerADraft",
    "NothingToReplan",
    "Period",
    "TooLate",
    "another",
    "approve",
    "choose",
    "choose_all",
    "drop",
    "hand_over",
    "look_again",
    "pin",
    "place",
    "replan",
    "replan_closing",
    "replan_visits",
    "shift",
    "undo",
    "unpin",
]
