"""The verbs of telling."""

from secretariat.notices.actions.answering import answer
from secretariat.notices.actions.carrying import carry
from secretariat.notices.actions.promising import promise, withdraw
from secretariat.notices.actions.reaching import attempt, close, reopen, told, write_again

__all__ = [
    "answer", "attempt", "carry", "close", "promise", "reopen", "told", "withdraw", "write_again",
]  # fmt: skip
