"""What every answer says to the browser, and what a site's settings must be."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
ANSWERS = [("account_login", 200), ("reception:day", 302), ("livez", 200)]


@pytest.mark.parametrize(("name", "status"), ANSWERS)
def test_an_answer_tells_the_browser_to_trust_and_keep_nothing(name: str, status: int) -> None:
    answer = Client().get(reverse(name))
    said = answer.headers
    assert answer.status_code == status
    policy = {part.strip() for part in said["Content-Security-Policy"].split(";")}
    assert policy == POLICY
    assert "no-store" in said["Cache-Control"]
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["X-Frame-Options"] == "DENY"
    assert said["Referrer-Policy"] == "same-origin"
    assert said["Cross-Origin-Opener-Policy"] == "same-origin"
    assert said["Cross-Origin-Resource-Policy"] == "same-origin"
    for sensor in ("camera=()", "microphone=()", "geolocation=()"):
        assert sensor in said["Permissions-Policy"]


def test_a_page_that_does_not_exist_has_the_same_manners() -> None:
    answer = Client().get("/nothing/here/")
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_another_host_name_is_refused() -> None:
    assert Client().get("/livez", headers={"host": "evil.example"}).status_code == 400


def test_cookies_are_out_of_the_scripts_reach() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
    assert not settings.SESSION_SAVE_EVERY_REQUEST  # the pulse must not keep a desk open


def test_over_https_cookies_belong_to_this_host_alone() -> None:
    assert settings.HTTPS, "the suite runs with a site's settings"
    assert settings.SESSION_COOKIE_SECURE
    assert settings.CSRF_COOKIE_SECURE
    assert settings.SESSION_COOKIE_NAME.startswith("__Host-")
    assert settings.CSRF_COOKIE_NAME.startswith("__Host-")
    assert settings.SECURE_HSTS_SECONDS >= 31_536_000


def test_bodies_are_bounded() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE <= 5 * 1024 * 1024
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS <= 1000
    assert settings.DATA_UPLOAD_MAX_NUMBER_FILES <= 100


def test_passwords_are_kept_by_argon2_and_nothing_else() -> None:
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_djangos_own_list_of_a_sites_settings_is_clean() -> None:
    call_command("check", deploy=True, fail_level="WARNING")
