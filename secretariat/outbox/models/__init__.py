"""The facts of what leaves the practice."""

from secretariat.outbox.models.deliveries import Delivery
from secretariat.outbox.models.letters import BatchLetter, LetterBatch
from secretariat.outbox.models.messages import Message
from secretariat.outbox.models.senders import MailSender, SendingRules, SmsSender

__all__ = [
    "BatchLetter", "Delivery", "LetterBatch", "MailSender", "Message", "SendingRules", "SmsSender",
]  # fmt: skip
