"""When someone is to be seen again, as it is said."""

from __future__ import annotations

from secretariat.agenda.models import Recall
from secretariat.core.day_names import MONTHS


def due_words(recall: Recall) -> str:
    """« en décembre 2026 », « le 12/12/2026 »."""
    if recall.by_month:
        return f"en {MONTHS[recall.due_on.month - 1]} {recall.due_on.year}"
    return f"le {recall.due_on:%d/%m/%Y}"
