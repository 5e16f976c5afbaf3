"""The verbs of telling."""

from secretariat.notices.actions.answering import answer, ask_another
from secretariat.notices.actions.carrying import carry
from secretariat.notices.actions.promising import promise, withdraw
from secretariat.notices.actions.reaching import attempt, close, reopen, told, write_again

__all__ = [
    "answer", "ask_another", "attempt", "carry", "close", "hold_back", "post_letter", "promise",
    "reopen", "told", "untry", "withdraw", "write_again",
]  # fmt: skip
