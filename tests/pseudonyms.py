"""Names for crowds."""

from chatroom.core.words import NICKNAME_FIRST, NICKNAME_SECOND


def pseudonyms(count: int) -> list[str]:
    """So many different names, always the same."""
    names = [f"{first} {second}" for second in NICKNAME_SECOND for first in NICKNAME_FIRST]
    return names[:count]
