"""One word for one thing, and the word is in CONTEXT.md."""

from __future__ import annotations

import re

from django.apps import apps

from secretariat.floor_plan import PLAN
from tests.house import tree

ROW = re.compile(r"^\|\s*`(\w+)`\s*\|([^|]+)\|([^|]+)\|([^|]+)\|", re.MULTILINE)
EMPTY_NAMES = frozenset(
    {"utils", "util", "helpers", "helper", "services", "service", "misc", "common"}
)


def dictionary() -> dict[str, tuple[str, ...]]:
    """CONTEXT.md: the word in code, and its French, its meaning, its *Avoid*."""
    text = (tree.ROOT / "CONTEXT.md").read_text(encoding="utf-8")
    return {row[1]: tuple(cell.strip() for cell in row.groups()[1:]) for row in ROW.finditer(text)}


def model_words() -> set[str]:
    return {
        model.__name__
        for model in apps.get_models()
        if tree.room_of_module(model.__module__) in PLAN
    }


def test_every_model_is_a_word_of_the_trade() -> None:
    unknown = sorted(model_words() - dictionary().keys())
    assert not unknown, tree.told("Models without a row in CONTEXT.md", unknown)


def test_every_word_has_its_french_its_meaning_and_what_to_avoid() -> None:
    empty = sorted(word for word, cells in dictionary().items() if not all(cells))
    assert not empty, tree.told("Words of CONTEXT.md with an empty cell", empty)


def test_no_class_bears_a_name_to_avoid() -> None:
    avoided = {
        name: word
        for word, (_french, _meaning, avoid) in dictionary().items()
        for name in re.findall(r"`([A-Z]\w+)`", avoid)
    }
    clashes = [f"{name}: say {avoided[name]}" for name in sorted(model_words() & avoided.keys())]
    assert not clashes, tree.told("Models named by a word to avoid", clashes)


def test_no_file_has_a_name_that_says_nothing() -> None:
    said = [tree.place(f) for f in tree.tracked() if f.suffix == ".py" and f.stem in EMPTY_NAMES]
    said += [tree.place(f) for f in tree.python() if EMPTY_NAMES & set(f.parent.parts[-2:])]
    assert not said, tree.told("Names that say nothing", said)
