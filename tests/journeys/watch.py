"""What must stay silent while people work: the console, the policy, the server's refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

# A refused request is judged by its own listener, with its status. A search box drops its last
# question when more is typed, and htmx says so as if it were an error.
KNOWN = re.compile(
    r"Failed to load resource|Response Status Error Code|htmx:(afterRequest|sendAbort),"
)
AXE = Path("node_modules/axe-core/axe.min.js")
# Runs before the page's own scripts, on every page; the browser lets it in whatever the policy.
LISTEN = """
addEventListener("securitypolicyviolation", (event) =>
  tellWatch(`${event.violatedDirective} refused ${event.blockedURI} ${event.sample}`));
"""
# Without preloading, which makes a style of its own and trips over the policy.
_RUN_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"], preload: false});
  return found.violations.map((one) => `${one.id}: ${one.help}\\n` +
    one.nodes.slice(0, 3).map((node) => `    ${node.html.slice(0, 240)}`).join("\\n"));
}"""


@dataclass
class Watch:
    """Listens to all the pages of one person's browser."""

    context: BrowserContext
    troubles: list[str] = field(default_factory=list)
    _expected: list[tuple[int, re.Pattern[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.expose_binding("tellWatch", lambda source, said: self._policy(said))
        self.context.add_init_script(LISTEN)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
        self.context.on("response", self._response)
        self.context.on("requestfailed", self._failed)

    @contextmanager
    def expecting(self, status: int, path: str) -> Iterator[None]:
        """In this block the server may answer `status` to paths that match `path`."""
        self._expected.append((status, re.compile(path)))
        yield
        self._expected.pop()

    def _policy(self, said: str) -> None:
        self.troubles.append(f"policy: {said}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not KNOWN.match(message.text):
            self.troubles.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        path = urlsplit(response.url).path
        if response.status < 400:
            return
        if any(response.status == status and rule.search(path) for status, rule in self._expected):
            return
        self.troubles.append(f"{response.status} {response.request.method} {path}")

    def _failed(self, request: Request) -> None:
        # Leaving a page abandons what it was asking.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"{request.failure} {request.method} {request.url}")


def unreadable(page: Page) -> list[str]:
    """What axe finds on the page as it stands, each with its first places."""
    if not page.evaluate("() => 'axe' in window"):
        # Through the inspector, as an extension would: the page's policy stays in force.
        session = page.context.new_cdp_session(page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text()})
        session.detach()
    found: list[str] = page.evaluate(_RUN_AXE)
    return found
