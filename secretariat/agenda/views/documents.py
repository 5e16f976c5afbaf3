"""Documents that go with a reason: kept in its settings, handed over at the desk."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.agenda.actions import documents as actions
from secretariat.agenda.actions import handing
from secretariat.agenda.document_forms import AddForm, JoinForm, TitleForm
from secretariat.agenda.models import InstructionDocument
from secretariat.agenda.queries import documents as queries
from secretariat.agenda.queries import reasons
from secretariat.agenda.queries.desk import DEFAULT_ZONE
from secretariat.agenda.queries.visit import appointments
from secretariat.agenda.rule_forms import must_be_valid
from secretariat.agenda.views.answers import done, page, sheet
from secretariat.core import clock
from secretariat.practice.doors import Request, door


@require_http_methods(["GET", "POST"])
@door("agenda.rules")
def documents(request: Request, pk: int) -> HttpResponse:
    """The documents of a reason, and one to add."""
    reason = get_object_or_404(reasons.visit_reasons(request.practice.pk), pk=pk)
    if request.method == "POST":
        typed = must_be_valid(AddForm(request.POST, request.FILES))
        brought = typed["file"]
        if brought.size > actions.LIMIT_BYTES:
            raise actions.DocumentTooBig("Ce fichier dépasse 5 Mo : enregistrez-le en plus léger.")
        added = actions.add_document(
            reason=reason, title=typed["title"], file_name=brought.name, content=brought.read(),
            by=request.staff, at=clock.now(),
        )  # fmt: skip
        return done(f"Document ajouté, confidentiel : {added.title}.", ruled={})
    context = {
        "reason": reason,
        "documents": queries.of_reason(reason),
        "form": AddForm(auto_id=f"documents-{pk}-%s"),
        "promise": actions.PROMISE,
    }
    if request.GET.get("part"):
        return page(request, "agenda/_documents.html", context, zone=DEFAULT_ZONE)
    return sheet(request, "agenda/documents.html", context, zone=DEFAULT_ZONE)


@require_POST
@door("agenda.rules")
def rename(request: Request, pk: int) -> HttpResponse:
    """Another title."""
    one = _one(request, pk)
    title = must_be_valid(TitleForm(request.POST))["title"]
    renamed = actions.rename_document(document=one, title=title, by=request.staff, at=clock.now())
    return done(f"Document renommé : {renamed.title}.", ruled={})


@require_POST
@door("agenda.rules")
def join(request: Request, pk: int) -> HttpResponse:
    """It may leave, under one's name; or no more."""
    one, at = _one(request, pk), clock.now()
    if must_be_valid(JoinForm(request.POST))["joinable"]:
        actions.allow_joining(document=one, by=request.staff, at=at)
        return done(f"« {one.title} » peut être joint aux messages.", ruled={})
    actions.keep_confidential(document=one, by=request.staff, at=at)
    return done(f"« {one.title} » est confidentiel : il ne part plus.", ruled={})


@require_POST
@door("agenda.rules")
def remove(request: Request, pk: int) -> HttpResponse:
    """Given no more."""
    one = _one(request, pk)
    actions.remove_document(document=one, by=request.staff, at=clock.now())
    return done(f"Document retiré : {one.title}.", ruled={})


@require_safe
@door("agenda.read")
def document(request: Request, pk: int) -> HttpResponse:
    """The PDF, to read or to print."""
    one = _one(request, pk)
    content = queries.content_of(one.pk, "letter")
    if content is None:
        raise Http404
    return as_pdf(content, f'inline; filename="document-{pk}.pdf"')


def as_pdf(content: bytes, disposition: str) -> HttpResponse:
    """A PDF that no machine on the way keeps."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = disposition
    answer["Cache-Control"] = "private, no-store"
    return answer


def _one(request: Request, pk: int) -> InstructionDocument:
    return get_object_or_404(queries.of_practice(request.practice.pk), pk=pk)


@require_POST
@door("agenda.book")
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Its documents were given by hand to the patient of a visit; « Annuler » takes it back."""
    visit = get_object_or_404(appointments(request.practice.pk), pk=pk)
    given = handing.hand_over(appointment=visit, by=request.staff, at=clock.now())
    if not given:
        return done("C’était déjà noté : rien n’a été écrit.")
    titles = ", ".join(one.title for one in given)
    undo = reverse("agenda:take_back_documents", args=[pk])
    return done(f"Remis en main propre : {titles}.", undo=undo)


@require_POST
@door("agenda.book")
def take_back(request: Request, pk: int) -> HttpResponse:
    """It was noted by mistake."""
    visit = get_object_or_404(appointments(request.practice.pk), pk=pk)
    handing.take_back(appointment=visit, by=request.staff, at=clock.now())
    return done("La remise n’est plus notée.")
