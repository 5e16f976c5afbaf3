"""A text message is counted as operators bill it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretariat.outbox.channels import segments

GSM = "abcxyzABCXYZ0189 éèàùòìÇÉÄÖÑÜäöñü£$¥@_!?.,;:()+-*/=<>%&#\"'\n"
FRENCH = "àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ’«»…–€ \u00a0\u202f"


@pytest.mark.parametrize("letter", "éèàùìòÉÇÆæØøÅåäöñüß§¿£¥Δ")
def test_the_letters_of_the_standard_cost_one_place(letter: str) -> None:
    assert segments.count(letter * 160) == 1 and segments.count(letter * 161) == 2


@pytest.mark.parametrize("letter", "çêâîôûëïœÀÈÊ’«»…–\u00a0")
def test_the_french_letters_outside_it_turn_the_whole_text_into_ucs2(letter: str) -> None:
    assert not segments.is_gsm(letter)
    assert segments.count("a" * 69 + letter) == 1 and segments.count("a" * 70 + letter) == 2


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", 0), ("a", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3),
        ("€" * 80, 1), ("€" * 81, 2),
        # 152 letters, then a € that does not fit in the last place of the first part
        ("a" * 152 + "€" + "a" * 152, 3), ("a" * 151 + "€" + "a" * 153, 2),
        ("ê" * 70, 1), ("ê" * 71, 2), ("ê" * 134, 2), ("ê" * 135, 3),
        ("😀" * 35, 1), ("😀" * 36, 2), ("😀" * 66, 2), ("😀" * 67, 3),
    ],
)  # fmt: skip
def test_a_long_text_is_cut_where_the_standard_says(text: str, messages: int) -> None:
    assert segments.count(text) == messages


@given(st.text(alphabet=GSM, max_size=800))
def test_gsm_parts_hold_153_letters(text: str) -> None:
    assert segments.is_gsm(text)
    assert segments.count(text) == (-(-len(text) // 153) if len(text) > 160 else bool(text))


@given(st.text(max_size=400), st.text(max_size=40))
def test_a_longer_text_never_costs_less(text: str, more: str) -> None:
    assert segments.count(text + more) >= segments.count(text)
    assert segments.cost(text, 7) == 7 * segments.count(text)


@given(st.text(alphabet=FRENCH + GSM, max_size=400))
def test_french_typography_never_costs_more_once_lightened(text: str) -> None:
    light = segments.lightened(text)
    assert segments.is_gsm(light)
    assert segments.lightened(light) == light
    plain = [c for c in text if c in segments._BASIC]
    assert [c for c in light if c in "éèàùÉ"] == [c for c in plain if c in "éèàùÉ"]


def test_a_reminder_is_read_as_french_and_fits_one_message() -> None:
    said = "Rappel\u202f: rendez-vous le mardi 24 novembre à 9\u00a0h\u00a030, « Cabinet d’Août »"
    assert segments.lightened(said) == (
        'Rappel : rendez-vous le mardi 24 novembre à 9 h 30, "Cabinet d\'Aout"'
    )
    assert segments.count(segments.lightened(said)) == 1


@given(st.text(alphabet="ابجדאЖ中😀", min_size=1, max_size=50))
def test_another_script_is_left_as_it_was_written(text: str) -> None:
    assert segments.lightened(text) == text
