"""The browser gets exactly the files whose fingerprints are committed."""

from __future__ import annotations

import hashlib
import re

from assets import collect


def test_vendored_files_are_the_listed_ones() -> None:
    present = {
        path.relative_to(collect.VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in collect.VENDOR.rglob("*")
        if path.is_file()
    }
    assert present == collect.listed()


def test_their_stylesheets_ask_for_nothing_else() -> None:
    for path in collect.VENDOR.rglob("*.css"):
        text = path.read_text()
        asked = re.findall(r"url\([\"']?(?!data:)([^\"')?]+)", text)
        assert all((path.parent / name).is_file() for name in asked), asked
        assert "sourceMappingURL" not in text
        assert "@import" not in text
