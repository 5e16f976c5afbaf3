"""« Textes des messages »: the practice's own words, seen as they would leave."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.notices import examples
from secretariat.notices.actions import texts as actions
from secretariat.notices.forms import TextForm
from secretariat.notices.kinds import Wording
from secretariat.notices.queries import texts as queries
from secretariat.notices.queries.texts import Written
from secretariat.notices.views.answers import changed
from secretariat.notices.wording import PLACEHOLDERS
from secretariat.patients.views import answers
from secretariat.practice.doors import Request, door

HOME = "notices:texts"


@require_safe
@door("notices.texts")
def texts(request: Request) -> HttpResponse:
    """Every kind of message, with its texts."""
    context = {"kinds": queries.texts(request.practice.pk)}
    part = "#list" if request.GET.get("part") else ""
    return render(request, f"notices/texts.html{part}", context)


@require_http_methods(["GET", "POST"])
@door("notices.texts")
def text(request: Request, kind: str, channel: str, language: str) -> HttpResponse:
    """One text to read, or to write."""
    written = _written(request, kind, channel, language)
    if request.method == "GET":
        return _sheet(request, written)
    form = TextForm(request.POST, has_subject=written.has_subject)
    if not form.is_valid():
        return _sheet(request, written, form, status=422)
    said = _said(form)
    actions.write(
        kind=kind, channel=channel, language=language, subject=said.subject, body=said.body,
        version=form.cleaned_data["version"], by=request.staff, at=clock.now(),
        forbidden=examples.forbidden_words(request.practice.pk),
    )  # fmt: skip
    return changed(
        request, f"{written.title} : votre texte part désormais.", home=HOME, sheetClose={}
    )


@require_POST
@door("notices.texts")
def forget(request: Request, kind: str, channel: str, language: str) -> HttpResponse:
    """Back to our words; the practice's stay in the history."""
    written = _written(request, kind, channel, language)
    form = TextForm(request.POST, has_subject=written.has_subject)
    if not form.is_valid():
        raise Http404
    actions.forget(
        kind=kind, channel=channel, language=language, version=form.cleaned_data["version"],
        by=request.staff, at=clock.now(),
    )  # fmt: skip
    said = f"{written.title} : le texte d’origine part de nouveau."
    return changed(request, said, home=HOME, sheetClose={})


@require_POST
@door("notices.texts")
def preview(request: Request, kind: str, channel: str, language: str) -> HttpResponse:
    """What would leave, exactly, or why it would be refused; nothing is kept."""
    written = _written(request, kind, channel, language)
    form = TextForm(request.POST, has_subject=written.has_subject)
    if not form.is_valid():
        return HttpResponse(status=422)
    return render(request, "notices/_preview.html", _previewed(request, written, _said(form), form))


def _previewed(
    request: Request, written: Written, said: Wording, form: TextForm | None = None
) -> dict[str, Any]:
    patient = form.cleaned_data["patient"] if form else None
    forbidden = examples.forbidden_words(request.practice.pk)
    try:
        actions.check(said.subject, said.body, forbidden)
    except Refusal as refusal:
        return {"no": refusal, "written": written}
    shown = examples.preview(
        request.practice.pk, written.kind, written.channel, written.language, said,
        patient_id=patient, at=clock.now(),
    )  # fmt: skip
    return {"shown": shown, "written": written}


def _sheet(
    request: Request, written: Written, form: TextForm | None = None, *, status: int = 200
) -> HttpResponse:
    practice = request.practice.pk
    names = [written.kind.key, written.channel, written.language]
    kept = queries.template(practice, *names)
    said = written.wording
    initial = {
        "subject": said.subject, "body": said.body, "version": kept.version if kept else 0,
    }  # fmt: skip
    shown = form or TextForm(
        initial=initial, has_subject=written.has_subject, auto_id=f"text-{'-'.join(names)}-%s"
    )
    context = {
        "written": written, "form": shown, "placeholders": PLACEHOLDERS,
        "versions": queries.versions(practice, kept),
        "address": reverse("notices:text", args=names),
        "preview_url": reverse("notices:preview", args=names),
        "forget_url": reverse("notices:forget", args=names),
        **_previewed(request, written, said),
    }  # fmt: skip
    return answers.sheet(request, "notices/text.html", context, status=status)


def _said(form: TextForm) -> Wording:
    body = form.cleaned_data["body"].replace("\r\n", "\n")
    return Wording(form.cleaned_data.get("subject", "").strip(), body.strip())


def _written(request: Request, kind: str, channel: str, language: str) -> Written:
    found = queries.text(request.practice.pk, kind, channel, language)
    if found is None:
        raise Http404
    return found
