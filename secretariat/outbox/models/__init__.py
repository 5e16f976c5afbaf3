"""The facts of what leaves the practice."""

from secretariat.outbox.models.deliveries import Delivery
from secretariat.outbox.models.messages import Message
from secretariat.outbox.models.senders import MailSender, SendingRules, SmsSender

__all__ = ["Delivery", "MailSender", "Message", "SendingRules", "SmsSender"]
