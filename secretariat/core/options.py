"""The lines of a long list to choose from, printed by `stamped` with `ui/option.html`."""

from typing import NamedTuple


class Option(NamedTuple):
    """A line of a `<select>`: what is sent, what is read, and whether it is the one chosen."""

    value: str
    label: str
    look: bool = False
