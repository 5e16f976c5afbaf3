"""The verbs of the outbox."""

from secretariat.outbox.actions.queueing import in_hand, queue, retry, withdraw
from secretariat.outbox.actions.telling import delivered, undelivered

__all__ = ["delivered", "in_hand", "queue", "retry", "undelivered", "withdraw"]
