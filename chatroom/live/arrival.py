"""The way in of one connection: back to its seat, at the door, knocking."""

import random
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec

from chatroom.core import commands as c
from chatroom.core.door_commands import GoIn, KnockAgain, Withdraw
from chatroom.core.door_events import KnockEnding
from chatroom.core.door_frames import Knocking
from chatroom.core.events import Position
from chatroom.core.frames import Door, Suggestions
from chatroom.core.identity import token_hash
from chatroom.core.limits import DOOR_AWAY_SECONDS
from chatroom.core.refusals import Refused
from chatroom.core.rules.door import check_device, has_to_wait, must_knock, needs_work
from chatroom.core.same_person import Visitor
from chatroom.live.door import Answers, asks_passphrase, check_passphrase, entering, look_at_door, suggestions
from chatroom.live.live_room import LiveRoom, Member
from chatroom.live.proof_of_work import Puzzle
from chatroom.live.replies import Answer, Asker, Entering
from chatroom.live.services import Services


class Comer(Member, Asker, Protocol):
    """A session, as its way in sees it."""

    def tell(self, frame: object) -> None: ...
    def slowly(self, step: Callable[[Any], Awaitable[None]], command: c.Command) -> None: ...
    def hold_on(self) -> None: ...
    def place(self) -> None: ...
    @property
    def is_closed(self) -> bool: ...


