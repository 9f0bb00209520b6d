"""What people write, made fit to be stored: what counts as something to see, and what as nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatroom.core.characters import is_newer, is_visible
from chatroom.core.refusals import Refused
from chatroom.core.text import clean_text

NEWER = ["\U0001fa77", "\U0001fa75", "\U0001fae8", "\U0001fae9", "\U0001f6dc", "\U00031350", "\U000323af"]
"""Emoji and ideographs of Unicode 15 and 16; the tables of Python 3.11 are those of 14."""


@pytest.mark.parametrize("text", [*NEWER, "\u2764\ufe0f", "👩\u200d💻", "🏳\ufe0f\u200d🌈", "1\ufe0f\u20e3", "々", "ー", "!"])
def test_one_character_that_shows_something_is_a_text(text: str) -> None:
    assert clean_text(f" {text} ", 10) == text


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\u00a0", "\u200b", "\u200d", "\u2060", "\ufeff", "\ufe0f", "\u115f", "\u3164", "\u2800", "\u034f",
        "\u2065", "\ufff0", "\U000e0001", "\U000e0080", "\U000e0fff", "\U0001bca0", "\U0001d173", "\ue000", "\ufdd0",
        "\uffff", "\U0010ffff", "\u180b",
    ],
)  # fmt: skip
def test_what_shows_nothing_is_no_text(text: str) -> None:
    with pytest.raises(Refused, match="text_empty"):
        clean_text(text, 10)


@given(st.characters(exclude_categories=["Cn", "Cs"]))
def test_what_the_tables_know_is_not_newer(character: str) -> None:
    assert not is_newer(character)
    assert is_visible(character) <= (unicodedata.category(character)[0] in "LNPS")
