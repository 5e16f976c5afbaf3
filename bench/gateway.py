"""A gateway on loopback that takes its time, in a process of its own: no client is disturbed.

`python -m bench.gateway 150` writes its port, then answers each POST after 150 ms and each GET with
how many messages it has received.
"""

from __future__ import annotations

import asyncio
import http.client
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

DELAY_MS = 150
"""What a real one takes."""


class _Line(asyncio.Protocol):
    """One connection: a request at a time, answered after the delay."""

    received = 0
    seconds = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line, self._said = transport, b""

    def data_received(self, data: bytes) -> None:
        self._said += data
        head, found, body = self._said.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._said = b""
        if head.startswith(b"GET"):
            self._answer(str(_Line.received))
            return
        _Line.received += 1
        loop = asyncio.get_running_loop()
        loop.call_later(_Line.seconds, self._answer, f'{{"id": "sms-{_Line.received}"}}')

    def _answer(self, body: str) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
        self._line.write((head + body).encode())


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def _serve(seconds: float) -> None:
    _Line.seconds = seconds
    server = await asyncio.get_running_loop().create_server(_Line, "127.0.0.1", 0, backlog=100)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def gateway(delay_ms: int = DELAY_MS) -> Iterator[str]:
    """Its address, for the time of the block."""
    command = [sys.executable, "-m", "bench.gateway", str(delay_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/sms"
        finally:
            process.terminate()


def received(url: str) -> int:
    """How many messages the gateway at `url` has taken."""
    line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    try:
        line.request("GET", "/")
        return int(line.getresponse().read())
    finally:
        line.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]) / 1000))
