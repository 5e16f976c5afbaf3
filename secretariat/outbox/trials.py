"""Send one message now, outside the queue, and say what the other side answered."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from secretariat.outbox import ways
from secretariat.outbox.channels import Channel, Letter, Outcome, Receipt, refused
from secretariat.outbox.channels.sms import e164
from secretariat.outbox.models import MailSender, SmsSender
from secretariat.outbox.sealing import Unreadable

SUBJECT = "Essai d’envoi"
BODY = "Essai d’envoi de {name}. Rien à faire : ce message vérifie un réglage."
FORGOTTEN = "Le mot de passe n’est plus lisible : la clé du site a changé. Tapez-le de nouveau."


@dataclass(frozen=True, slots=True)
class Trial:
    """What left, and what the other side said: kept like any message (actions/trying.py).

    Args:
        cents: what it costs if it was accepted.
        confirms: the channel will say whether it arrived.
    """

    letter: Letter
    receipt: Receipt
    cents: int = 0
    confirms: bool = False


def by_mail(sender: MailSender, to: str, name: str) -> Trial:
    """A trial to an e-mail address; `name` is the practice's."""
    letter = _letter(to.strip(), name)
    try:
        return _sent(ways.mail_of(sender, seconds=ways.TRIAL_SECONDS), letter)
    except Unreadable:
        return Trial(letter, refused(FORGOTTEN))


def by_sms(sender: SmsSender, to: str, name: str) -> Trial:
    """A trial to a telephone, its number as people write it."""
    letter = _letter(e164(to), name)
    try:
        return _sent(ways.sms_of(sender, seconds=ways.TRIAL_SECONDS), letter)
    except Unreadable:
        return Trial(letter, refused(FORGOTTEN))


def sentence(receipt: Receipt) -> str:
    """What the screen says of the receipt."""
    if receipt.outcome is Outcome.ACCEPTED:
        return "Essai accepté par le serveur : regardez s’il arrive."
    return receipt.detail.replace(" Nouvel essai automatique.", "") or "L’essai a échoué."


def _letter(to: str, name: str) -> Letter:
    return Letter(uuid4(), to, SUBJECT, BODY.format(name=name), "fr")


def _sent(channel: Channel, letter: Letter) -> Trial:
    try:
        return Trial(letter, channel.send(letter), channel.cents(letter.body), channel.confirms)
    finally:
        channel.close()
