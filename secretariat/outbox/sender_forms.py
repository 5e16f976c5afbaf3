"""What is typed to say how messages leave. A secret kept is never written back on the screen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from secretariat.core.day_names import DAYS
from secretariat.outbox import gateway_options
from secretariat.outbox.models import MailSender, SendingRules, SmsSender

KEPT = "Conservé. Tapez pour le remplacer."


class SecretField(forms.CharField):
    """A password that browsers do not propose and pages do not repeat."""

    def __init__(self, **more: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False)
        super().__init__(required=False, strip=False, max_length=500, widget=widget, **more)


class Hour(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M", attrs={"step": 300})


class MailForm(forms.Form):
    """The practice's mail server."""

    name = forms.CharField(label="Nom de l’expéditeur", max_length=80)
    address = forms.CharField(
        label="Adresse de l’expéditeur", max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    reply_to = forms.CharField(
        label="Réponses à (facultatif)", max_length=254, required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    host = forms.CharField(label="Serveur d’envoi (SMTP)", max_length=253)
    port = forms.IntegerField(label="Port", min_value=1, max_value=65535, initial=587)
    security = forms.ChoiceField(label="Protection", choices=MailSender.Security.choices)
    login = forms.CharField(
        label="Identifiant", max_length=254, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    password = SecretField(label="Mot de passe")
    bounce_host = forms.CharField(
        label="Serveur de réception (IMAP)", max_length=253, required=False,
        help_text="Pour savoir quelles adresses ont refusé un message. Lu toutes les cinq minutes.",
    )  # fmt: skip
    bounce_port = forms.IntegerField(
        label="Port", min_value=1, max_value=65535, initial=993, required=False
    )
    bounce_login = forms.CharField(
        label="Identifiant", max_length=254, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    bounce_password = SecretField(label="Mot de passe")
    active = forms.BooleanField(label="Envoyer des courriels", required=False, initial=True)

    def __init__(self, data: Any = None, *, sender: MailSender | None = None) -> None:
        super().__init__(data, initial=_values(sender, self.base_fields), auto_id="mail-%s")
        _say_kept(self, "password", bool(sender and sender.password_sealed))
        _say_kept(self, "bounce_password", bool(sender and sender.bounce_password_sealed))

    def clean_bounce_port(self) -> int:
        """993 when nothing is typed."""
        return self.cleaned_data["bounce_port"] or 993


class SmsForm(forms.Form):
    """The practice's gateway."""

    provider = forms.ChoiceField(label="Passerelle", choices=SmsSender.Provider.choices)
    sender = forms.CharField(
        label="Expéditeur affiché", max_length=40, required=False,
        help_text="Onze lettres au plus, ou un numéro.",
    )  # fmt: skip
    account = forms.CharField(
        label="Compte ou service", max_length=120, required=False,
        help_text="OVHcloud : « sms-ab12345-1 ». Twilio : « AC… ».",
    )  # fmt: skip
    application = forms.CharField(
        label="Clé d’application", max_length=120, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    key = SecretField(
        label="Clé secrète",
        help_text="OVHcloud : secret d’application. Twilio : « auth token ». "
        "Autre : valeur de l’en-tête d’autorisation, « Bearer… » compris.",
    )
    second_key = SecretField(
        label="Seconde clé",
        help_text="OVHcloud : « consumer key ». Autre : secret qui signe les accusés de réception.",
    )
    url = forms.CharField(
        label="Adresse de la passerelle", max_length=300, required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    fields_told = forms.CharField(
        label="Champs de la demande", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "to = {to}"}),
    )  # fmt: skip
    answers_told = forms.CharField(
        label="Lecture des réponses", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "reference = id"}),
    )  # fmt: skip
    cents_each = forms.IntegerField(
        label="Prix d’un SMS, en centimes", min_value=0, max_value=500, initial=7
    )
    confirms = forms.BooleanField(
        label="La passerelle dit ensuite si le SMS est arrivé", required=False, initial=True,
        help_text="Donnez-lui l’adresse des accusés de réception ci-dessous. Sans cette case, "
        "un SMS parti compte comme reçu.",
    )  # fmt: skip
    light = forms.BooleanField(
        label="Écrire sans ê, ç, « » : 160 caractères par SMS au lieu de 70",
        required=False, initial=True,
    )  # fmt: skip
    active = forms.BooleanField(label="Envoyer des SMS", required=False, initial=True)

    def __init__(self, data: Any = None, *, sender: SmsSender | None = None) -> None:
        initial = _values(sender, self.base_fields)
        if sender:
            written = gateway_options.written(sender.options)
            initial["fields_told"], initial["answers_told"] = written
        super().__init__(data, initial=initial, auto_id="sms-%s")
        _say_kept(self, "key", bool(sender and sender.key_sealed))
        _say_kept(self, "second_key", bool(sender and sender.second_key_sealed))

    def clean(self) -> dict[str, Any]:
        """The two texts of another gateway, as one setting."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        fields, answers = typed.pop("fields_told", ""), typed.pop("answers_told", "")
        try:
            typed["options"] = gateway_options.parse(fields, answers)
        except ValueError as error:
            self.add_error(None, str(error))
        return typed


class RulesForm(forms.Form):
    """When messages may arrive, and what a day may cost."""

    from_hour = forms.TimeField(label="De", widget=Hour)
    until_hour = forms.TimeField(label="À", widget=Hour)
    days_off = forms.TypedMultipleChoiceField(
        label="Jamais le", coerce=int, required=False, choices=list(enumerate(DAYS)),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    delay_minutes = forms.IntegerField(
        label="Attendre avant l’envoi, en minutes", min_value=0, max_value=60,
        help_text="Ce qui est annulé pendant ce temps n’est annoncé à personne.",
    )  # fmt: skip
    sms_a_day = forms.IntegerField(label="SMS par jour, au plus", min_value=0, max_value=100_000)
    euros_a_day = forms.DecimalField(
        label="Dépense par jour, au plus, en euros", min_value=0, max_value=10_000,
        max_digits=7, decimal_places=2, localize=True,
    )  # fmt: skip

    def __init__(self, data: Any = None, *, rules: SendingRules) -> None:
        initial = {
            **_values(rules, self.base_fields),
            "days_off": [day for day in range(7) if rules.days_off >> day & 1],
            "euros_a_day": Decimal(rules.cents_a_day) / 100,
        }
        super().__init__(data, initial=initial, auto_id="rules-%s")

    def clean(self) -> dict[str, Any]:
        """Days as bits, euros as cents."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        typed["days_off"] = sum(1 << day for day in typed.get("days_off", ()))
        if (euros := typed.pop("euros_a_day", None)) is not None:
            typed["cents_a_day"] = round(euros * 100)
        return typed


class TrialForm(forms.Form):
    """Where to send a trial."""

    to = forms.CharField(label="Envoyer un essai à", max_length=254)


def _values(row: Any, fields: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in fields if hasattr(row, name)} if row else {}


def _say_kept(form: forms.Form, name: str, kept: bool) -> None:
    if kept:
        form.fields[name].widget.attrs["placeholder"] = KEPT