class Arrival:
    """`hello` is forgotten with the first seat."""

    __slots__ = (
        "_answers",
        "_door",
        "_going_in",
        "_hello",
        "_knock",
        "_knows_passphrase",
        "_puzzle",
        "_seat",
        "_services",
        "_session",
        "_took_knock",
        "_visitor",
        "room",
    )

    def __init__(self, services: Services, session: Comer, room: LiveRoom, visitor: Visitor, hello: c.Hello) -> None:
        self.room = room
        self._services, self._session, self._visitor = services, session, visitor
        self._hello: c.Hello | None = hello
        self._door: Door | None = None
        self._puzzle = Puzzle(services.random_bytes)
        self._answers = Answers()
        self._knows_passphrase = False
        self._knock = self._seat = ""
        self._going_in = self._took_knock = False

    def begin(self, hello: c.Hello) -> bool:
        """Go back to the seat, or to the knock, that the `hello` names; False when there is none."""
        self._session.tried = (hello.page, hello.attempt)
        seat_hash = token_hash(hello.seat) if hello.seat else b""
        session, process = self._session.id, self._services.process
        if person := self.room.room.seat_of(seat_hash):
            opened = c.OpenSession(session=session, process=process, page=hello.page, attempt=hello.attempt)
            self.room.submit(person.id, opened, Entering(self._session, self.room, person.id, hello.ref, ""))
        elif knock := self.room.room.gate.knock_of(seat_hash):
            again = KnockAgain(knock=knock, session=session, process=process)
            self.room.submit("", again, Entering(self._session, self.room, knock, hello.ref, hello.seat))
        else:
            return False
        return True

    @property
    def knocks(self) -> bool:
        """Whether a moderator is to answer."""
        return bool(self._knock)

    @property
    def is_stranger(self) -> bool:
        """Whether nothing is known of this one but the link: no role, no knock."""
        return not self._visitor.link and not self._knock

    def seconds_away(self) -> float:
        """After how long someone who waits here is to come back: by the time the doors open, if they are not open yet."""
        early = self._door.doors_at - self._services.logs.now() if self._door and self._door.door == "early" else 0
        return min(early / 1000, DOOR_AWAY_SECONDS) + random.uniform(0, 5) if early > 0 else random.uniform(5, 30)

    # ---- at the door -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Tell the client how the door is, when that changed; who need not knock any more goes in."""
        waiting = self.room.room.gate.knocks.get(self._knock)
        if self._knock and waiting is None and self._knock not in self.room.room.people:
            self._stop_knocking()
        owes = self._owes_passphrase
        door = look_at_door(self._services, self.room, self._visitor, self._answers, owes_passphrase=owes)
        if self._knock:
            if self._may_go_in(door):
                self._go_in()
            door = look_at_door(self._services, self.room, self._visitor, self._answers, is_knocking=True)
        elif not owes and needs_work(self.room.room, self._visitor):
            door = msgspec.structs.replace(door, work=self._puzzle.ask())
        known = self._door
        if known is None or msgspec.structs.replace(door, now=known.now) != known:
            self._door = door
            self._session.tell(msgspec.structs.replace(door, suggestions=suggestions(self._services)))

    def _may_go_in(self, door: Door) -> bool:
        knock = self.room.room.gate.knocks.get(self._knock)
        if knock is None or knock.admitted:
            return knock is not None or door.door == "open"
        return door.door == "open" and not has_to_wait(self.room.room, knock, self._services.logs.now())

    def take(self, command: c.Command) -> None:
        """What is said at the door: join, suggest, leave. Raises Refused."""
        if isinstance(command, c.Join):
            self._join(command)
        elif isinstance(command, c.Suggest):
            self._services.gates.suggestions.take(self._session.source)
            self._session.tell(Suggestions(ref=command.ref, suggestions=suggestions(self._services)))
        elif self._knock:
            self.room.submit("", Withdraw(knock=self._knock), Answer(self._session, command.ref))
        else:
            raise Refused("not_joined")

    def _join(self, command: c.Join) -> None:
        if self._knock:
            raise Refused("already_so")
        if self.is_stranger and not self._services.places.has_seats:
            raise Refused("server_busy", 60)
        if not command.accept_rules:
            raise Refused("rules_not_accepted")
        check_device(self.room.room, self._visitor, self._services.logs.now())
        self._session.slowly(self._come_in, command)

    @property
    def _owes_passphrase(self) -> bool:
        return not self._knows_passphrase and asks_passphrase(self.room, self._visitor)

    async def _come_in(self, command: c.Join) -> None:
        if self._owes_passphrase:
            await check_passphrase(self._services, self.room, command.passphrase, self._session.source)
            self._knows_passphrase = True
        await self.room.review.name(command.nickname)
        if not self._session.is_closed:
            self._ask_for_seat(command)

    def _ask_for_seat(self, command: c.Join) -> None:
        if must_knock(self.room.room, self._visitor, self._services.logs.now()):
            self._services.gates.knocks.take(self._session.source)
            self._took_knock = True
        self._session.hold_on()
        worked = self._puzzle.answer(command.work)
        enter = entering(self._services, command, self._visitor, self._session.id, worked=worked)
        asked = Entering(self._session, self.room, enter.command.participant, command.ref, enter.seat)
        self.room.submit("", enter.command, asked)

    def refused(self, refusal: Refused) -> bool:
        """The door did not open: what it looks like comes before the refusal. Whether the client asked."""
        was_asked = not self._going_in
        if self._took_knock:
            self._services.gates.knocks.give_back(self._session.source)
            self._took_knock = False
        if refusal.code == "not_joined":
            self._stop_knocking()
        self.refresh()
        self._going_in = False
        return was_asked

    # ---- knocking ----------------------------------------------------------------------------------------------------

    def knocked(self, knock: str, ref: int, seat: str) -> None:
        """The knock is known; or it still has to wait."""
        self._going_in = self._took_knock = False
        waiting = self.room.room.gate.knocks.get(knock)
        if waiting is None:
            self.refresh()
            return
        self._knock, self._seat = knock, seat
        self._answers.is_declined, self._answers.is_doubted = False, bool(waiting.cautions)
        self.room.doorway.wait_for(knock, self._session)
        self._session.place()
        if waiting.admitted:
            self._go_in(ref)
            return
        if ref:
            self._session.tell(Knocking(ref=ref, seat=seat))
        self.refresh()

    def knock_ended(self, ending: KnockEnding) -> None:
        """A moderator decided, or the knock was withdrawn."""
        if ending is not KnockEnding.ADMITTED:
            self._stop_knocking()
            self._answers.is_declined = ending is KnockEnding.DECLINED
        self.refresh()

    def _go_in(self, ref: int = 0) -> None:
        if not self._going_in:
            self._going_in = True
            self._session.hold_on()
            go_in = GoIn(knock=self._knock, session=self._session.id, process=self._services.process)
            self.room.submit("", go_in, Entering(self._session, self.room, self._knock, ref, self._seat))

    def _stop_knocking(self) -> None:
        self._forget_knock()
        self._session.place()

    def _forget_knock(self) -> None:
        self.room.doorway.waits_no_more(self._knock, self._session)
        self._knock = self._seat = ""

    # ---- in, and out again -------------------------------------------------------------------------------------------

    def went_in(self, seat: str) -> Position | None:
        """The seat is taken: where the client resumes from."""
        position = self.room.wire.open(self._hello.position) if self._hello and not seat else None
        self._forget_knock()
        self._puzzle.spend()
        self._hello = self._door = None
        self._answers = Answers()
        self._going_in = self._took_knock = False
        return position

    def sent_back(self, reason: str) -> None:
        """At the door again, because a moderator said so."""
        self._answers = Answers(is_sent_back=True, reason=reason)
        self.refresh()

    def lost(self) -> None:
        """The connection is gone; the knock is kept for a while."""
        if self._knock:
            self.room.doorway.waits_no_more(self._knock, self._session)
            self.room.drop_later(self._knock, self._session.id)
