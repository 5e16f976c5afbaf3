"""One date typed by hand: « 12/03/1985 », « 12031985 », « 12 mars 85 »; pure functions."""

from __future__ import annotations

from datetime import date

from secretariat.patients.typed import Number, parse


def read_date(text: str, today: date) -> date | None:
    """The only day that this text can name, not after `today`; None when unsure."""
    numbers = parse(text, today).numbers
    return only_date(numbers[0]) if len(numbers) == 1 else None


def only_date(number: Number) -> date | None:
    """The one whole date that a run of digits can mean, if it is one."""
    whole = {birth for birth in number.births if birth.whole}
    if len(whole) != 1:
        return None
    birth = whole.pop()
    return date(birth.year, birth.month, birth.day)
