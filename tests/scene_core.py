"""The first of the places where scenes are played: the pure core. Its lines carry the frames of docs/protocol.md."""

import itertools
import json
from typing import Any

import msgspec
from inside import WIRE
from meeting import MINUTE_MS, START_MS, Meeting, opened, plain
from screen import Frame

from chatroom.core import commands as c
from chatroom.core import door_commands as dc
from chatroom.core import door_events as d
from chatroom.core import events as e
from chatroom.core.entry_ids import EntryId
from chatroom.core.events import Entry
from chatroom.core.identity import device_tag, network_tag, token_hash
from chatroom.core.limits import DOORS_BEFORE_SECONDS, DROPPED_AFTER_SECONDS
from chatroom.core.refusals import REFUSALS, Close, Refused
from chatroom.core.room import Participant
from chatroom.core.rules.door import asks_to_knock, check_door, has_to_wait, may_knock_at, role_of_link
from chatroom.core.same_person import Visitor
from chatroom.core.snapshot import messages_before, reactions_by
from chatroom.live.opening import OpenedRoom, OpenRoom

CLOSINGS = {e.Left: Close.LEFT, e.Removed: Close.REMOVED}


class CoreLine:
    """A line to the core: no sockets, no tasks; every command is carried out before `say` returns."""

    def __init__(self, theatre: "CoreTheatre", address: int) -> None:
        self.frames: list[Frame] = []
        self.theatre, self.tag = theatre, network_tag(b"key", f"10.0.0.{address}")
        self.session = f"session {next(theatre.numbers)}"
        self.participant = ""
        self.is_in = False
        self.meeting: Meeting | None = None
        self.visitor = Visitor(self.tag)
        self.knock = self.door = ""
        self.is_open = True

    def tell(self, **fields: object) -> None:
        if self.is_open:
            self.frames.append(plain(fields, WIRE.id_of))

    def close(self, close: Close, detail: str = "") -> None:
        appeal = self.meeting.room.opened.appeal if self.meeting and close is Close.REMOVED else ""
        self.tell(**{"is": "closing", "name": close.name.lower(), "detail": detail, "appeal": appeal})
        self.is_open = False

    async def cut(self) -> None:
        if self.is_open and self.meeting:
            self.theatre.drops.append((self.theatre.now() + DROPPED_AFTER_SECONDS * 1000, self))
        self.is_open = False

    async def more(self) -> None:
        raise AssertionError(f"no answer in {self.frames}")

    async def say(self, frame: Frame) -> None:
        assert self.is_open, "the line is closed"
        try:
            command = WIRE.command(json.dumps(frame))
            step = {c.Hello: self._hello, c.Join: self._join, c.Earlier: self._earlier}.get(type(command), self._ask)
            step(command)
        except Refused as refusal:
            if refusal.code == "no_such_room" or (refusal.code == "removed" and not self.door):
                self.close(Close[refusal.code.upper()], refusal.detail)
            known = {"code": refusal.code, "sentence": REFUSALS[refusal.code], "detail": refusal.detail}
            self.tell(**{"is": "refused", "ref": frame["ref"], **known})
        self.theatre.catch_up()

    def _hello(self, command: Any) -> None:
        self.meeting = meeting = self.theatre.meetings[command.secret]
        if meeting.room.ended:
            raise Refused("no_such_room")
        link = token_hash(command.token) if command.token else b""
        role_of_link(meeting.room, link)
        self.visitor = Visitor(self.tag, device_tag(b"key", command.device), link)
        meeting.heard.append(self._heard)
        seat_hash = token_hash(command.seat)
        person, knock = meeting.room.seat_of(seat_hash), meeting.room.gate.knock_of(seat_hash)
        if person:
            self.participant = person.id
            meeting.do(person.id, c.OpenSession(session=self.session, process="here"))
            self._welcome(person, command.ref)
        elif knock:
            meeting.do("", dc.KnockAgain(knock=knock, session=self.session, process="here"))
            self._knocks(knock, command.ref, command.seat)
        else:
            self._look_at_door(meeting)

    def _look_at_door(self, meeting: Meeting, reason: str = "") -> None:
        """As a server does, when the door changed."""
        door = self._door(meeting)
        knock = meeting.room.gate.knocks.get(self.knock)
        if knock and door == "open" and not has_to_wait(meeting.room, knock, meeting.now):
            self.theatre.soon.append(self)
        elif (now := "knocking" if self.knock else door) != self.door:
            self.door = now
            self.tell(**{"is": "door", "door": now, "reason": reason, "appeal": meeting.room.opened.appeal})

    def _door(self, meeting: Meeting) -> str:
        try:
            check_door(meeting.room, self.visitor, meeting.now)
        except Refused as refusal:
            return {"doors_closed": "early"}.get(refusal.code, refusal.code)
        if not asks_to_knock(meeting.room, self.visitor, meeting.now):
            return "open"
        return "declined" if meeting.now < may_knock_at(meeting.room, self.visitor) else "knock"

    def _knocks(self, knock: str, ref: int, seat: str) -> None:
        assert self.meeting
        self.knock, self.participant = knock, knock
        self.seat = seat
        if self.meeting.room.gate.knocks[knock].admitted:
            self.go_in(ref)
        else:
            self.tell(**{"is": "knocking", "ref": ref, "seat": seat})
            self._look_at_door(self.meeting)

    def go_in(self, ref: int = 0) -> None:
        """Who knocked takes the seat."""
        knock, self.knock = self.knock, ""
        if knock and self.meeting:
            self.meeting.do("", dc.GoIn(knock=knock, session=self.session, process="here"))
            self._welcome(self.meeting.room.people[knock], ref, self.seat)

    def _join(self, command: Any) -> None:
        assert self.meeting
        number = next(self.theatre.numbers)
        self.participant = f"person {number}"
        self.meeting.do(
            "",
            c.Enter(
                participant=self.participant,
                nickname=command.nickname,
                seat_hash=token_hash(f"seat {number}"),
                visitor=self.visitor,
                session=self.session,
                process="here",
            ),
        )
        if person := self.meeting.room.people.get(self.participant):
            self._welcome(person, command.ref, f"seat {number}")
        else:
            self._knocks(self.participant, command.ref, f"seat {number}")

    def _welcome(self, person: Participant, ref: int, seat: str = "") -> None:
        assert self.meeting
        welcome = {"is": "welcome", "ref": ref, "position": "", "room": self.meeting.view(person.id)}
        self.tell(**welcome, **({"seat": seat} if seat else {}))
        self.is_in, self.door = True, ""

    def _earlier(self, command: Any) -> None:
        assert self.meeting
        room, person = self.meeting.room, self.meeting.room.people[self.participant]
        messages, more = messages_before(room, person, command.before or room.offset + 1, 100)
        reactions = reactions_by(room, person, messages)
        self.tell(**{"is": "earlier", "ref": command.ref, "messages": messages, "reactions": reactions, "more": more})

    def _ask(self, command: c.Command) -> None:
        assert self.meeting
        withdraws = self.knock and isinstance(command, c.Leave)
        asked = dc.Withdraw(knock=self.knock) if withdraws else command
        offset = self.meeting.do("" if withdraws else self.participant, asked)
        self.tell(**{"is": "done", "ref": command.ref, "id": EntryId(offset)})

    def _heard(self, entry: Entry) -> None:
        if self.meeting is None or not self.is_open:
            return
        if not self.is_in:
            self._heard_outside(self.meeting, entry)
            return
        for frame in self.meeting.frames(self.participant, entry):
            self.tell(**frame)
        about_me = getattr(entry.event, "participant", "") == self.participant
        if isinstance(entry.event, e.Ended):
            self.close(Close.ENDED)
        elif about_me and isinstance(entry.event, d.SentBack):
            self.is_in, self.participant = False, ""
            self._look_at_door(self.meeting, entry.event.reason)
        elif about_me and type(entry.event) in CLOSINGS:
            self.close(CLOSINGS[type(entry.event)], getattr(entry.event, "reason", ""))
        elif about_me and isinstance(entry.event, e.SessionOpened) and entry.event.session != self.session:
            self.close(Close.TAKEN_OVER)

    def _heard_outside(self, meeting: Meeting, entry: Entry) -> None:
        event = entry.event
        if isinstance(event, d.KnockEnded) and event.knock == self.knock:
            if event.ending is d.KnockEnding.ADMITTED:
                self.theatre.soon.append(self)
                return
            self.knock = ""
        if self.door:
            self._look_at_door(meeting)


