"""What the pieces of the screen need from Python: names of keys, notices, the desk's data."""

from __future__ import annotations

import base64
from typing import Any, Protocol, TypedDict

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField, CheckboxInput
from django.utils.crypto import salted_hmac
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

KEY_NAMES = {
    "ctrl": "Ctrl",
    "alt": "Alt",
    "shift": "Maj",
    "enter": "Entrée",
    "escape": "Échap",
    "arrowup": "↑",
    "arrowdown": "↓",
    "arrowleft": "←",
    "arrowright": "→",
    "pageup": "Pg préc",
    "pagedown": "Pg suiv",
    "delete": "Suppr",
    "space": "Espace",
}
KINDS = {"success": "good", "warning": "warn", "error": "bad"}


class NoticeParts(TypedDict):
    """How a message shows: its colour word and where « Annuler » posts, if it can be undone."""

    kind: str
    undo_url: str


@register.filter
def key_name(keys: str) -> str:
    """The first way of `data-key` as a person reads it: "ctrl+k" is « Ctrl+K », "g a" « G A »."""
    strokes = (keys or "").split(",")[0].split()
    return " ".join(
        "+".join(KEY_NAMES.get(part, part.upper()) for part in stroke.split("+"))
        for stroke in strokes
    )


@register.filter
def notice_parts(message: Message) -> NoticeParts:
    """Read a Django message: its level, and `extra_tags="undo:/url/"` for what can be undone."""
    tags = (message.extra_tags or "").split()
    undo = next((tag.removeprefix("undo:") for tag in tags if tag.startswith("undo:")), "")
    return {"kind": KINDS.get(message.level_tag, "info"), "undo_url": undo}


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the field is one box to tick (its label then stands after it)."""
    return isinstance(field.field.widget, CheckboxInput)


class Holder(Protocol):
    """Who holds permissions: a post."""

    def may(self, permission: str) -> bool:
        """Whether they hold it."""
        ...


@register.filter
def may(staff: Holder, permission: str) -> bool:
    """Whether the post may: `{% if staff|may:"room.verb" %}` around a link to a page behind it."""
    return staff.may(permission)


@register.simple_tag(takes_context=True)
def desk_data(context: dict[str, Any]) -> SafeString:
    """The data attributes of <body> that the scripts read: who, where to ask, and how long to wait.

    `draft-key` ciphers the copy of drafts kept on the machine. Only this server gives it, and
    only to this person once logged in: on a shared desk nobody else can read the copy.
    """
    user = context.get("user")
    practice = context.get("practice_in_view")
    values: dict[str, Any] = {
        name.replace("_", "-"): context.get(name)
        for name in (
            "pulse_url",
            "pulse_number",
            "lock_url",
            "login_url",
            "idle_minutes",
            "time_zone",
        )
    }
    if user is not None and user.is_authenticated:
        values["user"] = user.pk
        values["draft-key"] = draft_key(user.get_session_auth_hash())
    if practice is not None:
        values["practice"] = practice.pk
    return format_html_join(
        " ",
        'data-{}="{}"',
        ((name, value) for name, value in values.items() if value not in (None, "")),
    )


def draft_key(session_hash: str) -> str:
    """A 256-bit key in base64 that follows the person and changes with their password."""
    return base64.b64encode(
        salted_hmac("secretariat.drafts", session_hash, algorithm="sha256").digest()
    ).decode()
