"""What the templates of the patients' room need from Python."""

from __future__ import annotations

import uuid

from django import template

register = template.Library()


@register.simple_tag
def fresh_token() -> str:
    """A token for one small form, so that sent twice it does its work once."""
    return str(uuid.uuid4())
