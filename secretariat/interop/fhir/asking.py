"""What a search asks, read from the address: numbers, dates, tokens, references. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from secretariat.interop.fhir.wire import Wrong

USUAL_COUNT, MOST_COUNT = 50, 200
_EVERYWHERE = frozenset({"_count", "_cursor", "_format", "_pretty", "_total"})
_DATE = re.compile(
    r"(?P<prefix>eq|ge|gt|le|lt|sa|eb)?(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
)
_LONGEST = 300
_BIGGEST = 2**63 - 1


class Params(Protocol):
    """Django's QueryDict, or anything like it."""

    def __iter__(self) -> Iterator[str]: ...

    def getlist(self, key: str) -> list[str]:
        """All values of one name."""
        ...


@dataclass(frozen=True)
class Window:
    """Moments from `since` (included) to `until` (excluded); None: no bound."""

    since: datetime | None = None
    until: datetime | None = None

    def within(self, other: Window) -> Window:
        """The moments of both."""
        sinces = [one for one in (self.since, other.since) if one is not None]
        untils = [one for one in (self.until, other.until) if one is not None]
        return Window(max(sinces, default=None), min(untils, default=None))


@dataclass(frozen=True)
class Token:
    """`system|code`, `|code` or `code`; system None: any."""

    code: str
    system: str | None = None

    def means(self, code: str, *systems: str) -> bool:
        """Whether it is that code in one of these systems."""
        return self.code == code and (self.system is None or self.system in systems)


@dataclass(frozen=True)
class Reference:
    """`Practitioner/12`; the kind is "" when none was said."""

    kind: str
    key: int


class Asked:
    """The criteria of one search.

    Args:
        params: of the address.
        known: names of the criteria that the resource has, without modifiers.

    Raises:
        Wrong: a criterion that does not exist here: ignoring it would answer another question.
    """

    def __init__(self, params: Params, known: Iterable[str]) -> None:
        self._values: dict[str, list[str]] = {name: params.getlist(name) for name in params}
        names = {*known, *_EVERYWHERE}
        for name, values in self._values.items():
            if _base(name) not in names:
                said = ", ".join(sorted(known))
                raise Wrong(f"« {name[:60]} » n’est pas un critère ici. Critères : {said}.")
            if any(len(value) > _LONGEST or "\x00" in value for value in values):
                raise Wrong(f"La valeur de « {name[:60]} » est illisible.")

    def __contains__(self, name: str) -> bool:
        return any(_base(said) == name for said in self._values)

    def text(self, name: str) -> str:
        """One plain value; "" when absent."""
        values = self._values.get(name, [])
        if len(values) > 1:
            raise Wrong(f"« {name} » ne se donne qu’une fois.")
        return values[0].strip() if values else ""

    def many(self, name: str) -> list[str]:
        """The values of a parameter that may come several times."""
        self._plain(name)
        return self._values.get(name, [])

    def tokens(self, name: str) -> list[Token]:
        """Any of these codes (commas); empty when nothing was asked."""
        self._plain(name)
        values = self._values.get(name, [])
        if len(values) > 1:
            raise Wrong(f"« {name} » ne se donne qu’une fois ; séparez par des virgules.")
        return [_token(one) for value in values for one in value.split(",") if one]

    def _plain(self, name: str) -> None:
        if any(said != name for said in self._values if _base(said) == name):
            raise Wrong(f"« {name} » ne prend pas de précision après « : ».")

    def window(self, name: str, zone: str) -> Window:
        """All bounds given for a date; a date without a clock is a day of `zone`."""
        found = Window()
        for value in self._values.get(name, []):
            found = found.within(_window(name, value, zone))
        return found

    def references(self, name: str, kind: str = "") -> list[Reference]:
        """What `name`, `name:Kind` point to, any of them (commas)."""
        found = []
        for said, values in self._values.items():
            base, _, modifier = said.partition(":")
            if base != name or "." in modifier:
                continue
            for value in ",".join(values).split(","):
                found.append(_reference(said, value, modifier or kind))
        return found

    def chained(self, name: str) -> list[Token]:
        """The identifiers of `name:Practitioner.identifier=`, by which a practitioner is found."""
        found: list[Token] = []
        for said, values in self._values.items():
            base, _, modifier = said.partition(":")
            if base == name and "." in modifier:
                if modifier != "Practitioner.identifier":
                    raise Wrong(f"« {name} » suit seulement « :Practitioner.identifier ».")
                found += [_token(one) for one in ",".join(values).split(",")]
        return found

    @property
    def count(self) -> int:
        """How many entries a page holds."""
        said = self.text("_count")
        if not said:
            return USUAL_COUNT
        if not said.isdecimal() or not said.isascii() or len(said) > 9:
            raise Wrong("« _count » est un nombre entier.")
        return min(int(said), MOST_COUNT)

    @property
    def counted(self) -> bool:
        """Whether the exact number of results is wanted at any cost."""
        return self.text("_total") == "accurate"


