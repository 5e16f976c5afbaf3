"""What every page shows around its content: the rooms, the practice in view, the person."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from secretariat.practice.models import Staff
from secretariat.practice.queries import sites

# label, URL name, icon, key, permission
ROOMS = [
    ("Journée", "reception:day", "calendar-event", "g j", "reception.read"),
    ("Agenda", "agenda:day", "calendar", "g a", "agenda.read"),
    ("Appels", "reception:calls", "phone", "g t", "reception.work"),
    ("Attente", "agenda:waiting", "hourglass", "g f", "agenda.book"),
    ("Non joints", "notices:unreached", "message-circle-x", "g n", "notices.read"),
    ("Courriers", "outbox:letters", "mailbox", "g c", "notices.work"),
    ("Patients", "patients:search", "users", "g p", "patients.read"),
    ("Importer", "interop:files", "file-import", "g i", "patients.import"),
    ("Réglages", "agenda:settings", "settings", "g r", "agenda.rules"),
    ("Équipe", "people", "users-group", "g e", "practice.manage"),
    ("Envois", "outbox:senders", "send", "g v", "practice.manage"),
    ("Échanges", "elsewhere:feeds", "plug-connected", "g l", "agenda.rules"),
]
# label, URL name, icon, key, permission, a new sheet at each press
SHEETS = [
    ("Appel", "reception:new_call", "phone-incoming", "f2", "reception.work", True),
    ("Patient", "patients:register", "user-plus", "f4", "patients.write", True),
]
# A sheet may open on any page: what its rooms need is loaded with every page of the desk.
SHEET_STYLES = [
    "core/css/agenda.css", "agenda/sheets.css", "agenda/settings_sheets.css", "reception/call.css",
]  # fmt: skip
SHEET_SCRIPTS = ["agenda/sheets.js", "reception/call.js", "notices/texts.js"]


# What only a whole page shows: a fragment, asked at each key pressed, does not pay for it.
AROUND = (
    "navigation", "quick_sheets", "search_url", "rail_url", "practices_served", "person_links",
    "pulse_url", "lock_url", "unlock_url", "logout_url", "time_zone",
)  # fmt: skip


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html; nearly empty for a stranger. What surrounds a page waits to be used."""
    staff: Staff | None = getattr(request, "staff", None)
    context: dict[str, Any] = {"demo": settings.DEMO, "login_url": reverse("account_login")}
    if staff is None:
        return context
    around = cache(lambda: _rooms(request, staff) | _person(request, staff))
    return context | {
        "staff": staff,
        "practice_in_view": staff.practice,
        "idle_minutes": staff.practice.idle_minutes,
        "pulse_number": getattr(request, "pulse_number", ""),
        "sheet_styles": SHEET_STYLES,
        "sheet_scripts": SHEET_SCRIPTS,
        **{name: SimpleLazyObject(partial(_one, around, name)) for name in AROUND},
    }


def _one(around: Callable[[], dict[str, Any]], name: str) -> Any:
    return around()[name]


def _rooms(request: HttpRequest, staff: Staff) -> dict[str, Any]:
    # The room in view is the one whose address goes furthest: /agenda/settings/ is not /agenda/.
    here = max(
        (url for url in map(_address, ROOMS) if request.path.startswith(url)), key=len, default=""
    )
    return {
        "navigation": [
            {
                "label": label,
                "url": reverse(name),
                "icon": icon,
                "key": key,
                "active": reverse(name) == here,
            }
            for label, name, icon, key, permission in ROOMS
            if staff.may(permission)
        ],
        "quick_sheets": [
            {"label": label, "url": reverse(name), "icon": icon, "key": key, "fresh": fresh}
            for label, name, icon, key, permission, fresh in SHEETS
            if staff.may(permission)
        ],
        "search_url": reverse("patients:find") if staff.may("patients.read") else "",
        "rail_url": reverse("reception:rail"),
    }


def _address(room: tuple[str, ...]) -> str:
    return reverse(room[1])


def _person(request: HttpRequest, staff: Staff) -> dict[str, Any]:
    posts: list[Staff] = request.posts  # type: ignore[attr-defined]
    for post in posts:
        post.practice.switch_url = reverse("change_practice", args=[post.practice_id])  # type: ignore[attr-defined]
    return {
        "practices_served": [post.practice for post in posts],
        "person_links": [
            {"label": "Second facteur", "url": reverse("mfa_index"), "icon": "shield-lock"},
            {"label": "Mot de passe", "url": reverse("account_change_password"), "icon": "key"},
        ],
        "pulse_url": reverse("pulse"),
        "lock_url": reverse("lock_desk"),
        "unlock_url": reverse("unlock_desk"),
        "logout_url": reverse("account_logout"),
        "time_zone": next((site.time_zone for site in sites(staff.practice_id)), ""),
    }
