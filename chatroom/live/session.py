"""One connection: what it may say at each stage, and what it is answered.

A session is NEW until `hello`, then at the DOOR or IN the room, and CLOSED for good. While a slow step is under way (deriving
the room's key, checking a passphrase, taking a seat) further frames wait in order.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any

from chatroom.core import commands as c
from chatroom.core import direct_commands as d
from chatroom.core import floor_commands as fc
from chatroom.core import safety_commands as sc
from chatroom.core import support_commands as s
from chatroom.core.door_events import KnockEnding
from chatroom.core.entry_ids import EntryId
from chatroom.core.frames import Done
from chatroom.core.identity import device_tag, network_tag, token_hash
from chatroom.core.limits import (
    DOOR_SECONDS,
    FRAME_BYTES,
    GREETING_SECONDS,
    GUEST_FRAME_BYTES,
    HELLO_SECONDS,
)
from chatroom.core.refusals import Close, Refused
from chatroom.core.rules.door import role_of_link
from chatroom.core.rules.permissions import PERMISSIONS
from chatroom.core.same_person import Visitor
from chatroom.core.wire import decode_command, is_newer, ref_of
from chatroom.live.arrival import Arrival
from chatroom.live.connection import Connection, Frame
from chatroom.live.counts import Cut
from chatroom.live.live_room import LiveRoom
from chatroom.live.pages import earlier, people
from chatroom.live.patience import Patience, TooFast
from chatroom.live.rates import Rates
from chatroom.live.replies import Answer, Rooms, closing_frame, refused_frame
from chatroom.live.send_all import write
from chatroom.live.services import Services
from chatroom.live.sources import Source
from chatroom.log.base import LogUnreadable

HELD_FRAMES = 32
HELD_CHARACTERS = FRAME_BYTES
"""Of all of them: who has not even named a room yet may make the server wait for a slow hash."""


class Stage(Enum):
    NEW = "hello_first"
    DOOR = "not_joined"
    IN = "hello_again"
    CLOSED = ""


class Session:
    __slots__ = (
        "__weakref__",
        "_address",
        "_arrival",
        "_busy",
        "_deadline",
        "_held",
        "_is_newer",
        "_patience",
        "_room",
        "_rooms",
        "_services",
        "_stage",
        "behind_frames",
        "behind_since",
        "connection",
        "id",
        "moderates",
        "participant",
        "received",
        "source",
        "tried",
    )

    def __init__(self, services: Services, rooms: Rooms, connection: Connection, address: str, source: Source) -> None:
        self.connection = connection
        self.id = services.random_bytes(16).hex()
        self.source = source
        self.participant = ""
        self.tried = (0, 0)
        self.received = 0
        self.behind_since, self.behind_frames = 0.0, 0
        self._services, self._rooms = services, rooms
        self._address = address
        self._stage = Stage.NEW
        self._room: LiveRoom | None = None
        self._arrival: Arrival | None = None
        self._held: deque[str] = deque()
        self.moderates = self._busy = self._is_newer = False
        self._patience = Patience(services.policy.commands_per_session, services.loop.time)
        self._deadline = services.loop.call_later(HELLO_SECONDS, self.close, Close.NO_HELLO)

    # ---- from the connection -----------------------------------------------------------------------------------------

    def receive(self, data: str) -> None:
        """Hand over one text frame. Never awaits, never raises."""
        if self._stage is Stage.CLOSED:
            return
        if self._busy:
            if len(self._held) < HELD_FRAMES and sum(map(len, self._held)) + len(data) <= HELD_CHARACTERS:
                self._held.append(data)
            else:
                self._refuse(ref_of(data), TooFast(1))
            return
        try:
            self._limit(data)
            decode = self._room.wire.command if self._room else decode_command
            command = decode(data, is_newer=self._is_newer)
        except Refused as refusal:
            self._refuse(ref_of(data), refusal)
            return
        try:
            self._handle(command)
        except Refused as refusal:
            self._refuse(command.ref, refusal)

    def receive_binary(self) -> None:
        """A binary frame came: refuse it."""
        self._refuse(0, Refused("binary_frame"))

    def socket_changed(self) -> None:
        """The connection's socket number is another one now."""
        if self._stage is Stage.IN and self._room is not None:
            self._room.refresh(self)

    def fell_behind(self) -> None:
        """The client does not read: cut it off. It may come back and resume."""
        self._services.counts[Cut.SLOW_READER] += 1
        self.connection.abort()
        self._shut()

    def close(self, code: Close, retry_after_seconds: float = 0, detail: str = "") -> None:
        """Say why, then close."""
        if self._stage is Stage.CLOSED:
            return
        if self._stage is Stage.IN and self._room is not None:
            self._room.flush(self)
        if cut := _CUTS.get(code):
            self._services.counts[cut] += 1
        appeal = self._room.room.opened.appeal if self._room and code is Close.REMOVED else ""
        write(self.connection, Frame.of(closing_frame(code, retry_after_seconds, detail, appeal)))
        self.connection.close(code, code.name.lower())
        self._shut()

    def _shut(self) -> None:
        """The connection is gone."""
        if self._stage is Stage.CLOSED:
            return
        self._stage = Stage.CLOSED
        self._deadline.cancel()
        self._held.clear()
        if self._arrival is not None:
            self._arrival.lost()
        self._arrival, self._address = None, ""
        room, self._room = self._room, None
        if room is not None:
            room.detach(self)
        self._rooms.closed(self)

    lost = _shut

    # ---- to the client -----------------------------------------------------------------------------------------------

    def _send(self, frame: object) -> None:
        if self._stage is Stage.CLOSED:
            return
        if self._stage is Stage.IN and self._room is not None:
            self._room.send(self, frame)
        else:
            write(self.connection, self._room.wire.frame(frame) if self._room else Frame.of(frame))

    tell = _send

    def done(self, ref: int, offset: int) -> None:
        self._send(Done(ref=ref, id=EntryId(offset)))

    def _refuse(self, ref: int, refusal: Refused) -> None:
        if self._patience.is_over(refusal):
            self.close(Close.BAD_FRAMES)
            return
        self._send(refused_frame(ref, refusal))

    refused = _refuse

    # ---- stages ------------------------------------------------------------------------------------------------------

    def _limit(self, data: str) -> None:
        most = FRAME_BYTES if self.moderates else GUEST_FRAME_BYTES
        if (len(data) if data.isascii() else len(data.encode(errors="replace"))) > most:
            raise Refused("frame_too_large")
        self._patience.take()

    def _handle(self, command: c.Command) -> None:
        handler = _HANDLERS[self._stage].get(type(command))
        if handler is not None:
            handler(self, command)
        elif isinstance(command, c.Join | c.Suggest) and self._stage is Stage.IN:
            raise Refused("already_joined")
        elif isinstance(command, c.Hello) and self._stage is not Stage.NEW:
            raise Refused("hello_again")
        else:
            raise Refused(self._stage.value)

    def slowly(self, step: Callable[[Any], Awaitable[None]], command: c.Command) -> None:
        """Take a step that may be slow; what comes meanwhile waits. One that is not is done at once, if nothing waits."""
        self._busy = True
        start = self._services.spawn if self._held else self._services.begin
        start(self._step(step, command))

    async def _step(self, step: Callable[[Any], Awaitable[None]], command: c.Command) -> None:
        try:
            await step(command)
        except Refused as refusal:
            self._turned_down(command.ref, refusal)

    def _turned_down(self, ref: int, refusal: Refused) -> None:
        """The slow step came to nothing. Who was refused a `hello` must say it again in time."""
        if self._stage is Stage.NEW:
            self._allow(HELLO_SECONDS + refusal.retry_after_seconds)
        self._refuse(ref, refusal)
        self.go_on()

    def _allow(self, seconds: float) -> None:
        """Give the client this long to take the next step in."""
        self._deadline.cancel()
        self._deadline = self._services.loop.call_later(seconds, self.close, Close.NO_HELLO)

    def hold_on(self) -> None:
        """What comes meanwhile waits."""
        self._busy = True

    @property
    def is_closed(self) -> bool:
        return self._stage is Stage.CLOSED

    def go_on(self) -> None:
        self._busy = False
        while self._held and not self._busy and self._stage is not Stage.CLOSED:
            self.receive(self._held.popleft())

    def _on_hello(self, command: c.Hello) -> None:
        self._is_newer = is_newer(command)
        self._allow(GREETING_SECONDS)
        self.slowly(self._greet, command)

    async def _greet(self, command: c.Hello) -> None:
        try:
            room = await self._rooms.room_of(command.secret, self.source)
            if self._stage is Stage.CLOSED:
                return
            if not room.room.seat_of(token_hash(command.seat)):
                self._services.gates.hellos.take(self.source)
            link = token_hash(command.token) if command.token else b""
            role_of_link(room.room, link)
        except LogUnreadable:
            self.close(Close.RESTARTING)
            return
        except Refused as refusal:
            if refusal.code != "no_such_room":
                raise
            self.close(Close.NO_SUCH_ROOM)
            return
        self._room = room
        visitor = Visitor(network_tag(room.key, self._address), device_tag(room.key, command.device), link)
        self._arrival = Arrival(self._services, self, room, visitor, command)
        if not self._arrival.begin(command):
            self._wait_at_door(room)

    def _wait_at_door(self, room: LiveRoom) -> None:
        self._stage, self._address = Stage.DOOR, ""
        self.place()
        self.refresh_door()
        self.go_on()

    def refresh_door(self) -> None:
        """Tell the client how the door is, when that changed."""
        if self._stage is Stage.DOOR and self._arrival is not None:
            self._arrival.refresh()

    def place(self) -> None:
        """At the door: say whether this connection may have to make room for others, and how long it may wait in silence."""
        assert self._room is not None
        self._deadline.cancel()
        if not self._way_in.knocks:
            self._deadline = self._services.loop.call_later(DOOR_SECONDS, self.come_back)
        self._services.places.wait(self, is_stranger=self._way_in.is_stranger)
        self._room.doorway.wait(self, is_stranger=self._way_in.is_stranger)

    def come_back(self) -> None:
        """Make room, or rest, and come back later."""
        seconds = self._way_in.seconds_away() if self._stage is Stage.DOOR else 2
        self.close(Close.COME_BACK, round(seconds, 1))

    def _at_door(self, command: c.Command) -> None:
        self.place()
        self._way_in.take(command)

    @property
    def _way_in(self) -> Arrival:
        assert self._arrival is not None
        return self._arrival

    def enter(self, room: LiveRoom, participant: str, ref: int, seat: str) -> None:
        """The seat is taken, or taken again: go in. Or it has to be knocked for."""
        if self._stage is Stage.CLOSED:
            room.drop_later(participant, self.id)
            return
        person = room.room.people.get(participant)
        if person is None:
            self._stage, self._address = Stage.DOOR, ""
            self.place()
            self._way_in.knocked(participant, ref, seat)
        else:
            self._stage, self._address = Stage.IN, ""
            self._deadline.cancel()
            self._services.places.keep(self)
            room.attach(self, person, self._way_in.went_in(seat), ref, seat)
        self.go_on()

    def not_entered(self, ref: int, refusal: Refused) -> None:
        """No seat: stay at the door, or go away."""
        if self._stage is Stage.CLOSED:
            return
        if refusal.code == "no_such_room" or (refusal.code == "removed" and self._stage is Stage.NEW):
            self.close(Close[refusal.code.upper()], detail=refusal.detail)
        elif self._stage is Stage.NEW and refusal.code == "not_joined" and self._room is not None:
            self._wait_at_door(self._room)
        else:
            was_asked = self._stage is Stage.NEW or self._way_in.refused(refusal)
            if was_asked:
                self._turned_down(ref, refusal)
            else:
                self.go_on()

    def knock_ended(self, ending: KnockEnding) -> None:
        """Who knocked is answered."""
        if self._stage is Stage.DOOR:
            self._way_in.knock_ended(ending)

    def sent_back(self, reason: str) -> None:
        """Out of the room, and at its door again."""
        self._stage, self.participant, self.moderates = Stage.DOOR, "", False
        self.place()
        self._way_in.sent_back(reason)

    def _on_earlier(self, command: c.Earlier) -> None:
        assert self._room is not None
        self._room.rates.take_earlier(self.participant)
        self._send(earlier(self._room, self.participant, command))

    def _on_people(self, command: c.People) -> None:
        assert self._room is not None
        self._room.rates.take_people(self.participant)
        self._send(people(self._room, command))

    def _ask(self, command: c.Command) -> None:
        assert self._room is not None
        self._room.submit(self.participant, self._room.link.asked(command), Answer(self, command.ref))


