"""`make screenshots`: the guide's pictures, each screen on a desk's screen and on a telephone.

A demonstration of its own is started in a throw-away folder, then stopped. `--url` uses one that
runs already (its data are looked at, a call sheet may be left open); names choose some screens.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState, expect

from tests.journeys import chromium

INTO = Path(__file__).resolve().parents[1] / "docs/guide/img"
SIZES = {"1366": (1366, 768), "390": (390, 844)}
PATIENCE_S = 900


def _password_again(page: Page) -> None:
    if "reauthenticate" in page.url:
        page.fill("[name=password]", "demo")
        page.keyboard.press("Enter")
        page.wait_for_url("**/sending/")


def _calls(page: Page) -> None:
    page.keyboard.press("F2")
    expect(page.locator("section.sheet:not([hidden])")).to_be_visible()


def _first_patient(page: Page) -> None:
    page.locator("[data-primary]").first.click()
    expect(page.locator("section.sheet:not([hidden]) .patient-file")).to_be_visible()


def _new_patient(page: Page) -> None:
    page.keyboard.press("F4")
    expect(page.locator("section.sheet:not([hidden]) .patient-form")).to_be_visible()


def _find_a_time(page: Page) -> None:
    page.keyboard.press("f")
    reason = page.locator("section.sheet:not([hidden]) select[name=reason]")
    reason.select_option(index=1)
    expect(page.locator(".offer").first).to_be_visible()


def _a_family(page: Page) -> None:
    sheet = page.locator("section.sheet:not([hidden])")
    page.keyboard.press("f")
    sheet.locator("[data-key=u]").click()
    sheet.locator(".together [data-key='2']").click()
    sheet.get_by_role("combobox", name="Qui vient").fill("bergamote bernard")
    sheet.locator("[role=option]").first.click()
    for number in range(3):
        sheet.locator(".family-rows input[type=checkbox]").nth(number).check()
        expect(sheet.locator(".family-rows select")).to_have_count(number + 1)
    sheet.locator(".family-rows select").first.select_option(index=1)
    expect(sheet.locator(".way").first).to_be_visible()


def _freed_time(page: Page) -> None:
    page.locator(".freed-times [data-primary]").first.click()
    expect(page.locator("section.sheet:not([hidden]) .freed-sheet")).to_be_visible()


def _a_day_replanned(page: Page) -> None:
    day = datetime.now(UTC).date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    page.fill("[name=day]", day.isoformat())
    page.get_by_label("Noter l’absence").uncheck()
    page.get_by_role("button", name="Chercher les nouvelles heures").click()
    expect(page.locator("ol.replan li").first).to_be_visible(timeout=30_000)


def _a_room_closed(page: Page) -> None:
    page.locator("[data-row-key=f]").first.click()
    sheet = page.locator("section.sheet:not([hidden])")
    sheet.get_by_label("Pourquoi (facultatif)").fill("révision")
    expect(sheet.locator("[name=from_day]")).to_be_visible()


def _a_quota_to_be(page: Page) -> None:
    page.fill("[name=amount]", "2")
    page.get_by_role("checkbox", name="Urgence du jour").check()
    expect(page.locator("[data-effect] .info-box").first).to_be_visible()


def _documents(page: Page) -> None:
    page.get_by_role("link", name="Première consultation").first.click()
    page.get_by_role("link", name="Documents à remettre").click()
    expect(page.get_by_text("Avant votre venue").first).to_be_visible()


def _nothing(_page: Page) -> None:
    pass


def _next_thursday() -> str:
    """The day of minor surgery in the demonstration."""
    today = datetime.now(UTC).date()
    return str(today + timedelta(days=(3 - today.weekday()) % 7 or 7))


# name of the picture: who, where, what is done there first
SCREENS: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "connexion": ("", "/accounts/login/", _nothing),
    "journee": ("secretaire", "/day/", _nothing),
    "agenda": ("secretaire", "/agenda/", _nothing),
    "salles": ("secretaire", f"/agenda/rooms/?date={_next_thursday()}", _nothing),
    "semaine": ("secretaire", "/agenda/week/", _nothing),
    "creneaux": ("secretaire", "/agenda/", _find_a_time),
    "replanifier": ("secretaire", "/agenda/replans/new/", _a_day_replanned),
    "famille": ("secretaire", "/agenda/", _a_family),
    "appels": ("secretaire", "/calls/", _nothing),
    "appel": ("secretaire", "/day/", _calls),
    "attente": ("secretaire", "/agenda/waiting/", _nothing),
    "creneau-libere": ("secretaire", "/agenda/waiting/", _freed_time),
    "a-revoir": ("secretaire", "/agenda/waiting/recalls/", _nothing),
    "campagnes": ("secretaire", "/agenda/waiting/recalls/campaigns/", _nothing),
    "non-joints": ("secretaire", "/unreached/", _nothing),
    "rappels": ("secretaire", "/agenda/settings/announcing/", _nothing),
    "textes": ("secretaire", "/texts/", _nothing),
    "patients": ("secretaire", "/patients/?q=mar", _nothing),
    "patient": ("secretaire", "/patients/?q=mar", _first_patient),
    "nouveau-patient": ("secretaire", "/patients/", _new_patient),
    "imports": ("secretaire", "/imports/", _nothing),
    "reglages": ("secretaire", "/agenda/settings/", _nothing),
    "envois": ("responsable", "/sending/", _password_again),
    "courriers": ("secretaire", "/letters/", _nothing),
    "motifs": ("secretaire", "/agenda/settings/reasons/", _nothing),
    "documents": ("secretaire", "/agenda/settings/reasons/", _documents),
    "quotas": ("secretaire", "/agenda/settings/quotas/", _a_quota_to_be),
    "remplacements": ("secretaire", "/agenda/settings/replacements/", _nothing),
    "materiel": ("secretaire", "/agenda/settings/resources/", _nothing),
    "fermeture": ("secretaire", "/agenda/settings/resources/", _a_room_closed),
    "enchainements": ("secretaire", "/agenda/settings/protocols/", _nothing),
    "equipe": ("responsable", "/people/", _nothing),
    "suivre": ("responsable", "/elsewhere/", _nothing),
    "logiciels": ("responsable", "/elsewhere/programs/", _nothing),
}


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of a fresh demonstration, for the time of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="secretariat-pictures-") as folder:
        Path(folder).chmod(0o711)  # for root, PostgreSQL runs as a user that must pass
        environment = os.environ | {"SECRETARIAT_DATA": folder, "PORT": str(port)}
        demo = subprocess.Popen([sys.executable, "-m", "secretariat", "demo"], env=environment)
        try:
            _wait(f"http://localhost:{port}/readyz", demo)
            yield f"http://localhost:{port}"
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(60)


def _wait(address: str, demo: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and demo.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("La démonstration ne répond pas.")


def come_in(browser: Browser, url: str, login: str) -> StorageState:
    """What a browser keeps of someone who has just logged in: once each, the page counts them."""
    context = browser.new_context(base_url=url, locale="fr-FR")
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Identifiant").fill(login)
    page.get_by_label("Mot de passe").fill("demo")
    page.get_by_role("button", name="Entrer").click()
    page.wait_for_url(lambda here: "/accounts/login" not in here)
    cookies = context.cookies()
    context.close()
    return {"cookies": cookies, "origins": []}  # type: ignore[typeddict-item]


def take(browser: Browser, url: str, name: str, size: str, kept: StorageState | None) -> None:
    """One picture, by someone who comes with the cookies `kept`."""
    _, path, first = SCREENS[name]
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=url, viewport={"width": width, "height": height}, locale="fr-FR",
        timezone_id="Europe/Paris", reduced_motion="reduce", storage_state=kept,
    )  # fmt: skip
    page = context.new_page()
    page.goto(path)
    first(page)
    expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=30_000)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=INTO / f"{name}-{size}.png", animations="disabled")
    context.close()


def main() -> int:
    """Take the pictures asked for, all by default."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="ÉCRAN", help=", ".join(SCREENS))
    parser.add_argument("--url", help="une démonstration déjà en marche")
    options = parser.parse_args()
    if unknown := set(options.names) - SCREENS.keys():
        parser.error(f"écran inconnu : {', '.join(sorted(unknown))}")
    os.environ["LANGUAGE"] = "fr"  # the browser's own words, in date fields
    INTO.mkdir(parents=True, exist_ok=True)
    if options.url:
        pictures(options.url, options.names or list(SCREENS))
        return 0
    with demonstration() as url:
        pictures(url, options.names or list(SCREENS))
    return 0


def pictures(url: str, names: list[str]) -> None:
    """Each of `names`, in each size, from the demonstration at `url`."""
    with chromium.running() as browser:
        people = {SCREENS[name][0] for name in names} - {""}
        kept = {login: come_in(browser, url, login) for login in sorted(people)}
        for name in names:
            for size in SIZES:
                take(browser, url, name, size, kept.get(SCREENS[name][0]))
                print(f"  {name}-{size}.png", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
