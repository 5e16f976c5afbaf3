"""A practice's settings never make the server talk to the machines around it (entry 76)."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from secretariat.outbox.channels import hosts, web
from secretariat.outbox.channels.hosts import ForbiddenHost
from secretariat.outbox.channels.tests import servers

PUBLIC = "93.184.215.14"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A name server of ours: name → addresses."""
    known: dict[str, list[str]] = {"smtp.exemple.test": [PUBLIC]}

    def resolve(host: str, port: int) -> list[str]:
        if host not in known:
            raise socket.gaierror("unknown")
        return known[host]

    monkeypatch.delenv(hosts.VARIABLE, raising=False)
    monkeypatch.setattr(hosts, "resolve", resolve)
    return known


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.4.4", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_an_address_inside_is_never_public(address: str) -> None:
    assert not hosts.is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
                                     "64:ff9b::5db8:d70e"])  # fmt: skip
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert hosts.is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "::1", "[::1]", "169.254.169.254", "10.1.2.3", "0x7f000001", "2130706433",
        "127.1", "0177.0.0.1", "0", "localhost", "metadata.local", "inside.exemple.test",
        "half.exemple.test", "unknown.exemple.test", "", " ", "a b", "exemple.test\r\nX", "-",
        "../etc", "user@smtp.exemple.test", "smtp.exemple.test:25", "①②⑦.0.0.1",
    ],
)  # fmt: skip
def test_what_leads_inside_or_nowhere_is_refused_with_the_same_words(
    names: dict[str, list[str]], host: str
) -> None:
    names["inside.exemple.test"] = ["10.0.0.7"]
    names["half.exemple.test"] = [PUBLIC, "127.0.0.1"]
    names["localhost"] = ["127.0.0.1", "::1"]
    for asked in (lambda: hosts.check(host, 25), lambda: hosts.connect(host, 25, 0.2)):
        with pytest.raises(OSError) as refusal:
            asked()
        assert str(refusal.value) in {hosts.GENERIC, "unknown"}


def test_a_public_name_is_kept(names: dict[str, list[str]]) -> None:
    hosts.check("smtp.exemple.test", 587)


def test_a_name_that_changes_its_mind_gains_nothing(names: dict[str, list[str]]) -> None:
    with servers.smtp() as (mailbox, port):
        names["smtp.exemple.test"] = [PUBLIC]
        hosts.check("smtp.exemple.test", port)
        names["smtp.exemple.test"] = ["127.0.0.1"]
        with pytest.raises(ForbiddenHost):
            hosts.connect("smtp.exemple.test", port, 0.5)
        assert mailbox.connections == 0


def test_the_operator_lets_a_machine_through(
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with servers.smtp() as (_mailbox, port):
        for said in (f"127.0.0.1:{port}", " autre.test , 127.0.0.1 "):
            monkeypatch.setenv(hosts.VARIABLE, said)
            hosts.connect("127.0.0.1", port, 1).close()
        monkeypatch.setenv(hosts.VARIABLE, f"127.0.0.1:{port + 1}")
        with pytest.raises(ForbiddenHost):
            hosts.connect("127.0.0.1", port, 1)


@pytest.mark.parametrize(
    "url",
    [
        "http://smtp.exemple.test/sms", "ftp://smtp.exemple.test/", "file:///etc/passwd",
        "https://127.0.0.1/", "https://[::1]/", "https://0x7f000001/", "https://169.254.169.254/x",
        "https://key@smtp.exemple.test/", "https:///x", "//smtp.exemple.test/", "smtp.exemple.test",
        "https://smtp.exemple.test:99999/", "https://[::1/", "javascript:alert(1)", "",
    ],
)  # fmt: skip
def test_a_gateway_is_a_public_https_address(names: dict[str, list[str]], url: str) -> None:
    with pytest.raises(ForbiddenHost):
        web.check(url)


def test_a_gateway_of_the_machine_itself_needs_the_operator(
    names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    web.check("https://smtp.exemple.test/sms?x=1")
    monkeypatch.setenv(hosts.VARIABLE, "127.0.0.1:8900")
    web.check("http://127.0.0.1:8900/send")
    with pytest.raises(ForbiddenHost):
        web.check("http://127.0.0.1:8901/send")


@pytest.fixture(autouse=True)
def _nobody_calls_the_internet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    true_connection = socket.create_connection

    def create(address: tuple[str, int], *rest: object) -> socket.socket:
        if address[0] != "127.0.0.1":
            raise TimeoutError
        return true_connection(address, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", create)
    yield
