"""A hub in this process in real time: turns of the loop instead of a clock that stands still."""

import asyncio
from collections.abc import Callable

from house import Guest

from chatroom.live.hub import Hub

GUARD_SECONDS = 20


async def until(ready: Callable[[], object]) -> None:
    """Let the loop turn until it is so."""
    async with asyncio.timeout(GUARD_SECONDS):
        while not ready():
            await one_turn()


async def one_turn() -> None:
    await asyncio.sleep(0)


async def someone(hub: Hub, secret: str, name: str, token: str = "") -> Guest:
    """Someone who is in."""
    guest = Guest(hub, "10.0.0.1")
    guest.say("hello", secret=secret, token=token)
    guest.say("join", nickname=name, accept_rules=True)
    await until(lambda: guest.all("welcome"))
    return guest
