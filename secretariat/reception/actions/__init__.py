"""The verbs of the desk and the telephone: the only writers of this room's tables."""

from secretariat.reception.actions.calls import answer, close, jot, promise_kept, reopen
from secretariat.reception.actions.visits import step, undo, walk_in

__all__ = ["answer", "close", "jot", "promise_kept", "reopen", "step", "undo", "walk_in"]
