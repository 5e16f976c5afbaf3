"""The facts of what patients must know."""

from secretariat.notices.models.attempts import Attempt
from secretariat.notices.models.notices import Notice
from secretariat.notices.models.texts import Stop, Template

__all__ = ["Attempt", "Notice", "Stop", "Template"]
