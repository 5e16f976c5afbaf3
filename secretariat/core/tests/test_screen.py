"""The frame of the screens: keys as one reads them, notices that can be undone, drafts' key."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string

from secretariat.core.templatetags import ui

CORE = Path(ui.__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("g a", "G A"),
        ("ctrl+k", "Ctrl+K"),
        ("b, alt+b", "B"),
        ("alt+enter", "Alt+Entrée"),
        ("", ""),
    ],
)
def test_a_key_is_shown_as_it_is_written_on_the_keyboard(keys: str, shown: str) -> None:
    assert ui.key_name(keys) == shown


def test_a_message_says_where_it_is_undone() -> None:
    message = Message(constants.SUCCESS, "Rendez-vous annulé", extra_tags="undo:/visits/7/undo/")
    assert ui.notice_parts(message) == {"kind": "good", "undo_url": "/visits/7/undo/"}


def test_each_person_has_their_own_draft_key_and_a_new_password_changes_it() -> None:
    assert ui.draft_key("alice") != ui.draft_key("charlie")
    assert ui.draft_key("alice") == ui.draft_key("alice")


def test_a_stranger_gets_no_draft_key() -> None:
    stranger = SimpleNamespace(is_authenticated=False)
    assert "draft-key" not in ui.desk_data({"user": stranger, "login_url": "/in/"})


def test_what_a_person_wrote_is_escaped_in_a_refusal_and_a_notice() -> None:
    nasty = "<img src=x>"
    refusal = SimpleNamespace(sentence=nasty)
    for html in (
        render_to_string("ui/refusal.html", {"refusal": refusal, "author": nasty, "rule": nasty}),
        render_to_string("ui/notice.html", {"text": nasty}),
    ):
        assert "<img" not in html


def test_the_page_of_a_fault_needs_neither_request_nor_database() -> None:
    assert "Une erreur est survenue" in render_to_string("500.html")


def test_every_sentence_a_script_says_is_written_for_the_translators() -> None:
    written = render_to_string("ui/_sentences.html")
    scripts = "".join(file.read_text() for file in (CORE / "static/core/js").glob("*.js"))
    asked = set(re.findall(r'sentence\("(\w+)"', scripts))
    words = re.search(r"const WORDS = {([^}]*)}", scripts)
    assert words
    asked |= set(re.findall(r'"(\w+)"', words[1]))
    dashed = {re.sub("([A-Z])", lambda found: "-" + found[0].lower(), name) for name in asked}
    assert asked
    assert {name for name in dashed if f'data-{name}="' not in written} == set()


def test_every_script_is_started_by_the_page() -> None:
    main = (CORE / "static/core/js/main.js").read_text()
    for file in (CORE / "static/core/js").glob("*.js"):
        if "export function start" in file.read_text():
            assert f'"./{file.name}"' in main, file.name
