"""The HTTP side: `POST /send` for the product, a page for people."""

from __future__ import annotations

import hmac
import json
import secrets
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from secretariat.demo.phones import page
from secretariat.demo.phones.store import Store, Text, is_fiction
from secretariat.demo.phones.telling import Teller

STATIC = {"/static/phones.css": "text/css", "/static/phones.js": "text/javascript"}
LONGEST = 64 * 1024
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class PhoneServer(ThreadingHTTPServer):
    """Listens on the loopback; knows what was received and whom to tell."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, store: Store, key: str, secret: str) -> None:
        self.store = store
        self.key = key
        self.teller = Teller(secret)
        self.token = secrets.token_urlsafe(16)
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: PhoneServer

    def do_GET(self) -> None:
        if not self._is_ours():
            return
        store, token = self.server.store, self.server.token
        if self.path == "/":
            self._page(page.whole(store.phones(), store.mails(), token))
        elif self.path == "/received":
            self._page(page.received(store.phones(), store.mails(), token))
        elif self.path in STATIC:
            file = Path(__file__).parent / self.path.lstrip("/")
            self._answer(200, file.read_bytes(), STATIC[self.path])
        else:
            self._answer(404, b"", "text/plain")

    def do_POST(self) -> None:
        if not self._is_ours():
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LONGEST:
            self.close_connection = True
            self._answer(413, b"", "text/plain")
            return
        body = self.rfile.read(int(length))
        if self.path == "/send":
            self._send(body)
        elif self.path == "/answer":
            self._person({name: said[0] for name, said in parse_qs(body.decode()).items()})
        else:
            self._answer(404, b"", "text/plain")

    def _send(self, body: bytes) -> None:
        given = self.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self.server.key}".encode()):
            self._json(401, {"error": "key"})
            return
        try:
            said = json.loads(body)
            number, text = str(said["to"]), str(said["text"])
        except (ValueError, KeyError, TypeError):
            self._json(400, {"error": "unreadable"})
            return
        if not is_fiction(number):
            self._json(200, {"error": {"code": "real_number"}})
            return
        callback = str(said.get("callback", ""))
        reference, new, delivered = self.server.store.take(
            number,
            Text(text, datetime.now().astimezone(), str(said.get("from", ""))),
            key=self.headers.get("Idempotency-Key", ""),
            callback=callback,
        )
        if new:
            status = "delivered" if delivered else "undelivered"
            self.server.teller.tell(callback, {"id": reference, "status": status})
        self._json(200, {"id": reference})

    def _person(self, said: dict[str, str]) -> None:
        number = said.get("number", "")
        token = said.get("token", "").encode()
        if not hmac.compare_digest(token, self.server.token.encode()) or not is_fiction(number):
            self._answer(403, b"", "text/plain")
            return
        if said.get("switch"):
            self.server.store.switch(number)
        elif text := "STOP" if said.get("stop") else said.get("text", "")[:480]:
            mine = Text(text, datetime.now().astimezone(), mine=True)
            callback = self.server.store.answer(number, mine)
            self.server.teller.tell(callback, {"from": number, "text": text})
        self._answer(303, b"", "text/plain", Location="/")

    def _is_ours(self) -> bool:
        """Only this machine's own names: another site cannot borrow our address."""
        port = self.server.server_address[1]
        if self.headers.get("Host", "") in {f"127.0.0.1:{port}", f"localhost:{port}"}:
            return True
        self._answer(403, b"", "text/plain")
        return False

    def _page(self, html: str) -> None:
        self._answer(200, html.encode(), "text/html")

    def _json(self, status: int, said: dict[str, Any]) -> None:
        self._answer(status, json.dumps(said).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str, **more: str) -> None:
        self.send_response(status)
        named = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(body))}
        for name, value in {**named, **HEADERS, **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: Any) -> None:
        """Nothing on the terminal of the demonstration."""
