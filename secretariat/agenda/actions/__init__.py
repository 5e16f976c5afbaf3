"""The verbs of the agenda: the only writers of its tables."""

from secretariat.agenda.actions.booking import book
from secretariat.agenda.actions.cancelling import cancel, restore
from secretariat.agenda.actions.moving import move
from secretariat.agenda.actions.placing import OutsideHours, TimeTaken

__all__ = ["OutsideHours", "TimeTaken", "book", "cancel", "move", "restore"]