class CoreTheatre:
    """Rooms that are nothing but a fold. A drop is noticed when time passes, as in a server."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.meetings: dict[str, Meeting] = {}
        self.drops: list[tuple[int, CoreLine]] = []
        self.soon: list[CoreLine] = []
        """Those who go in when everyone has heard what let them in."""
        self._now = START_MS

    def now(self) -> int:
        return self._now

    def catch_up(self) -> None:
        while self.soon:
            self.soon.pop(0).go_in()

    async def open_room(self, request: OpenRoom) -> OpenedRoom:
        secret, host, moderator = (f"{kind} {next(self.numbers)}" for kind in ("secret", "host", "moderator"))
        starts_at = request.starts_at or self._now
        about = opened(
            doors_at=max(self._now, starts_at - DOORS_BEFORE_SECONDS * 1000),
            starts_at=starts_at,
            ends_at=starts_at + request.minutes * MINUTE_MS,
            capacity=request.capacity,
            late_joiners=request.late_joiners,
            script=request.script,
            fellowship_minutes=request.fellowship_minutes,
            appeal=request.appeal,
            needs_moderator=request.needs_moderator,
            host_token_hash=token_hash(host),
            moderator_token_hash=token_hash(moderator),
        )
        self.meetings[secret] = meeting = Meeting(about)
        meeting.name_of = WIRE.id_of
        return OpenedRoom(
            secret=secret,
            host_token=host,
            moderator_token=moderator,
            doors_at=about.doors_at,
            starts_at=starts_at,
            ends_at=about.ends_at,
            qr=[],
        )

    async def connect(self, address: int) -> CoreLine:
        return CoreLine(self, address)

    async def has_heard(self, line: CoreLine) -> None:
        """Everything is heard at once here."""

    async def pass_time(self, seconds: float) -> None:
        end = self._now + round(seconds * 1000)
        while self._now < end:
            self._now = min(self._now + 1000, end)
            due, self.drops = [d for d in self.drops if d[0] <= self._now], [d for d in self.drops if d[0] > self._now]
            for meeting in self.meetings.values():
                meeting.now = self._now
                if not meeting.room.ended:
                    meeting.do("", c.Tick())
            self.catch_up()
            for _, line in due:
                if line.is_in and line.meeting and not line.meeting.room.ended:
                    line.meeting.do(line.participant, c.DropSession(session=line.session))

    async def keeps(self, text: str) -> bool:
        kept = [part for meeting in self.meetings.values() for part in (meeting.room, meeting.entries)]
        return text.encode() in msgspec.msgpack.encode(kept)
