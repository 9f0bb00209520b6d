"""All hooks of this process: told together, started and stopped together."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from chatroom.core.events import Event
from chatroom.core.room import Room
from chatroom.hooks.counts import MissedCounts
from chatroom.hooks.hook import Occasion
from chatroom.hooks.occasions import occasions, room_id


class Told(Protocol):
    """Whoever passes occasions on. No method but `stop` may wait, none may raise."""

    counts: MissedCounts

    def start(self) -> None: ...
    def happened(self, occasion: Occasion) -> None: ...
    def forget(self, room: str) -> None: ...
    async def stop(self) -> None: ...


class Hooks:
    """`texts`: whether what people wrote goes along."""

    def __init__(self, told: Sequence[Told] = (), texts: bool = False) -> None:
        self._told, self._texts = tuple(told), texts

    def start(self) -> None:
        """Call it inside a running event loop."""
        for told in self._told:
            told.start()

    def tell(self, key: bytes, room: Room, events: Sequence[Event], offset: int) -> None:
        """This process brought these events about, the first at this offset; the room has taken them."""
        if not self._told:
            return
        for place, event in enumerate(events, offset):
            for happened in occasions(key, room, event, place, self._texts):
                for told in self._told:
                    told.happened(happened)

    def over(self, key: bytes) -> None:
        """The room is over here: nothing that anyone wrote in it waits any longer."""
        for told in self._told:
            told.forget(room_id(key))

    async def stop(self) -> None:
        """Pass on what waits, for a few seconds at most."""
        await asyncio.gather(*(told.stop() for told in self._told))

    @property
    def counts(self) -> MissedCounts:
        """What all of them missed."""
        return sum((told.counts for told in self._told), MissedCounts())
