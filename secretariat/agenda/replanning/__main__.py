"""The solver in a process of its own: problems come in, plans go out. No Django.

It ends when nothing was asked for a while, and when the process that started it is gone.
"""

from __future__ import annotations

import os
import select
import sys
from contextlib import suppress

from secretariat.agenda.replanning.apart import Gone, read, write
from secretariat.agenda.replanning.problem import Problem
from secretariat.agenda.replanning.solving import best

IDLE = 120.0
"""Seconds after which nobody is at a draft any more."""


def main(idle: float = IDLE) -> None:
    """Answer until nobody asks."""
    # What libraries print must not come between answers.
    questions, answers = 0, os.dup(1)
    os.dup2(2, 1)
    _load()
    with suppress(Gone):
        while select.select([questions], [], [], idle)[0]:
            asked, seconds, near = read(questions)
            write(answers, best(asked, seconds=seconds, near=near))


def _load() -> None:
    """What takes long to import is there before the first question."""
    from ortools.linear_solver import linear_solver_pb2, pywraplp
    from ortools.sat.python import cp_model

    del linear_solver_pb2, pywraplp, cp_model
    best(Problem([], "Europe/Paris"))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else IDLE)
