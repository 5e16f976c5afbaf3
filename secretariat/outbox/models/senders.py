from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from secretariat.practice.models import Owned, Staff


class Kept(Owned):
    """A setting of which a practice has one, with who kept it last."""

    changed_at = models.DateTimeField()
    # None: the site's own command line, or the demonstration.
    changed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        changed_by_id: int | None

    class Meta:
        abstract = True


class MailSender(Kept):
    """The practice's mail server, and in whose name it writes. Its secrets are sealed."""

    class Security(models.TextChoices):
        STARTTLS = "starttls", "STARTTLS (port 587, le plus courant)"
        TLS = "tls", "TLS dès la connexion (port 465)"
        NONE = "none", "Aucune (machine du cabinet seulement)"

    active = models.BooleanField(default=True)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=8, choices=Security.choices, default=Security.STARTTLS)
    login = models.CharField(max_length=254, blank=True)
    password_sealed = models.TextField(blank=True)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=254)
    reply_to = models.CharField(max_length=254, blank=True)
    # Where mail that came back is read, by IMAP over TLS; none: nobody reads it.
    bounce_host = models.CharField(max_length=253, blank=True)
    bounce_port = models.PositiveIntegerField(default=993)
    bounce_login = models.CharField(max_length=254, blank=True)
    bounce_password_sealed = models.TextField(blank=True)
    bounce_folder = models.CharField(max_length=80, default="INBOX")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice"], name="one_mail_sender_a_practice"),
            models.CheckConstraint(
                condition=Q(port__gte=1, port__lte=65535)
                & Q(bounce_port__gte=1, bounce_port__lte=65535),
                name="mail_sender_ports",
            ),
        ]


class SmsSender(Kept):
    """The practice's SMS gateway. Its secrets are sealed."""

    class Provider(models.TextChoices):
        OVH = "ovh", "OVHcloud"
        TWILIO = "twilio", "Twilio"
        GENERIC = "generic", "Autre passerelle (HTTP)"

    active = models.BooleanField(default=True)
    provider = models.CharField(max_length=10, choices=Provider.choices)
    # What the phone shows: 11 letters at most, or a number.
    sender = models.CharField(max_length=40, blank=True)
    # OVHcloud: the SMS service. Twilio: the account. Another: nothing.
    account = models.CharField(max_length=120, blank=True)
    # OVHcloud: the application's key, which is not secret.
    application = models.CharField(max_length=120, blank=True)
    # OVHcloud: the application's secret. Twilio: the token. Another: the value of its key header.
    key_sealed = models.TextField(blank=True)
    # OVHcloud: the consumer key. Another: the secret that signs its callbacks.
    second_key_sealed = models.TextField(blank=True)
    # Another gateway's address, and how it is spoken to (channels/generic.py).
    url = models.CharField(max_length=300, blank=True)
    options = models.JSONField(default=dict, blank=True)
    cents_each = models.PositiveSmallIntegerField(default=7)
    # The gateway calls us back with what became of each message.
    confirms = models.BooleanField(default=True)
    # Write in GSM letters: 160 to a message instead of 70.
    light = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice"], name="one_sms_sender_a_practice"),
        ]


class SendingRules(Kept):
    """When the practice's messages may arrive, and what a day of SMS may cost."""

    from_hour = models.TimeField(default=time(8))
    until_hour = models.TimeField(default=time(20))
    # A bit a weekday on which nothing leaves, Monday first.
    days_off = models.PositiveSmallIntegerField(default=64)
    sms_a_day = models.PositiveIntegerField(default=500)
    cents_a_day = models.PositiveIntegerField(default=5000)
    # More time to take something back; those that promise wait a minute already.
    delay_minutes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice"], name="one_sending_rules_a_practice"),
            models.CheckConstraint(
                condition=Q(from_hour__lt=F("until_hour")), name="sending_rules_leave_hours"
            ),
            # At least one day a week remains.
            models.CheckConstraint(
                condition=Q(days_off__gte=0, days_off__lt=127), name="sending_rules_leave_days"
            ),
            models.CheckConstraint(
                condition=Q(delay_minutes__lte=60), name="sending_rules_delay_an_hour"
            ),
        ]
