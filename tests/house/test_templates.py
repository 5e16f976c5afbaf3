"""Pages carry no code: the content security policy lets none run, so none is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house import tree

COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)
FAULTS: dict[str, re.Pattern[str]] = {
    "inline script": re.compile(
        r"<script(?![^>]*\b(?:src=|type=\"application/json))[^>]*>\s*[^<\s]", re.IGNORECASE
    ),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"\s(?:on[a-z]+|hx-on[:\w-]*|hx-vals\s*=\s*.js:)\s*=", re.I),
    "javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "external address": re.compile(
        r"""(?:src|href|action|poster|data|srcset|hx-\w+)\s*=\s*["']\s*(?:https?:)?//""",
        re.IGNORECASE,
    ),
    "address written by hand (use {% url %} or {% static %})": re.compile(
        r"""(?:href|src|action|hx-(?:get|post|put|patch|delete))\s*=\s*["']/[^"'/]""", re.IGNORECASE
    ),
    # Help texts are markup by Django's own convention and come from code, never from a person.
    "unescaped text": re.compile(r"(?<!help_text)\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off"),
}
SCRIPT_FAULTS: dict[str, re.Pattern[str]] = {
    "code made from text": re.compile(r"\beval\(|new Function\(|document\.write\("),
    "markup made from text": re.compile(r"\.(?:inner|outer)HTML\s*=|insertAdjacentHTML\("),
    "external address": re.compile(r"""["'(](?:https?:)?//[a-z]""", re.IGNORECASE),
}


def faults(file: Path, patterns: dict[str, re.Pattern[str]]) -> Iterator[str]:
    text = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), file.read_text(encoding="utf-8"))
    for what, pattern in patterns.items():
        for found in pattern.finditer(text):
            yield f"{tree.place(file, text.count(chr(10), 0, found.start()) + 1)}: {what}"


def our_assets(*suffixes: str) -> list[Path]:
    return [f for f in tree.tracked() if f.suffix in suffixes and f.is_relative_to(tree.PACKAGE)]


def test_a_template_holds_no_code_and_no_foreign_address() -> None:
    found = [fault for file in tree.templates() for fault in faults(file, FAULTS)]
    assert not found, tree.told("Code or foreign addresses in templates", found)


def test_a_script_makes_no_code_and_calls_nobody_outside() -> None:
    found = [fault for file in our_assets(".js", ".mjs") for fault in faults(file, SCRIPT_FAULTS)]
    assert not found, tree.told("Dangerous lines in scripts", found)


def test_a_style_sheet_fetches_nothing_outside() -> None:
    foreign = {"external address": re.compile(r"url\(\s*[\"']?(?:https?:)?//|@import\s+[\"']http")}
    found = [fault for file in our_assets(".css") for fault in faults(file, foreign)]
    assert not found, tree.told("Foreign addresses in style sheets", found)


def test_a_form_that_changes_something_carries_its_csrf_token() -> None:
    form = re.compile(r"<form\b[^>]*\bmethod\s*=\s*[\"']?post.*?</form>", re.IGNORECASE | re.DOTALL)
    bare = [
        tree.place(file, text.count("\n", 0, found.start()) + 1)
        for file in tree.templates()
        for text in [file.read_text(encoding="utf-8")]
        for found in form.finditer(text)
        if "csrf_token" not in found[0]
    ]
    assert not bare, tree.told("Forms without a CSRF token", bare)
