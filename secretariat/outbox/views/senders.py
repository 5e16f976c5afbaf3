"""« Envois »: how the practice's messages leave, when, and for how much."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.outbox import sender_queries as queries
from secretariat.outbox import trials, ways
from secretariat.outbox.actions import senders as actions
from secretariat.outbox.actions.trying import keep_trial
from secretariat.outbox.channels import Outcome
from secretariat.outbox.sender_forms import MailForm, RulesForm, SmsForm, TrialForm
from secretariat.practice.doors import Request, door, fresh_login


@require_safe
@door("practice.manage")
@fresh_login
def senders(request: Request) -> HttpResponse:
    """The three settings of the practice: mail, text messages, hours and limits."""
    return _page(request)


@require_POST
@door("practice.manage")
def keep_mail(request: Request) -> HttpResponse:
    """Keep the mail server."""
    form = MailForm(request.POST, sender=queries.mail_sender(request.practice.pk))
    return _kept(request, "mail", form, actions.keep_mail_sender, "Courriel : réglage gardé.")


@require_POST
@door("practice.manage")
def keep_sms(request: Request) -> HttpResponse:
    """Keep the gateway."""
    form = SmsForm(request.POST, sender=queries.sms_sender(request.practice.pk))
    return _kept(request, "sms", form, actions.keep_sms_sender, "SMS : réglage gardé.")


@require_POST
@door("practice.manage")
def keep_rules(request: Request) -> HttpResponse:
    """Keep the hours and the limits of a day."""
    form = RulesForm(request.POST, rules=queries.sending_rules(request.practice.pk))
    return _kept(request, "rules", form, actions.keep_sending_rules, "Heures et limites gardées.")


@require_POST
@door("practice.manage")
def try_mail(request: Request) -> HttpResponse:
    """Send a trial by mail."""
    sender = queries.mail_sender(request.practice.pk)
    form = TrialForm(request.POST)
    if sender is None or not form.is_valid():
        return _untried(request)
    trial = trials.by_mail(sender, form.cleaned_data["to"], request.practice.name)
    return _tried(request, "email", trial)


@require_POST
@door("practice.manage")
def try_sms(request: Request) -> HttpResponse:
    """Send a trial by text message."""
    sender = queries.sms_sender(request.practice.pk)
    form = TrialForm(request.POST)
    if sender is None or not form.is_valid():
        return _untried(request)
    trial = trials.by_sms(sender, form.cleaned_data["to"], request.practice.name)
    return _tried(request, "sms", trial)


def _kept(request: Request, name: str, form: Form, keep: Any, said: str) -> HttpResponse:
    if form.is_valid():
        try:
            keep(
                practice_id=request.practice.pk,
                by=request.staff,
                at=clock.now(),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, said)
            return redirect("outbox:senders")
    return _page(request, **{name: form})


def _untried(request: Request) -> HttpResponse:
    messages.warning(request, "Gardez d’abord le réglage, puis dites à qui envoyer l’essai.")
    return redirect("outbox:senders")


def _tried(request: Request, channel: str, trial: trials.Trial) -> HttpResponse:
    keep_trial(channel=channel, trial=trial, by=request.staff, at=clock.now())
    receipt = trial.receipt
    tell = messages.success if receipt.outcome is Outcome.ACCEPTED else messages.error
    tell(request, trials.sentence(receipt))
    return redirect("outbox:senders")


def _page(request: Request, **typed: Form) -> HttpResponse:
    """The page, with the form just typed in the place of the one kept."""
    practice_id = request.practice.pk
    mail, sms = queries.mail_sender(practice_id), queries.sms_sender(practice_id)
    context: dict[str, Any] = {
        "mail": typed.get("mail") or MailForm(sender=mail),
        "sms": typed.get("sms") or SmsForm(sender=sms),
        "rules": typed.get("rules") or RulesForm(rules=queries.sending_rules(practice_id)),
        "mail_sender": mail,
        "sms_sender": sms,
        "mail_readable": ways.is_readable(mail),
        "sms_readable": ways.is_readable(sms),
        "callback_url": ways.callback_url(practice_id),
        "mail_trials": queries.trials(practice_id, "email"),
        "sms_trials": queries.trials(practice_id, "sms"),
        "spent": queries.spent_today(practice_id, clock.now()),
    }
    with timezone.override(queries.zone(practice_id)):
        return render(request, "outbox/senders.html", context, status=422 if typed else 200)
