"""Write the messages that carry notices, at the moment they leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from secretariat.notices import links, queries
from secretariat.notices.enclosing import with_files
from secretariat.notices.kinds import Facts, Kind, Wording, kind_of
from secretariat.notices.models import Notice
from secretariat.notices.wording import filled
from secretariat.outbox.joined import Joined
from secretariat.outbox.models import Message
from secretariat.outbox.rendering import Text
from secretariat.patients.models import Patient

KIND = "notices.notice"
"""The outbox's name for a message that carries notices."""


def write(messages: Sequence[Message]) -> dict[int, Text]:
    """The text of each message; those whose notices are no longer true are left out."""
    carried: dict[int, list[Notice]] = defaultdict(list)
    for notice in queries.carried_by([message.pk for message in messages]):
        carried[notice.message_id or 0].append(notice)
    facts = facts_of([notice for notices in carried.values() for notice in notices])
    practice_words = queries.templates_of({message.practice_id for message in messages})
    files = _files_of(messages, carried)
    said: dict[int, Text] = {}
    for message in messages:
        # A death may be written after the message was promised.
        true = [
            notice for notice in carried[message.pk]
            if notice.pk in facts and notice.patient.deceased_on is None
        ]  # fmt: skip
        if true:
            joined = [one for notice in true for one in files.get(notice.pk, ())]
            text = _text(message, true, facts, practice_words)
            said[message.pk] = with_files(text, joined, message.channel, message.language)
    return said


def facts_of(notices: Sequence[Notice]) -> dict[int, Facts]:
    """What is true of each notice now, by key; absent: nothing any more."""
    by_kind: dict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_kind[notice.kind].append(notice)
    facts: dict[int, Facts] = {}
    for key, alike in by_kind.items():
        facts |= kind_of(key).facts(alike)
    return facts


def _files_of(
    messages: Sequence[Message], carried: Mapping[int, Sequence[Notice]]
) -> dict[int, Sequence[Joined]]:
    """What goes with each notice, by its key; one statement for each channel and kind."""
    alike: dict[tuple[str, str], list[Notice]] = defaultdict(list)
    for message in messages:
        for notice in carried[message.pk]:
            alike[notice.kind, message.channel].append(notice)
    found: dict[int, Sequence[Joined]] = {}
    for (kind, channel), notices in alike.items():
        found |= kind_of(kind).documents(notices, channel)
    return found


def _text(
    message: Message,
    notices: Sequence[Notice],
    facts: Mapping[int, Facts],
    practice_words: Mapping[tuple[str, str, str], Wording],
) -> Text:
    kind = kind_of(notices[0].kind)
    wording = wording_of(kind, message.channel, message.language, practice_words)
    link = links.address(message.practice_id, message.pk, kind.purpose) if kind.purpose else ""
    told = filled(wording, [facts[notice.pk] for notice in notices], link, message.language)
    paper = message.channel == Message.Channel.LETTER
    return Text(told.subject, told.body, envelope(notices[0].patient) if paper else ())


def envelope(patient: Patient) -> tuple[str, ...]:
    """The lines of the patient's address on an envelope."""
    name = f"{patient.shown_given_name.title()} {patient.shown_name}"
    lines = (name, patient.address_more, patient.address, f"{patient.postcode} {patient.town}")
    return tuple(line.strip() for line in lines if line.strip())


def wording_of(
    kind: Kind,
    channel: str,
    language: str,
    practice_words: Mapping[tuple[str, str, str], Wording],
) -> Wording:
    """The practice's words for a kind, else ours; French when the language has none."""
    own = practice_words.get((kind.key, channel, language))
    return own or kind.texts.get((channel, language)) or kind.texts[channel, "fr"]
