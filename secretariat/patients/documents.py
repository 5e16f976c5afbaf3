"""The papers that prove an identity, and those that do not (RNIV; EXI ID 19)."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper that a person may show."""

    key: str
    label: str
    refused_because: str = ""


@cache
def known() -> dict[str, Paper]:
    """Every kind of paper, by key, in the order of the screen."""
    named = os.environ.get("SECRETARIAT_IDENTITY_DOCUMENTS")
    file = Path(named) if named else Path(__file__).with_name("identity_documents.toml")
    lines = tomllib.loads(file.read_text(encoding="utf-8"))
    return {key: Paper(key, **paper) for key, paper in lines.items()}
