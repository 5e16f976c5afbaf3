"""Give the invented practices the demonstration gateway as their way out."""

from __future__ import annotations

from datetime import datetime, time
from urllib.parse import urlsplit

from secretariat.core.scope import scope
from secretariat.outbox import sealing, sender_queries
from secretariat.outbox.actions import senders
from secretariat.practice.everywhere import every_practice
from secretariat.practice.models import Practice

LOOPBACK = "127.0.0.1"


def secret_of_the_site() -> str:
    """The same at each start: made from the site's key."""
    return sealing.mark("phones", "demo")


def wire(*, http_port: int, smtp_port: int, secret: str, at: datetime) -> None:
    """At each start, since ports may change; a gateway that a person chose stays.

    Args:
        secret: key of the gateway, and of what it tells afterwards (`secret_of_the_site`).
    """
    with every_practice():
        practices = list(Practice.objects.order_by("pk"))
    for practice in practices:
        with scope([practice.pk]):
            _wire(practice, http_port, smtp_port, secret, at)


def _wire(practice: Practice, http_port: int, smtp_port: int, secret: str, at: datetime) -> None:
    mail, sms = sender_queries.mail_sender(practice.pk), sender_queries.sms_sender(practice.pk)
    if mail is None or (mail.host == LOOPBACK and mail.port != smtp_port):
        senders.keep_mail_sender(
            practice_id=practice.pk, by=None, at=at, host=LOOPBACK, port=smtp_port,
            security="none", name=practice.name, address=f"rendez-vous@{practice.slug}.invalid",
        )  # fmt: skip
    url = f"http://{LOOPBACK}:{http_port}/send"
    if sms is None or (urlsplit(sms.url).hostname == LOOPBACK and sms.url != url):
        senders.keep_sms_sender(
            practice_id=practice.pk, by=None, at=at, provider="generic",
            url=url, sender=practice.name.split()[-1][:11],
            key=f"Bearer {secret}", second_key=secret, options=OPTIONS,
        )  # fmt: skip
    if sender_queries.sending_rules(practice.pk).pk is None:
        # Whoever tries the demonstration in the evening wants to see a message arrive.
        senders.keep_sending_rules(
            practice_id=practice.pk, from_hour=time(0), until_hour=time(23, 59), days_off=0,
            sms_a_day=100_000, cents_a_day=1_000_000, delay_minutes=0, by=None, at=at,
        )  # fmt: skip


OPTIONS = {
    "fields": {
        "to": "{to}", "text": "{text}", "from": "{sender}", "id": "{id}",
        "callback": "{callback}",
    },
    "final": ["real_number"],
}  # fmt: skip
