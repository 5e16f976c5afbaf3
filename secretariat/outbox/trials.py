"""Send one message now, outside the queue, and say what the other side answered."""

from __future__ import annotations

from uuid import uuid4

from secretariat.outbox import ways
from secretariat.outbox.channels import Channel, Letter, Outcome, Receipt, refused
from secretariat.outbox.channels.sms import e164
from secretariat.outbox.models import MailSender, SmsSender
from secretariat.outbox.sealing import Unreadable

SUBJECT = "Essai d’envoi"
BODY = "Essai d’envoi de {name}. Rien à faire : ce message vérifie un réglage."
FORGOTTEN = "Le mot de passe n’est plus lisible : la clé du site a changé. Tapez-le de nouveau."


def by_mail(sender: MailSender, to: str, name: str) -> Receipt:
    """A trial to an e-mail address; `name` is the practice's."""
    try:
        return _sent(ways.mail_of(sender, seconds=ways.TRIAL_SECONDS), to.strip(), name)
    except Unreadable:
        return refused(FORGOTTEN)


def by_sms(sender: SmsSender, to: str, name: str) -> Receipt:
    """A trial to a telephone, its number as people write it."""
    try:
        return _sent(ways.sms_of(sender, seconds=ways.TRIAL_SECONDS), e164(to), name)
    except Unreadable:
        return refused(FORGOTTEN)


def sentence(receipt: Receipt) -> str:
    """What the screen says of the receipt."""
    if receipt.outcome is Outcome.ACCEPTED:
        return "Essai accepté par le serveur : regardez s’il arrive."
    return receipt.detail.replace(" Nouvel essai automatique.", "") or "L’essai a échoué."


def _sent(channel: Channel, to: str, name: str) -> Receipt:
    try:
        letter = Letter(uuid4(), to, SUBJECT, BODY.format(name=name), "fr")
        return channel.send(letter)
    finally:
        channel.close()
