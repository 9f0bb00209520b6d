"""Private texts, and how many of them are kept.

Each counts as its code points and TEXT_OVERHEAD more; the newest are kept, up to TEXTS_KEPT. So a snapshot of them fits into an
outbox.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from chatroom.core.limits import TEXT_OVERHEAD, TEXTS_KEPT


class Said(msgspec.Struct, frozen=True):
    """A private text; `by` and `nickname` are its author's."""

    at: int
    by: str
    nickname: str
    text: str
    origin_id: str
    offset: int = 0


def cost(text: str) -> int:
    """What a text counts against TEXTS_KEPT."""
    return len(text) + TEXT_OVERHEAD


Text = TypeVar("Text")


def newest(texts: Sequence[Text], cost_of: Callable[[Text], int]) -> list[Text]:
    """The newest of these, the oldest first, as many as TEXTS_KEPT allows."""
    left, first = TEXTS_KEPT, len(texts)
    while first and (left := left - cost_of(texts[first - 1])) >= 0:
        first -= 1
    return list(texts[first:])


def newest_said(said: Sequence[Said]) -> list[Said]:
    """The newest of what was said, as many as are kept."""
    return newest(said, lambda one: cost(one.text))
