"""What stops the product from starting or finishing, said in one French sentence."""

from __future__ import annotations


class Trouble(Exception):
    """The machine, the disk or the database prevents the work.

    Args:
        sentence: the cause and what to do, in French, shown as it is on the terminal.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
