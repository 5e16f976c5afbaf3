"""Who asks from outside."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from secretariat.interop.actions import tokens
from secretariat.interop.tests.programs import Program
from secretariat.practice.models import Staff
from tests.cast import NOW


@pytest.fixture
def program() -> Callable[..., Program]:
    """`program(alice)`, `program(alice, may_write=False)`: a program that works at that post."""

    def make(staff: Staff, *, may_write: bool = True) -> Program:
        _, secret = tokens.issue(
            staff=staff, name="Agenda en ligne", may_write=may_write, by=None, at=NOW
        )
        return Program(secret)

    return make
