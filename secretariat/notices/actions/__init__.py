"""The verbs of telling."""

from secretariat.notices.actions.answering import answer, ask_another
from secretariat.notices.actions.carrying import carry
from secretariat.notices.actions.promising import hold_about, promise, withdraw
from secretariat.notices.actions.reaching import (
    attempt,
    close,
    hold,
    post_letter,
    reopen,
    told,
    write_again,
)
from secretariat.notices.actions.undoing import hold_back, untry

__all__ = [
    "answer", "ask_another", "attempt", "carry", "close", "hold", "hold_about", "hold_back",
    "post_letter", "promise", "reopen", "told", "untry", "withdraw", "write_again",
]  # fmt: skip
