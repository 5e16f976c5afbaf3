"""The verbs of the outbox."""

from secretariat.outbox.actions.queueing import in_hand, queue, queue_many, retry, withdraw
from secretariat.outbox.actions.telling import delivered, undelivered

__all__ = ["delivered", "in_hand", "queue", "queue_many", "retry", "undelivered", "withdraw"]
