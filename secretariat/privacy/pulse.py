"""What a screen listens to: when it changes, what is shown may be out of date."""

from __future__ import annotations

from secretariat.core import panels
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

PANEL = "pulse"
"""Where rooms hang what changes without a deed: `panel(staff=…)` answers a text, None at rest."""


def beat(staff: Staff) -> str:
    """The number of the practice's last deed, and what changed without one."""
    number, _ = daybook.head(staff.practice_id)
    return ".".join([str(number), *panels.collect(PANEL, staff=staff)])
