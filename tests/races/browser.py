"""A plain HTTP client that stays logged in: as many as wanted, on real connections."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]  # names in lower case
    body: str


class Browser:
    """One person's cookies; each request opens its own connection, as a browser's tabs do."""

    def __init__(self, base: str) -> None:
        self.host = urlsplit(base).netloc
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """GET, cookies kept."""
        return self._send("GET", path, None)

    def post(self, path: str, **fields: object) -> Answer:
        """POST a form with its CSRF token, as htmx does."""
        return self._send("POST", path, urlencode(fields))

    def log_in(self, login: str) -> Browser:
        """Through the real login page."""
        page = self.get("/accounts/login/")
        self._keep_token(page)
        answer = self.post(
            "/accounts/login/", login=login, password="demo", csrfmiddlewaretoken=self.token
        )
        assert answer.status == 302, f"login refused: {answer.status} {answer.body[:500]}"
        self._keep_token(self.get("/accounts/password/change/"))
        return self

    def read_form(self, path: str) -> Answer:
        """GET a page with a form, and keep what lets it be sent."""
        page = self.get(path)
        self._keep_token(page)
        return page

    def _keep_token(self, page: Answer) -> None:
        found = _TOKEN.search(page.body)
        assert found is not None, f"no form on the page: {page.status}"
        self.token = found[1]

    def _send(self, method: str, path: str, body: str | None) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": self.token, "HX-Request": "true",
                "Origin": f"http://{self.host}",
            }  # fmt: skip
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for header in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = header.split(";")[0].partition("=")
                self.cookies[name] = value
            said = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, said, answer.read().decode())
        finally:
            connection.close()