def _within(take: Callable[[Rates, str], None]) -> Callable[[Session, c.Command], None]:
    """Ask if this rate allows it."""

    def ask(session: Session, command: c.Command) -> None:
        assert session._room is not None
        take(session._room.rates, session.participant)
        session._ask(command)

    return ask


_CUTS = {Close.SERVER_BUSY: Cut.CROWDED, Close.NO_HELLO: Cut.NO_HELLO, Close.BAD_FRAMES: Cut.BAD_FRAMES}

_WORDS = (c.Post, s.Thank, s.TakeChip, s.SayPrivately, sc.SayToTeam, sc.WriteNote, d.SayDirect)
_SIGNS = (
    *(c.React, c.Retract, sc.NoteContent),
    *(fc.RaiseHand, fc.LowerHand, fc.Later, fc.PassFloor),
    *(s.Vote, s.CheckIn, s.PassCheckIn),
    *(d.AskDirect, d.AnswerDirect, d.EndDirect),
)
"""What a participant does that others are told of, or that is kept, without words."""

_HANDLERS: dict[Stage, dict[type[c.Command], Callable[[Session, Any], None]]] = {
    Stage.NEW: {c.Hello: Session._on_hello},
    Stage.DOOR: dict.fromkeys((c.Join, c.Suggest, c.Leave), Session._at_door),
    Stage.IN: dict.fromkeys(PERMISSIONS, Session._ask)
    | {
        **dict.fromkeys(_WORDS, _within(Rates.take_post)),
        **dict.fromkeys(_SIGNS, _within(Rates.take_reaction)),
        **dict.fromkeys((c.Report, sc.Worry, d.ReportDirect), _within(Rates.take_report)),
        c.Earlier: Session._on_earlier,
        c.People: Session._on_people,
    },
    Stage.CLOSED: {},
}
