"""Lines filled in one after the other show what the template would have shown of each."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from django.template import Context, Engine


class Look(NamedTuple):
    late: bool


class Line(NamedTuple):
    look: Look
    pk: int
    who: str
    why: str


TEMPLATES = {
    "line.html": (
        '<li id="{{ one.pk }}" style="5%">{{ one.who }}{% if one.look.late %} en retard{% endif %}'
        "{{ one.why }} {{ here }}</li>"
    ),
    "page.html": (
        '{% load stamped %}{% stamped "line.html" "one" lines %}'
        '{% stamped "line.html" "one" more %}'
    ),
    "kept.html": '{% load stamped %}{% stamped "kept_line.html" "one" lines for_good=True %}',
    "kept_line.html": "<i>{{ one.who }}{% if one.look.late %} en retard{% endif %}</i>",
    "plain.html": (
        '{% for one in lines %}{% include "line.html" %}{% endfor %}'
        '{% for one in more %}{% include "line.html" %}{% endfor %}'
    ),
}
NAMES = ["<b>Zoé</b>", "100 % %(who)s %s", 'D’ARC & O\'Neil "x"', "\ue000why\ue001", ""]


@pytest.mark.parametrize("name", NAMES)
def test_a_line_filled_in_is_the_line_rendered(name: str) -> None:
    engine = Engine(
        loaders=[("django.template.loaders.locmem.Loader", TEMPLATES)],
        libraries={"stamped": "secretariat.core.templatetags.stamped"},
    )
    lines = [Line(Look(pk % 2 == 0), pk, name, f"motif {pk}") for pk in range(1, 6)]
    shown = {"lines": lines, "more": lines[:2], "here": "<ici>"}
    stamped = engine.get_template("page.html").render(Context(shown))
    assert stamped == engine.get_template("plain.html").render(Context(shown))


def test_the_looks_of_a_line_that_shows_nothing_else_are_kept_for_all_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = Engine(
        loaders=[("django.template.loaders.locmem.Loader", TEMPLATES)],
        libraries={"stamped": "secretariat.core.templatetags.stamped"},
    )
    page = engine.get_template("kept.html")
    first, then = (Line(Look(late), 7, who, "") for late, who in ((True, "Zoé"), (True, "Léa")))
    assert page.render(Context({"lines": [first]})) == "<i>Zoé en retard</i>"
    monkeypatch.setitem(TEMPLATES, "kept_line.html", "read again")
    assert page.render(Context({"lines": [then]})) == "<i>Léa en retard</i>"
