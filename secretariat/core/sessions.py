"""Django's sessions in the database, found by a prepared statement."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from secretariat.core import prepared

_FIND = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Read at each request; written by Django."""

    def load(self) -> dict[str, Any]:
        """What the session holds; empty, and without its key, when it is unknown or over."""
        found = prepared.fetch(_FIND, [self.session_key, timezone.now()])
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])
