"""Logins: made by the practice, closed to visitors, with a second factor outside the demo."""

from __future__ import annotations

import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from secretariat.practice import queries
from secretariat.practice.models import User


def normal_login(login: str) -> str:
    """One spelling for a login: NFKC, lower case, no accent (counters are kept on it)."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", login)).casefold()
    return "".join(letter for letter in folded if not unicodedata.combining(letter)).strip()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth with the house's rules."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "Identifiant ou mot de passe inexact.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account alone: `engage` does, in a practice."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count failures on the normal spelling, so that « Zoé » and « zoe » share a limit."""
        if "username" in credentials:
            credentials["username"] = normal_login(credentials["username"])
        super().pre_authenticate(request, **credentials)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors named after the product."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The relying party shown by the browser when a passkey is made."""
        entity = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Secrétariat"}


class Passwords(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, which reads the person of each request by a prepared statement."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, unless their login was closed since."""
        user = queries.user(user_id)
        return user if user and self.user_can_authenticate(user) else None
