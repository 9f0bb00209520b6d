"""One connection: what it may say at each stage, and what it is answered.

A session is NEW until `hello`, then at the DOOR or IN the room, and CLOSED for good. While a slow step is under way (deriving
the room's key, checking a passphrase, taking a seat) further frames wait in order.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from enum import Enum
from math import ceil
from typing import Any, Protocol

import msgspec

from chatroom.core import commands as c
from chatroom.core import floor_commands as fc
from chatroom.core import support_commands as s
from chatroom.core.events import Role
from chatroom.core.frames import ClosingFrame, Done, Door, Earlier, People, RefusedFrame, Suggestions
from chatroom.core.identity import network_tag, new_token, token_hash
from chatroom.core.limits import (
    DOOR_SECONDS,
    FRAME_BYTES,
    GUEST_FRAME_BYTES,
    HELLO_SECONDS,
    PAGE_ENTRIES,
    PAGE_PEOPLE,
    REFUSALS_PER_SESSION,
    Bucket,
)
from chatroom.core.refusals import CLOSINGS, REFUSALS, Close, Refused
from chatroom.core.rules.permissions import PERMISSIONS
from chatroom.core.rules.seats import role_of_token
from chatroom.core.snapshot import messages_before, people_page, reactions_by
from chatroom.core.wire import decode_command, ref_of
from chatroom.live.connection import Connection, Frame
from chatroom.live.counts import Cut
from chatroom.live.door import asks_passphrase, check_passphrase, entering, look_at_door, suggestions
from chatroom.live.live_room import LiveRoom
from chatroom.live.replies import Answer, Entering
from chatroom.live.send_all import write
from chatroom.live.services import Services

HELD_FRAMES = 32


class Stage(Enum):
    NEW = "hello_first"
    DOOR = "not_joined"
    IN = "hello_again"
    CLOSED = ""


class Rooms(Protocol):
    """Where a session finds its room, and says that it is gone."""

    async def room_of(self, secret: str, source: bytes) -> LiveRoom: ...
    def closed(self, session: "Session") -> None: ...


class Session:
    __slots__ = (
        "__weakref__",
        "_address",
        "_busy",
        "_commands",
        "_deadline",
        "_door",
        "_held",
        "_hello",
        "_knows_passphrase",
        "_refusals",
        "_role",
        "_room",
        "_rooms",
        "_services",
        "_stage",
        "_tag",
        "behind_frames",
        "behind_since",
        "connection",
        "id",
        "moderates",
        "participant",
        "received",
        "source",
    )

    def __init__(self, services: Services, rooms: Rooms, connection: Connection, address: str, source: bytes) -> None:
        self.connection = connection
        self.id = new_token(services.random_bytes(16))
        self.source = source
        self.participant = ""
        self.moderates = False
        self.received = 0
        self.behind_since = 0.0
        self.behind_frames = 0
        self._services, self._rooms = services, rooms
        self._address = address
        self._stage = Stage.NEW
        self._room: LiveRoom | None = None
        self._hello: c.Hello | None = None
        self._tag = b""
        self._role = Role.PARTICIPANT
        self._door: Door | None = None
        self._held: deque[str] = deque()
        self._busy = False
        self._knows_passphrase = False
        self._commands = Bucket(services.policy.commands_per_session, services.loop.time())
        self._refusals = Bucket(REFUSALS_PER_SESSION, services.loop.time())
        self._deadline = services.loop.call_later(HELLO_SECONDS, self.close, Close.NO_HELLO)

    # ---- from the connection -----------------------------------------------------------------------------------------

    def receive(self, data: str) -> None:
        """Hand over one text frame. Never awaits, never raises."""
        if self._stage is Stage.CLOSED:
            return
        if self._busy:
            if len(self._held) < HELD_FRAMES:
                self._held.append(data)
            else:
                self._refuse(ref_of(data), Refused("slow_down", 1))
            return
        try:
            self._limit(data)
            command = decode_command(data)
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

    def lost(self) -> None:
        """The connection is gone."""
        self._shut()

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
            self._room.flush()
        if cut := _CUTS.get(code):
            self._services.counts[cut] += 1
        closing, name = CLOSINGS[code], code.name.lower()
        wait = retry_after_seconds or closing.retry_after_seconds
        frame = ClosingFrame(code=code, name=name, sentence=closing.sentence, retry_after_seconds=wait, detail=detail)
        write(self.connection, Frame.of(frame))
        self.connection.close(code, name)
        self._shut()

    def _shut(self) -> None:
        if self._stage is Stage.CLOSED:
            return
        self._stage = Stage.CLOSED
        self._deadline.cancel()
        self._held.clear()
        self._hello = self._door = None
        self._address = ""
        room, self._room = self._room, None
        if room is not None:
            room.detach(self)
        self._rooms.closed(self)

    # ---- to the client -----------------------------------------------------------------------------------------------

    def _send(self, frame: object) -> None:
        if self._stage is Stage.CLOSED:
            return
        if self._stage is Stage.IN and self._room is not None:
            self._room.send(self, frame)
        else:
            write(self.connection, Frame.of(frame))

    def done(self, ref: int, offset: int) -> None:
        self._send(Done(ref=ref, offset=offset))

    def _refuse(self, ref: int, refusal: Refused) -> None:
        if self._refusals.take(self._services.loop.time()):
            self.close(Close.BAD_FRAMES)
            return
        self._send(
            RefusedFrame(
                ref=ref,
                code=refusal.code,
                sentence=REFUSALS[refusal.code],
                retry_after_seconds=ceil(refusal.retry_after_seconds * 10) / 10,
                detail=refusal.detail,
            )
        )

    refused = _refuse

    # ---- stages ------------------------------------------------------------------------------------------------------

    def _limit(self, data: str) -> None:
        most = FRAME_BYTES if self.moderates else GUEST_FRAME_BYTES
        if (len(data) if data.isascii() else len(data.encode(errors="replace"))) > most:
            raise Refused("frame_too_large")
        if wait := self._commands.take(self._services.loop.time()):
            raise Refused("slow_down", wait)

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

    def _slowly(self, step: Callable[[Any], Awaitable[None]], command: c.Command) -> None:
        """Take a slow step; what comes meanwhile waits."""
        self._busy = True
        self._services.spawn(self._step(step, command))

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
        self._go_on()

    def _allow(self, seconds: float) -> None:
        """Give the client this long to take the next step in."""
        self._deadline.cancel()
        self._deadline = self._services.loop.call_later(seconds, self.close, Close.NO_HELLO)

    def _go_on(self) -> None:
        self._busy = False
        while self._held and not self._busy and self._stage is not Stage.CLOSED:
            self.receive(self._held.popleft())

    def _on_hello(self, command: c.Hello) -> None:
        self._allow(DOOR_SECONDS)
        self._slowly(self._greet, command)

    async def _greet(self, command: c.Hello) -> None:
        try:
            self._services.gates.hellos.take(self.source)
            room = await self._rooms.room_of(command.secret, self.source)
            if self._stage is Stage.CLOSED:
                return
            self._tag = network_tag(room.key, self._address)
            self._role = role_of_token(room.room, command.token, self._tag)
        except Refused as refusal:
            if refusal.code != "no_such_room":
                raise
            self.close(Close.NO_SUCH_ROOM)
            return
        self._room, self._hello = room, command
        person = room.room.seat_of(token_hash(command.seat)) if command.seat else None
        if person is not None:
            opened = c.OpenSession(session=self.id, process=self._services.process, page=command.page, attempt=command.attempt)
            room.submit(person.id, opened, Entering(self, room, person.id, command.ref, ""))
            return
        self._wait_at_door(room)

    def _wait_at_door(self, room: LiveRoom) -> None:
        self._stage, self._address = Stage.DOOR, ""
        room.wait_at_door(self)
        self.refresh_door()
        self._go_on()

    def refresh_door(self) -> None:
        """Tell the client how the door is, when that changed."""
        if self._stage is not Stage.DOOR or self._room is None:
            return
        door = look_at_door(self._services, self._room, self._role, self._tag)
        known = self._door
        if known is None or msgspec.structs.replace(door, now=known.now) != known:
            self._door = door
            self._send(msgspec.structs.replace(door, suggestions=suggestions(self._services, self._room)))

    def _on_suggest(self, command: c.Suggest) -> None:
        assert self._room is not None
        self._send(Suggestions(ref=command.ref, suggestions=suggestions(self._services, self._room)))

    def _on_join(self, command: c.Join) -> None:
        if not command.accept_rules:
            raise Refused("rules_not_accepted")
        assert self._room is not None
        if not self._knows_passphrase and asks_passphrase(self._room, self._role):
            self._slowly(self._join_by_passphrase, command)
        else:
            self._take_seat(self._room, command)

    async def _join_by_passphrase(self, command: c.Join) -> None:
        room = self._room
        if room is None:
            return
        await check_passphrase(self._services, room, command.passphrase, self.source)
        self._knows_passphrase = True
        if self._stage is not Stage.CLOSED:
            self._take_seat(room, command)

    def _take_seat(self, room: LiveRoom, command: c.Join) -> None:
        self._busy = True
        seat = new_token(self._services.random_bytes(16))
        enter = entering(self._services, command, self._role, self._tag, self.id, seat)
        room.submit("", enter, Entering(self, room, enter.participant, command.ref, seat))

    def enter(self, room: LiveRoom, participant: str, ref: int, seat: str) -> None:
        """The seat is taken, or taken again: go in."""
        person = room.room.people.get(participant)
        if self._stage is Stage.CLOSED or person is None:
            room.drop_later(participant, self.id)
            return
        position = self._hello.position if self._hello and not seat else None
        self._stage, self._door, self._hello, self._address, self._role = Stage.IN, None, None, "", person.role
        self._deadline.cancel()
        room.attach(self, person, position, ref, seat)
        self._go_on()

    def not_entered(self, ref: int, refusal: Refused) -> None:
        """No seat: stay at the door, or go away."""
        if refusal.code in GOODBYES:
            self.close(GOODBYES[refusal.code], detail=refusal.detail)
        elif refusal.code == "not_joined" and self._room is not None:
            self._wait_at_door(self._room)
        else:
            self._turned_down(ref, refusal)

    def _on_earlier(self, command: c.Earlier) -> None:
        assert self._room is not None
        room = self._room.room
        person = room.people[self.participant]
        messages, more = messages_before(room, person, command.before, PAGE_ENTRIES)
        reactions = reactions_by(room, person, messages)
        self._send(Earlier(ref=command.ref, messages=messages, reactions=reactions, more=more))

    def _on_people(self, command: c.People) -> None:
        assert self._room is not None
        self._room.take_people(self.participant)
        people, following = people_page(self._room.room, command.start, PAGE_PEOPLE)
        self._send(People(ref=command.ref, people=people, next=following))

    def _ask(self, command: c.Command) -> None:
        assert self._room is not None
        self._room.submit(self.participant, command, Answer(self, command.ref))


def _within(take: Callable[[LiveRoom, str], None]) -> Callable[[Session, c.Command], None]:
    """Ask if this rate allows it."""

    def ask(session: Session, command: c.Command) -> None:
        assert session._room is not None
        take(session._room, session.participant)
        session._ask(command)

    return ask


_CUTS = {Close.SERVER_BUSY: Cut.CROWDED, Close.NO_HELLO: Cut.NO_HELLO, Close.BAD_FRAMES: Cut.BAD_FRAMES}

GOODBYES = {"no_such_room": Close.NO_SUCH_ROOM, "removed": Close.REMOVED}
"""Refusals at the door after which there is nothing to wait for."""

_HANDLERS: dict[Stage, dict[type[c.Command], Callable[[Session, Any], None]]] = {
    Stage.NEW: {c.Hello: Session._on_hello},
    Stage.DOOR: {c.Join: Session._on_join, c.Suggest: Session._on_suggest},
    Stage.IN: dict.fromkeys(PERMISSIONS, Session._ask)
    | {
        **dict.fromkeys((c.Post, s.Thank, s.TakeChip, s.SayPrivately), _within(LiveRoom.take_post)),
        **dict.fromkeys((c.React, fc.RaiseHand, fc.LowerHand, fc.Later, fc.PassFloor), _within(LiveRoom.take_reaction)),
        c.Report: _within(LiveRoom.take_report),
        c.Earlier: Session._on_earlier,
        c.People: Session._on_people,
    },
    Stage.CLOSED: {},
}
