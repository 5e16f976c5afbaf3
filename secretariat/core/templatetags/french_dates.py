"""The first of a month is « 1er » in French; Django writes « 1 décembre »."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import template
from django.template import defaultfilters

register = template.Library()

_DAY_AND_MONTH = re.compile(r"\bj(?= [Fb])")


@register.filter(name="date", expects_localtime=True, is_safe=False)
def shown_date(value: Any, form: str | None = None) -> str:
    """Django's `date`, with « 1er » before a month; a builtin, so that no template need load it.

    Args:
        form: Django's letters, such as "l j F".
    """
    if form and isinstance(value, date) and value.day == 1:
        form = _DAY_AND_MONTH.sub(r"1\\e\\r", form)
    return str(defaultfilters.date(value, form))
