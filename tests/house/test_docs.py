"""What the pages say exists, exists: links, pictures, commands, files, decisions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from secretariat.cli.parser import COMMANDS
from tests.house import tree

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
NAMED_FILE = re.compile(r"[\w./-]+/[\w.-]+\.(?:py|toml|txt|md|html|sha256)")
MAKE = re.compile(r"\bmake ([a-z]+(?: [a-z]+)*)")
COMMAND = re.compile(r"(?:^|[\s/`])secretariat ([a-z]+(?:-[a-z]+)*)")
FOLDERS = ("", "secretariat/", "docs/", "secretariat/core/templates/")


def pages() -> list[tuple[Path, str]]:
    return [(f, f.read_text(encoding="utf-8")) for f in tree.tracked() if f.suffix == ".md"]


def commands(text: str) -> Iterator[str]:
    """Lines and pieces that a reader would type."""
    yield from CODE.findall(text)
    yield from (line.strip() for line in text.splitlines() if line.startswith("    "))


def test_every_link_and_picture_leads_somewhere() -> None:
    dead = [
        f"{tree.place(page)}: {link}"
        for page, text in pages()
        for link in LINK.findall(text)
        if "://" not in link and not (page.parent / link).exists()
    ]
    assert not dead, tree.told("Links that lead nowhere", dead)


def test_every_file_named_in_a_page_exists() -> None:
    missing = [
        f"{tree.place(page)}: {name}"
        for page, text in pages()
        for code in CODE.findall(text)
        if NAMED_FILE.fullmatch(name := code.strip())
        if not any((tree.ROOT / folder / name).exists() for folder in FOLDERS)
    ]
    assert not missing, tree.told("Files that pages name and nobody finds", missing)


def test_every_command_in_a_page_exists() -> None:
    makefile = (tree.ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    unknown = []
    for page, text in pages():
        for typed in commands(text):
            made = {word for words in MAKE.findall(typed) for word in words.split()}
            unknown += [f"{tree.place(page)}: make {word}" for word in sorted(made - targets)]
            asked = set(COMMAND.findall(typed)) - set(COMMANDS)
            unknown += [f"{tree.place(page)}: secretariat {word}" for word in sorted(asked)]
    assert not unknown, tree.told("Commands that pages name and nobody finds", unknown)


def test_decisions_are_numbered_and_listed() -> None:
    folder = tree.ROOT / "docs/adr"
    decisions = sorted(f.name for f in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in decisions] == list(range(1, len(decisions) + 1))
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert not [name for name in decisions if f"({name})" not in index]
    for name in decisions:
        text = (folder / name).read_text(encoding="utf-8")
        assert all(f"**{part}.**" in text for part in ("Decided", "Why", "Costs")), name
