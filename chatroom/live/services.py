"""What the rooms of one process share."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from chatroom.live.policy import HubPolicy
from chatroom.live.slow_hashes import SlowHashes
from chatroom.live.sources import Gate
from chatroom.log.base import Logs


class Gates(msgspec.Struct, frozen=True):
    """The limits that hold for a source or a room, whoever asks."""

    hellos: Gate
    wrong_secrets: Gate
    passphrases: Gate
    room_passphrases: Gate
    rooms: Gate
    opening_passphrases: Gate


class Services(msgspec.Struct, frozen=True):
    loop: asyncio.AbstractEventLoop
    logs: Logs
    policy: HubPolicy
    process: str
    hashes: SlowHashes
    gates: Gates
    random_bytes: Callable[[int], bytes]
    spawn: Callable[[Coroutine[Any, Any, None]], object]
