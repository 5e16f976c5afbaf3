"""The texts of messages: the practice's or ours, and what they said before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from secretariat.notices import kinds
from secretariat.notices.kinds import Kind, Wording
from secretariat.notices.models import Template
from secretariat.outbox.models import Message
from secretariat.practice.queries import practitioners
from secretariat.privacy.models import Entry

LANGUAGES = {"fr": "français", "en": "anglais"}
SUBJECT = "notices.template"


@dataclass(frozen=True, slots=True)
class Written:
    """One text: of a kind, by a channel, in a language; `own` when the practice wrote it."""

    kind: Kind
    channel: str
    language: str
    ours: Wording
    own: Template | None

    @property
    def channel_name(self) -> str:
        """« SMS »."""
        return str(Message.Channel(self.channel).label)

    @property
    def language_name(self) -> str:
        """« français »."""
        return LANGUAGES[self.language]

    @property
    def wording(self) -> Wording:
        """What leaves."""
        return Wording(self.own.subject, self.own.body) if self.own else self.ours

    @property
    def has_subject(self) -> bool:
        """A text message has none."""
        return self.channel != Message.Channel.SMS

    @property
    def title(self) -> str:
        """« Rappel du rendez-vous, SMS »; the language when it is not French."""
        name = f"{self.kind.title}, {self.channel_name}"
        return name if self.language == "fr" else f"{name}, {self.language_name}"


@dataclass(frozen=True, slots=True)
class Version:
    """What a text said: by whom, since when; an empty body: our words."""

    number: int
    at: datetime
    by: str
    subject: str
    body: str


def texts(practice_id: int) -> list[tuple[Kind, list[Written]]]:
    """Each kind with its texts, in the order of the channels; one statement."""
    found = Template.objects.filter(practice_id=practice_id).exclude(body="")
    own = {(one.kind, one.channel, one.language): one for one in found.select_related("author")}
    return [(kind, _of_kind(kind, own)) for kind in kinds.declared()]


def _of_kind(kind: Kind, own: dict[tuple[str, str, str], Template]) -> list[Written]:
    places = [(name, said) for name in Message.Channel.values for said in LANGUAGES]
    return [
        Written(kind, name, said, kind.texts[name, said], own.get((kind.key, name, said)))
        for name, said in places
        if (name, said) in kind.texts
    ]


def text(practice_id: int, kind: str, channel: str, language: str) -> Written | None:
    """One text, or None when there is no such kind, channel or language."""
    found = next((one for one in kinds.declared() if one.key == kind), None)
    if found is None or (channel, language) not in found.texts:
        return None
    kept = template(practice_id, kind, channel, language)
    ours = found.texts[channel, language]
    return Written(found, channel, language, ours, kept if kept and kept.body else None)


def template(practice_id: int, kind: str, channel: str, language: str) -> Template | None:
    """The practice's row of that text; without a body once it came back to our words."""
    found = Template.objects.filter(
        practice_id=practice_id, kind=kind, channel=channel, language=language
    )
    return found.select_related("author").first()


def versions(practice_id: int, kept: Template | None) -> list[Version]:
    """What the text said, the latest first, from the day book."""
    if kept is None:
        return []
    entries = Entry.objects.filter(
        practice_id=practice_id, subject_kind=SUBJECT, subject_id=kept.pk
    ).order_by("-number")
    return [_version(entry) for entry in entries[:50]]


def _version(entry: Entry) -> Version:
    said = json.loads(entry.detail)
    return Version(
        said.get("version", 0), entry.at, entry.by_name, said.get("title", ""),
        said.get("body", ""),
    )  # fmt: skip


def specialities(practice_id: int) -> Sequence[str]:
    """As they read on screen: no message names them."""
    return [one.speciality for one in practitioners(practice_id) if one.speciality]
