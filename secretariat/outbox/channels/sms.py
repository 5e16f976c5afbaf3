"""Text messages through an HTTP gateway, and what the gateway tells afterwards."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl

import phonenumbers

from secretariat.outbox.channels import Letter, Receipt, later, refused, segments
from secretariat.outbox.channels.web import Answer, Line, Question

SILENT = "La passerelle SMS ne répond pas. Nouvel essai automatique."
BROKEN = "La passerelle SMS est en panne. Nouvel essai automatique."
BUSY = "La passerelle SMS demande d’attendre. Nouvel essai automatique."
WRONG_KEY = "La passerelle SMS refuse les identifiants du cabinet."
NO_CREDIT = "Le crédit de SMS du cabinet est épuisé."
UNCLEAR = "La passerelle SMS a répondu autre chose que prévu : vérifiez ses réglages."
ODD_NUMBER = "Ce numéro ne peut pas recevoir de SMS."
NOT_DELIVERED = "Le SMS n’a pas été remis au téléphone."
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_STOP = re.compile(r"\W*(?:stop|arr[eê]t(?:ez|er)?)(?:\W+(?:sms|svp|merci|s.il vous pla[iî]t))*\W*")


@dataclass(frozen=True, slots=True)
class Callback:
    """What a gateway sends us; nothing in it is true before its signature is checked.

    Args:
        url: our public address as the gateway was given it, with its query.
        headers: names in small letters.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    query: Mapping[str, str] = field(default_factory=dict)

    def pairs(self) -> list[tuple[str, str]]:
        """The fields of a form body; none when it is something else."""
        if "json" in self.headers.get("content-type", ""):
            return []
        try:
            return parse_qsl(self.body.decode(), keep_blank_values=True)
        except (UnicodeDecodeError, ValueError):
            return []

    def said(self) -> dict[str, Any]:
        """The fields of the body, JSON or form."""
        return document(self.body) or dict(self.pairs())


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a message, by the gateway's name for it or by ours.

    Args:
        delivered: True, False for a final failure, None while it is on its way.
    """

    reference: str
    delivered: bool | None
    detail: str = ""
    stable_id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What someone wrote back, from a number in E.164 form; the gateway's name for it, if any."""

    address: str
    text: str
    reference: str = ""

    @property
    def is_stop(self) -> bool:
        """Whether they want no more messages."""
        return bool(_STOP.fullmatch(self.text.strip().casefold()))


class Forged(Exception):
    """The signature is missing or wrong: nothing of the callback is believed."""


class Gateway(Protocol):
    """How one provider is asked, and how it answers."""

    def question(self, letter: Letter) -> Question:
        """The request that sends the letter."""
        ...

    def receipt(self, answer: Answer) -> Receipt:
        """What the answer means, once the usual refusals (401, 429, 500…) are set aside."""
        ...

    def heard(self, callback: Callback) -> list[Told | Reply]:
        """What a callback says.

        Raises:
            Forged: it is not the gateway's.
        """
        ...


class SmsChannel:
    """Letters of one practice as text messages."""

    def __init__(
        self,
        gateway: Gateway,
        *,
        cents_each: int,
        light: bool = True,
        confirms: bool = True,
        line: Line | None = None,
    ) -> None:
        """
        Args:
            cents_each: what one part costs the practice.
            confirms: the gateway calls us back with what became of each message.
            light: write in GSM letters when only typography stands in the way (see `segments`).
        """
        self.confirms = confirms
        self._gateway = gateway
        self._cents = cents_each
        self._light = light
        self._line = line or Line()

    def cents(self, body: str) -> int:
        """What sending that text costs."""
        return segments.cost(self._written(body), self._cents)

    def send(self, letter: Letter) -> Receipt:
        """Hand the text to the gateway. Silence is never taken for a yes."""
        if not _E164.fullmatch(letter.to):
            return refused(ODD_NUMBER)
        text = self._written(letter.body)
        written = Letter(letter.stable_id, letter.to, "", text, letter.language, letter.about)
        try:
            answer = self._line.ask(self._gateway.question(written))
        except (OSError, http.client.HTTPException, ValueError):
            return later(SILENT, everyone=True)
        return usual(answer) or self._gateway.receipt(answer)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _written(self, body: str) -> str:
        clean = body
        if not body.replace("\n", "").isprintable():
            clean = "".join(c for c in body if c == "\n" or c.isprintable() or c in "\u00a0\u202f")
        return segments.lightened(clean) if self._light else clean


def usual(answer: Answer) -> Receipt | None:
    """What HTTP itself says of a request, before the provider's own words."""
    match answer.status:
        case 401 | 403:
            return later(WRONG_KEY, 900, everyone=True)
        case 402:
            return later(NO_CREDIT, 900, everyone=True)
        case 408 | 425 | 429:
            return later(BUSY, answer.retry_after_s(), everyone=True)
        case status if status >= 500:
            return later(BROKEN, answer.retry_after_s(), everyone=True)
        case status if status < 200 or 300 <= status < 400:
            return later(UNCLEAR, 900, everyone=True)
    return None


def document(body: bytes) -> dict[str, Any]:
    """The JSON object of a body; {} when it is none."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def found(said: Any, path: str) -> Any:
    """What a dotted path leads to in a JSON document (`message.id`, `ids.0`); None if nothing."""
    for step in path.split("."):
        if isinstance(said, dict):
            said = said.get(step)
        elif isinstance(said, list) and step.isascii() and step.isdigit():
            said = said[int(step)] if int(step) < len(said) else None
        else:
            return None
    return said


def e164(said: str) -> str:
    """A number as gateways write it (`0033…`, `33…`, `06…`) in E.164 form; "" if it is none."""
    digits = "".join(c for c in said if c.isdigit() or c == "+")
    if digits.startswith("33") and len(digits) == 11:
        digits = f"+{digits}"
    try:
        number = phonenumbers.parse(digits, "FR")
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) or ""
