"""What the rooms of one process share."""

import asyncio
from collections.abc import Callable

import msgspec

from chatroom.hooks.hooks import Hooks
from chatroom.live.counts import Counts
from chatroom.live.eager import Spawn
from chatroom.live.panel import Panel
from chatroom.live.places import Places
from chatroom.live.policy import HubPolicy
from chatroom.live.slow_hashes import SlowHashes
from chatroom.live.sources import Gate
from chatroom.live.tries import Tries
from chatroom.log.base import Logs


class Gates(msgspec.Struct, frozen=True):
    """The limits that hold for a source."""

    hellos: Gate
    wrong_secrets: Tries
    passphrases: Tries
    suggestions: Gate
    knocks: Gate
    rooms: Gate
    opening_passphrases: Tries


class Services(msgspec.Struct, frozen=True):
    loop: asyncio.AbstractEventLoop
    logs: Logs
    policy: HubPolicy
    process: str
    hashes: SlowHashes
    places: Places
    gates: Gates
    counts: Counts
    hooks: Hooks
    panel: Panel
    random_bytes: Callable[[int], bytes]
    spawn: Spawn
    begin: Spawn
    """Runs a coroutine at once; only one that waits becomes a task."""
