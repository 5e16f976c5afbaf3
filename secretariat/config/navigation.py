"""What every page shows around its content: the rooms, the practice in view, the person."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

# label, URL name, icon, key, permission
ROOMS = [
    ("Journée", "reception:day", "calendar-event", "g j", "reception.read"),
    ("Agenda", "agenda:day", "calendar", "g a", "agenda.read"),
    ("Appels", "reception:calls", "phone", "g t", "reception.work"),
    ("Patients", "patients:search", "users", "g p", "patients.read"),
    ("Importer", "interop:files", "file-import", "g i", "patients.import"),
    ("Réglages", "practice:settings", "settings", "g r", "agenda.rules"),
]


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html; empty for a stranger."""
    staff = getattr(request, "staff", None)
    context: dict[str, Any] = {"demo": settings.DEMO, "staff": staff}
    if staff is None:
        return context
    context["navigation"] = [
        {
            "label": label,
            "url": reverse(name),
            "icon": icon,
            "key": key,
            "active": request.path.startswith(reverse(name)),
        }
        for label, name, icon, key, permission in ROOMS
        if staff.may(permission)
    ]
    context["practice_in_view"] = staff.practice
    context["practices_served"] = [post.practice for post in request.posts]  # type: ignore[attr-defined]
    context["idle_minutes"] = staff.practice.idle_minutes
    return context
