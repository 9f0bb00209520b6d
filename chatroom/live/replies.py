"""How the writer's answers reach the session that asked (`chatroom.live.writer.Reply`)."""

from typing import Protocol

import msgspec

from chatroom.core.refusals import Refused
from chatroom.live.live_room import LiveRoom


class Asker(Protocol):
    """A session, as its answers see it."""

    def done(self, ref: int, offset: int) -> None: ...
    def refused(self, ref: int, refusal: Refused) -> None: ...
    def enter(self, room: LiveRoom, participant: str, ref: int, seat: str) -> None: ...
    def not_entered(self, ref: int, refusal: Refused) -> None: ...


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
