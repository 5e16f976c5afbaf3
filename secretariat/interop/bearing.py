"""The door of other programs: a bearer token instead of a session, cookies never read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from secretariat.core import clock, scope
from secretariat.core.refusal import Refusal
from secretariat.interop.actions import tokens as actions
from secretariat.interop.fhir import wire
from secretariat.interop.models import ApiToken
from secretariat.interop.queries import tokens as queries
from secretariat.practice.doors import Request, TracedAbsence
from secretariat.practice.middleware import HEADER
from secretariat.practice.signals import door_refused

View = Callable[..., HttpResponse]
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
FAILURES, FORGOTTEN_S = 60, 60
"""Wrong tokens from one place in a minute; more are only told to wait."""


class Asked(Request):
    """A request that came with a token: a post, in one practice, and the key itself."""

    token: ApiToken


class NoToken(Refusal):
    """The door does not know who asks."""

    status = 401


class TooMany(Refusal):
    """Too many wrong tokens from one place."""

    status = 429


def bearer(**permissions: str) -> Callable[[View], View]:
    """Let in a program whose post holds the permission, and whose token the verb.

    Args:
        permissions: by method (GET stands for HEAD too); a method that is not named is refused.
            Several permissions are parted by a space; all are needed.

    The answer is always FHIR: 401 without a good token, 403 without the right (traced), 404 for
    what is absent or another practice's (traced), and a refusal's own status with its sentence.
    """

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            method = "GET" if request.method == "HEAD" else str(request.method)
            if method not in permissions:
                return _not_that_way(permissions)
            asked = cast(Asked, request)
            try:
                _enter(asked)
                _must_hold(asked, method, permissions[method].split())
                return view(asked, *args, **kwargs)
            except (Refusal, Http404, SuspiciousOperation) as no:
                return _refused(asked, no)
            finally:
                scope.close()

        guarded.permission = permissions.get("GET") or next(iter(permissions.values()))  # type: ignore[attr-defined]
        guarded.bearer = True  # type: ignore[attr-defined]
        return guarded

    return wrap


def _enter(request: Asked) -> None:
    """Who asks, in which practice; the database's scope is open on it when this returns."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise NoToken("Présentez un jeton : « Authorization: Bearer … ».")
    at = clock.now()
    today = clock.local_date(at, "Europe/Paris")
    found = queries.presented(secret.strip(), request.headers.get(HEADER, ""), today)
    if found is None:
        count_failure(request)
        raise NoToken("Ce jeton n’ouvre rien : il est inconnu, révoqué, ou son poste est fermé.")
    request.token, request.staff, request.practice = found, found.staff, found.staff.practice
    actions.used(key=found, at=at)


def count_failure(request: HttpRequest) -> None:
    """Count a wrong secret from this address of the network.

    Nobody guesses 256 bits: this only keeps a program gone wrong from wearing us out.

    Raises:
        TooMany: over `FAILURES` in a minute.
    """
    key = f"interop:wrong-token:{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, FORGOTTEN_S)
    try:
        failures = cache.incr(key)
    except ValueError:  # forgotten meanwhile
        return
    if failures > FAILURES:
        raise TooMany("Trop d’essais refusés depuis cette adresse : attendez une minute.")


def _must_hold(request: Asked, method: str, permissions: list[str]) -> None:
    staff = request.staff
    if method in WRITES and not request.token.may_write:
        raise wire.Wrong("Ce jeton ne permet que de lire.", 403)
    if not all(staff.may(permission) for permission in permissions):
        raise wire.Wrong(f"Le poste de ce jeton ({staff.role.label}) n’en a pas le droit.", 403)
    said = request.headers.get("Accept", "*/*")
    wanted = request.GET.get("_format", "json")
    if "json" not in wanted or not ("json" in said or "*/*" in said or "application/*" in said):
        raise wire.Wrong("Ce serveur ne parle que JSON (application/fhir+json).", 406)


def _refused(request: Asked, no: Exception) -> HttpResponse:
    """The refusal in FHIR; what is forbidden or absent leaves a trace, as at every door."""
    if not isinstance(no, Refusal):
        no = _told(no)
    staff = getattr(request, "staff", None)
    if staff is not None and no.status in {403, 404} and not no.facts.get("traced"):
        door_refused.send(bearer, staff=staff, path=request.path, permission="", at=clock.now())
    response = wire.outcome(no)
    if no.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="fhir"'
    return response


def _told(no: Exception) -> Refusal:
    match no:
        case RequestDataTooBig():
            return wire.Wrong("Ce qui est envoyé est trop long.", 413)
        case TracedAbsence():
            return wire.Wrong("Cela n’existe pas dans ce cabinet.", 404, traced=True)
        case Http404():
            return wire.Wrong("Cela n’existe pas dans ce cabinet.", 404)
    return wire.Wrong("Cette demande est illisible.")


def _not_that_way(permissions: dict[str, str]) -> HttpResponse:
    response = wire.outcome(wire.Wrong("Cette adresse ne répond pas à ce verbe.", 405))
    response["Allow"] = ", ".join(sorted(permissions))
    return response
