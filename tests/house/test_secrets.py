"""Nothing in the repository tells where it was made or how to get in."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house import tree

TOLD: dict[str, re.Pattern[str]] = {
    "address of a package index": re.compile(
        r"index-url\s*[=: ]\s*\S*//|--find-links\s|//[^\s\"']+/simple/?(?=[\s\"']|$)"
        r"|registry\s*=\s*\S*//|\"resolved\":\s*\"http",
    ),
    "path of one machine": re.compile(r"(?<![\w.-])/(?:[w]ork|[h]ome/\w+|[U]sers/\w+|[r]oot)/\w"),
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "token of a service": re.compile(r"\b(?:ghp_|github_pat_|glpat-|AKIA|xox[bp]-|sk_live_)\w{10}"),
    "secret key in clear": re.compile(r"SECRET_KEY\s*[:=]\s*[\"'][^\"'{]{20,}"),
}
TODO = re.compile(r"\b(?:TODO|FIXME|XXX)\b(?!\([\w.@-]+\))")
TEXT = frozenset(
    {".py", ".html", ".js", ".css", ".md", ".toml", ".txt", ".in", ".json", ".yml", ".yaml", ".sh"}
    | {".cfg", ".ini", ".po", ".typ", ".svg", ".csv", ".ics", ".lock", ""}
)


def texts() -> list[tuple[Path, str]]:
    return [
        (file, file.read_text(encoding="utf-8", errors="replace"))
        for file in tree.tracked()
        if file.suffix in TEXT and file.name != "LICENSE" and file != Path(__file__)
    ]


def test_nothing_tells_of_one_machine_or_opens_a_door() -> None:
    found = [
        f"{tree.place(file, text.count(chr(10), 0, hit.start()) + 1)}: {what}"
        for file, text in texts()
        for what, pattern in TOLD.items()
        for hit in pattern.finditer(text)
    ]
    assert not found, tree.told("Told in the repository", found)


def test_work_left_for_later_has_an_owner() -> None:
    nobodys = [
        tree.place(file, text.count("\n", 0, hit.start()) + 1)
        for file, text in texts()
        for hit in TODO.finditer(text)
        if file.suffix != ".md"
    ]
    assert not nobodys, tree.told("Work left to nobody: write TODO(name)", nobodys)


def test_no_environment_file_or_dump_is_kept() -> None:
    kept = [
        tree.place(file)
        for file in tree.tracked()
        if file.name.startswith(".env") or file.suffix in {".pem", ".key", ".dump", ".sql", ".p12"}
    ]
    assert not kept, tree.told("Files that do not belong in a repository", kept)
