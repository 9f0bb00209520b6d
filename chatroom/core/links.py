"""The moderator link, folded: which token makes a moderator now, and which did before."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core.door_events import ModeratorLinkReplaced
from chatroom.core.event_base import Event
from chatroom.core.events import Entry

if TYPE_CHECKING:
    from chatroom.core.room import Room


class Links(msgspec.Struct):
    """Hashes of tokens: `moderator` of the one in force, empty while there is none, and `old` of those that were."""

    moderator: bytes = b""
    old: list[bytes] = []


def _replaced(room: "Room", entry: Entry, event: ModeratorLinkReplaced) -> None:
    links = room.links
    if links.moderator:
        links.old.append(links.moderator)
    links.moderator = event.token_hash


APPLY: dict[type[Event], Callable[["Room", Entry, Any], None]] = {ModeratorLinkReplaced: _replaced}
