"""Many lines of a few looks: the template is rendered once a look, then only filled in.

A line with ten conditions and three addresses costs 0.3 ms to render, 0.006 ms to fill in; a day
board has 500 of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from html import escape
from typing import Any, Protocol, TypeVar

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()
# Stands for a key while a look is rendered: a number, for an address takes nothing else.
_NOBODY = 9_000_000_000_000_000_001
_MOST_LOOKS = 500
_FOR_GOOD: dict[Hashable, dict[Hashable, str]] = {}

Self = TypeVar("Self")


class Line(Protocol):
    """A NamedTuple: `look`, all that its template decides upon; texts to print; perhaps `pk`."""

    _fields: tuple[str, ...]

    @property
    def look(self) -> Hashable:
        """What makes the HTML differ otherwise than by its texts."""
        ...

    def _replace(self: Self, **values: Any) -> Self: ...

    def _asdict(self) -> dict[str, Any]: ...


@register.simple_tag(takes_context=True)
def stamped(
    context: Context,
    template_name: str,
    name: str,
    lines: Sequence[Line],
    *,
    for_good: bool = False,
) -> SafeString:
    """`lines`, each as `template_name` shows it under `name`.

    The template prints `pk` and the texts as they are: no filter and no condition on them. The
    forms serve this answer only, or with `for_good` all answers in the same language: the
    template then shows nothing but the line.
    """
    kept: Any = _FOR_GOOD if for_good else context.render_context
    key = ("stamped", template_name, get_language())
    forms: dict[Hashable, str] = kept.setdefault(key, {})
    if len(forms) > _MOST_LOOKS:
        forms.clear()
    html = []
    for line in lines:
        form = forms.get(line.look)
        if form is None:
            form = forms[line.look] = _form(context, template_name, name, line)
        texts = line._asdict()
        del texts["look"]
        html.append(form % {text: escape(str(said)) for text, said in texts.items()})
    return mark_safe("".join(html))  # noqa: S308 - a template's own, and texts escaped above


def _form(context: Context, template_name: str, name: str, line: Line) -> str:
    """The HTML of one look, with `%(text)s` where each text goes."""
    marks: dict[str, Any] = {text: f"\ue000{text}\ue001" for text in line._fields if text != "look"}
    if "pk" in marks:
        marks["pk"] = _NOBODY
    blank = line._replace(**marks)
    engine = context.template.engine  # type: ignore[union-attr]
    with context.push(**{name: blank}):
        html = str(engine.get_template(template_name).render(context)).replace("%", "%%")
    for text, mark in marks.items():
        html = html.replace(str(mark), f"%({text})s")
    return html
