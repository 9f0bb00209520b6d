"""In which format things are stored, who can read them, and which version of the protocol is spoken.

Processes of two versions serve one room while a server is upgraded. So what is stored says which format it needs, and a process
that does not know that format leaves it as it is. How a format may change is in docs/operations.md.
"""

from collections.abc import Iterable

import msgspec

from chatroom.core.event_base import Event
from chatroom.core.refusals import Refused

OLDEST = 1
FORMAT = 1
"""The newest format that this version reads and writes: of events and their fields, of states, and of how both are sealed."""
PROTOCOL = 1
"""The version of what clients and servers say to each other, in `hello` and `welcome`."""

SINCE: dict[type[Event], int] = {}
"""The format in which a kind of event came, for those that came after OLDEST."""
FIELDS_SINCE: dict[type[Event], dict[str, int]] = {}
"""By kind of event: its fields that came later than the kind itself. With its default such a field needs no newer format."""

UPGRADE_RETRY_SECONDS = 60


class Unreadable(Exception):
    """Written by a newer version, changed since, or not ours: to be left as it is."""


def format_of(event: Event) -> int:
    """The format that a process must know to understand this event."""
    kind = type(event)
    needed = SINCE.get(kind, OLDEST)
    if later := FIELDS_SINCE.get(kind):
        used = [later[field.name] for field in msgspec.structs.fields(kind) if field.name in later and _is_set(event, field)]
        needed = max([needed, *used])
    return needed


def _is_set(event: Event, field: msgspec.structs.FieldInfo) -> bool:
    return bool(getattr(event, field.name) != field.default)


def require(events: Iterable[Event], lowest: int) -> None:
    """Raises Refused for events that need a newer format than the lowest that a living process reads."""
    if max(map(format_of, events), default=OLDEST) > lowest:
        raise Refused("upgrade_unfinished", UPGRADE_RETRY_SECONDS)


def pack(content: bytes, needed: int) -> bytes:
    """Content with the format that it needs before it, in one byte."""
    return bytes((needed,)) + content


def unpack(data: bytes) -> bytes:
    """The content of `pack`. Raises Unreadable when it needs a newer format than this version knows."""
    if not data or not OLDEST <= data[0] <= FORMAT:
        raise Unreadable
    return data[1:]
