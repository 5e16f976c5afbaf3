"""Texts of events: one plain form, whatever the program wrote, and nothing that deceives."""

from __future__ import annotations

import html
import quopri
import re
import unicodedata
from html.parser import HTMLParser

from .blocks import Property

MAX_LINE = 250
MAX_TEXT = 4_000
_ESCAPED = re.compile(r"\\([\\;,:nN\"])")
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_TAGS = re.compile(r"</?(html|body|br|p|div|span|b|i|u|a|ul|ol|li|table|td|h\d|font)\b[^>]*>", re.I)
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "table", "h1", "h2", "h3", "h4"})
_SILENT = frozenset({"script", "style", "head", "title"})


def line(found: Property | None, limit: int = MAX_LINE) -> str:
    """A property as one clean line, cut at `limit` characters."""
    return " ".join(paragraphs(found, limit).split())


def paragraphs(found: Property | None, limit: int = MAX_TEXT) -> str:
    """A property as plain text of several lines: no HTML, no control characters."""
    if found is None:
        return ""
    value = found.value
    if found.params.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
        value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
    value = _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)
    if _TAGS.search(value) or found.params.get("FMTTYPE", "").lower() == "text/html":
        value = _without_tags(value)
    elif "&" in value:
        value = html.unescape(value)
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    kept = [" ".join(one.split()) for one in _CONTROLS.sub("", value).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()[:limit].strip()


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)


def _without_tags(value: str) -> str:
    parser = _Plain()
    parser.feed(value)
    parser.close()
    return "".join(parser.pieces)
