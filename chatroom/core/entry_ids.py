"""What stands for entries and positions in frames and commands.

Inside, an entry is named by its offset. Whoever sees offsets counts the entries between them that are not for them: in a small
room that is a name. So outside an entry is named by an id, and a place in the log by a sealed position; they tell neither order
nor count. `chatroom.live.room_wire` translates; what has no translation cannot be encoded.
"""

from functools import cache
from typing import Any, get_type_hints


class EntryId(int):
    """An entry's offset where a frame or a command names it; 0 for none."""

    __slots__ = ()


NO_ENTRY = EntryId(0)


class Place:
    """The place of an entry in the log, to resume from."""

    __slots__ = ("nonce", "offset")

    def __init__(self, offset: int, nonce: str) -> None:
        self.offset, self.nonce = offset, nonce


@cache
def entry_fields(kind: type[Any]) -> frozenset[str]:
    """The fields of a frame or a command that name entries."""
    return frozenset(name for name, hint in get_type_hints(kind).items() if hint in (EntryId, EntryId | None))
