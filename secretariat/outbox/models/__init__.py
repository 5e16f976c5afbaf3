"""The facts of what leaves the practice."""

from secretariat.outbox.models.deliveries import Delivery
from secretariat.outbox.models.messages import Message

__all__ = ["Delivery", "Message"]
