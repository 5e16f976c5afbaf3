"""The verbs of the outbox."""

from secretariat.outbox.actions.queueing import queue, retry, withdraw
from secretariat.outbox.actions.telling import delivered, undelivered

__all__ = ["delivered", "queue", "retry", "undelivered", "withdraw"]
