"""What an operator may set about the live part of the server."""

import msgspec

from chatroom.core.limits import (
    COMMANDS_PER_SESSION,
    HELLOS_PER_SOURCE,
    POSTS_PER_PERSON,
    POSTS_PER_ROOM,
    ROOMS_PER_SOURCE,
    Rate,
)
from chatroom.core.safety_events import Word
from chatroom.moderation.registry import Chosen


class HubPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """`opening` is "anyone", "nobody", or the Argon2id hash of the passphrase that opens rooms.

    `policies` review what people say, in order; `words` is the operator's own list.
    """

    opening: str = "anyone"
    max_rooms: int = 1_000
    max_connections: int = 5_000
    max_connections_per_source: int = 200
    hellos_per_source: Rate = HELLOS_PER_SOURCE
    rooms_per_source: Rate = ROOMS_PER_SOURCE
    commands_per_session: Rate = COMMANDS_PER_SESSION
    posts_per_person: Rate = POSTS_PER_PERSON
    posts_per_room: Rate = POSTS_PER_ROOM
    policies: tuple[Chosen, ...] = ()
    words: tuple[Word, ...] = ()