def key(said: str) -> int | None:
    """A primary key as written in an address; None when it cannot be one."""
    if not said.isdecimal() or not said.isascii() or len(said) > 19:
        return None
    found = int(said)
    return found if 0 < found <= _BIGGEST else None


def moment(said: str, zone: str) -> datetime | None:
    """A FHIR instant or dateTime to the minute at least; None when it is none."""
    found = _DATE.fullmatch(said)
    if found is None or found["prefix"] or found["hour"] is None:
        return None
    try:
        return _bounds(found, zone)[0]
    except (ValueError, OverflowError):
        return None


def as_mapping(params: Params) -> Mapping[str, list[str]]:
    """All values by name, to write an address again."""
    return {name: params.getlist(name) for name in params}


def _base(name: str) -> str:
    return name.partition(":")[0]


def _token(said: str) -> Token:
    system, bar, code = said.rpartition("|")
    return Token(code, system) if bar else Token(said)


def _reference(name: str, said: str, kind: str) -> Reference:
    parts = said.strip().rstrip("/").split("/")
    told = parts[-2] if len(parts) > 1 else kind
    found = key(parts[-1])
    if found is None or (kind and told != kind):
        wanted = kind or "Practitioner"
        raise Wrong(f"« {name[:60]} » attend une référence, par exemple {wanted}/12.")
    return Reference(told, found)


def _window(name: str, said: str, zone: str) -> Window:
    # A + that was not escaped arrives as a space.
    found = _DATE.fullmatch(re.sub(r" (?=\d\d:\d\d$)", "+", said))
    if found is None:
        raise Wrong(f"« {name} » attend une date, par exemple ge2026-11-23.")
    try:
        low, high = _bounds(found, zone)
    except (ValueError, OverflowError) as error:
        raise Wrong(f"« {said[:40]} » n’existe pas au calendrier.") from error
    match found["prefix"]:
        case "ge":
            return Window(since=low)
        case "gt" | "sa":
            return Window(since=high)
        case "le":
            return Window(until=high)
        case "lt" | "eb":
            return Window(until=low)
    return Window(low, high)


def _bounds(found: re.Match[str], zone: str) -> tuple[datetime, datetime]:
    """First moment of what was written, and first moment after it."""
    year, month, day = int(found["year"]), int(found["month"] or 1), int(found["day"] or 1)
    clock = (int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0))
    if not 1900 <= year <= 2200:
        raise ValueError(year)
    low = datetime(year, month, day, *clock)
    if found["zone"]:
        iso = "+00:00" if found["zone"] == "Z" else found["zone"]
        offset = datetime.fromisoformat(f"2000-01-01T00:00:00{iso}").tzinfo
    else:
        offset = ZoneInfo(zone)
    if found["second"]:
        high = low + timedelta(seconds=1)
    elif found["hour"]:
        high = low + timedelta(minutes=1)
    elif found["day"]:
        high = low + timedelta(days=1)
    elif found["month"]:
        high = datetime(year + month // 12, month % 12 + 1, 1)
    else:
        high = datetime(year + 1, 1, 1)
    return low.replace(tzinfo=offset).astimezone(UTC), high.replace(tzinfo=offset).astimezone(UTC)
