"""How the writer's answers reach the session that asked (`chatroom.live.writer.Reply`)."""

from math import ceil
from typing import Any, Protocol

import msgspec

from chatroom.core.frames import ClosingFrame, RefusedFrame
from chatroom.core.refusals import CLOSINGS, REFUSALS, Close, Refused
from chatroom.live.live_room import LiveRoom
from chatroom.live.sources import Source


class Asker(Protocol):
    """A session, as its answers see it."""

    def done(self, ref: int, offset: int) -> None: ...
    def refused(self, ref: int, refusal: Refused) -> None: ...
    def enter(self, room: LiveRoom, participant: str, ref: int, seat: str) -> None: ...
    def not_entered(self, ref: int, refusal: Refused) -> None: ...


class Rooms(Protocol):
    """Where a session finds its room, and says that it is gone."""

    async def room_of(self, secret: str, source: Source) -> LiveRoom: ...
    def closed(self, session: Any) -> None: ...


def refused_frame(ref: int, refusal: Refused) -> RefusedFrame:
    """A refusal as its sender is told."""
    return RefusedFrame(
        ref=ref,
        code=refusal.code,
        sentence=REFUSALS[refusal.code],
        retry_after_seconds=ceil(refusal.retry_after_seconds * 10) / 10,
        detail=refusal.detail,
    )


def closing_frame(code: Close, wait: float, detail: str, appeal: str) -> ClosingFrame:
    """The last frame; the time to wait is that of the code when none is given."""
    closing = CLOSINGS[code]
    return ClosingFrame(
        code=code,
        name=code.name.lower(),
        sentence=closing.sentence,
        retry_after_seconds=wait or closing.retry_after_seconds,
        detail=detail,
        appeal=appeal,
    )


class Answer(msgspec.Struct, frozen=True, gc=False):
    """Answers one command."""

    asker: Asker
    ref: int

    def done(self, offset: int) -> None:
        self.asker.done(self.ref, offset)

    def refused(self, refusal: Refused) -> None:
        self.asker.refused(self.ref, refusal)


class Entering(msgspec.Struct, frozen=True):
    """Answers a `join`, or a `hello` with a seat: then `seat` is empty."""

    asker: Asker
    room: LiveRoom
    participant: str
    ref: int
    seat: str

    def done(self, offset: int) -> None:
        self.asker.enter(self.room, self.participant, self.ref, self.seat)

    def refused(self, refusal: Refused) -> None:
        self.asker.not_entered(self.ref, refusal)
