"""One room in this process: its fold, its writer, its sessions. It follows the log, and nothing else changes its state."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

import msgspec

from chatroom.core import events as e
from chatroom.core.commands import DropSession, OpenSession, Tick
from chatroom.core.door_commands import Withdraw
from chatroom.core.door_events import DoorSet, GuardLowered, GuardRaised, KnockEnded, ModeratorLinkReplaced, SentBack
from chatroom.core.entry_ids import Place
from chatroom.core.erasing import ERASED_BY
from chatroom.core.events import Entry, Position, Role
from chatroom.core.formats import PROTOCOL, Unreadable
from chatroom.core.frames import Crowd, Heartbeat, PolicyTrouble, Trouble, Welcome
from chatroom.core.limits import CROWD_TOLD_SECONDS, DROPPED_AFTER_SECONDS, HEARTBEAT_SECONDS, SEAT_KEPT_SECONDS
from chatroom.core.refusals import CLOSINGS, Close
from chatroom.core.room import Participant, Room, apply
from chatroom.core.rules import decide
from chatroom.core.snapshot import room_view
from chatroom.core.stored import encode_room
from chatroom.core.views import PRESENCE, for_everyone, for_moderators, for_person, for_subject
from chatroom.live.closings import gone_code, refusal_after, return_seconds
from chatroom.live.connection import Frame
from chatroom.live.doorway import AtDoor, Doorway
from chatroom.live.fanout import Fanout, Receiver
from chatroom.live.history import History, fold
from chatroom.live.moderator_link import ModeratorLink
from chatroom.live.rates import Rates
from chatroom.live.review import Review
from chatroom.live.room_wire import RoomWire
from chatroom.live.services import Services
from chatroom.live.writer import Writer, expires_at
from chatroom.log.base import Held, LogUnreadable, Opened, RoomLog


class Member(Receiver, AtDoor, Protocol):
    """A session, as its room sees it."""

    participant: str

    def close(self, code: Close, retry_after_seconds: float = 0, detail: str = "") -> None: ...
    def sent_back(self, reason: str) -> None: ...


class LiveRoom:
    """Made by `load`. `on_over` is called once, when nothing of the room is left here; `closing` says why."""

    def __init__(self, services: Services, key: bytes, log: RoomLog, on_over: Callable[["LiveRoom"], None]) -> None:
        self.key, self.log = key, log
        self.services = services
        self.room = Room()
        self.closing: Close | None = None
        """Why nothing of the room is here any more."""
        self.wire: RoomWire
        """There from `load` on."""
        self._on_over = on_over
        self._fanout = Fanout(services.loop)
        told = partial(services.hooks.tell, key, self.room)
        now, lowest, begin = services.logs.now, lambda: services.logs.lowest, services.begin
        self._writer = Writer(self.room, log, now, lowest, self._new_origin, begin, self._fanout.write_due, told)
        self.review = Review(services.panel, self.room, self._writer, services.logs.now, services.begin)
        self.submit = self.review.submit
        self._history = History("")
        self._sessions: dict[str, Member] = {}
        self.doorway = Doorway()
        self.link = ModeratorLink(self.room, self._fanout, services.random_bytes)
        self.rates = Rates(self.room, services.loop, services.policy)
        self._drops: set[asyncio.TimerHandle] = set()
        self._heartbeat_at = services.loop.time() + HEARTBEAT_SECONDS
        self._crowd_moved = False
        self._tell_crowd_at = 0.0

    async def load(self) -> None:
        """Fold the room from its log and follow it; it may have ended. Raises LogGone, LogUnreadable, LogUnavailable."""
        opened = await self.log.follow(self)
        self._history = History(opened.epoch, opened.entries)
        if not self._fold(opened):
            raise LogUnreadable
        self.wire = RoomWire(self.room.opened.ids_key, self._history, self.services.random_bytes)

    def _fold(self, opened: Opened) -> bool:
        """Whether the state can be read."""
        try:
            room = fold(opened.snapshot, opened.entries)
        except Unreadable:
            return False
        for name in Room.__struct_fields__:
            setattr(self.room, name, getattr(room, name))
        self._writer.snapshot_offset = opened.snapshot_offset
        return True

    # ---- following the log -------------------------------------------------------------------------------------------

    def entries(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.offset > self.room.offset:
                self._take(entry)

    def _take(self, entry: Entry) -> None:
        apply(self.room, entry)
        self._history.append(entry)
        everyone = self._encode(for_everyone(self.room, entry))
        moderators = (self._encode(for_moderators(self.room, entry)) or everyone) if self._fanout.has_moderators else None
        is_presence = type(entry.event) in PRESENCE
        self._crowd_moved |= is_presence
        subject = self._sessions.get(getattr(entry.event, "participant", ""))
        if subject and type(entry.event) is e.RoleChanged:
            self._fanout.flush_one(subject)  # what was before leaves before the snapshot for this person
        self._fanout.to_everyone(everyone, moderators, lazy=is_presence)
        if subject and (personal := for_subject(self.room, entry)):
            self.send(subject, personal)
        if then := _THEN.get(type(entry.event)):
            then(self, entry.event)

    def _encode(self, frame: object) -> Frame | None:
        return self.wire.frame(frame) if frame is not None and self._fanout else None

    def _erased(self, event: e.AnyEvent) -> None:
        self._history.erase(event)
        self.review.erased()

    def _session_opened(self, event: e.SessionOpened) -> None:
        """Where two histories were joined an older connection may come last: then the newer one is to come back."""
        session = self._sessions.get(event.participant) or self.doorway.speaks_for(event.participant)
        seat = self.room.people.get(event.participant) or self.room.gate.knocks.get(event.participant)
        if session and seat and session.id != seat.session:
            session.close(Close.UNAVAILABLE if (0, 0) < (event.page, event.attempt) < session.tried else Close.TAKEN_OVER)

    def _dropped(self, event: e.Dropped) -> None:
        """Another process took this one for lost, and its people with it: who is connected here is here."""
        if session := self._sessions.get(event.participant):
            self._is_here(session)

    def _is_here(self, session: Member) -> None:
        again = OpenSession(session=session.id, process=self.services.process, again=True)
        self.submit(session.participant, again)

    def _person_left(self, event: e.Left) -> None:
        lost = event.reason is e.Departure.LOST
        self._close_session(event.participant, Close.UNAVAILABLE if lost else Close.LEFT)
        self.review.gone(event.participant)

    def _person_removed(self, event: e.Removed) -> None:
        self._close_session(event.participant, Close.REMOVED, event.reason)
        self.review.gone(event.participant)

    def _posted(self, event: e.MessagePosted) -> None:
        self.review.posted(event.participant, event.text)

    def _person_sent_back(self, event: SentBack) -> None:
        if session := self._sessions.pop(event.participant, None):
            self._fanout.flush_one(session)  # what was before leaves before the door
            self._fanout.discard(session)
            session.sent_back(event.reason)
        self.review.gone(event.participant)

    def _knock_ended(self, event: KnockEnded) -> None:
        if session := self.doorway.speaks_for(event.knock):
            session.knock_ended(event.ending)

    def _door_changed(self, event: e.AnyEvent) -> None:
        self.doorway.refresh()

    def _role_changed(self, event: e.RoleChanged) -> None:
        if session := self._sessions.get(event.participant):
            session.moderates = event.role is not Role.PARTICIPANT
            self._fanout.refresh(session)
            self._fanout.skip(session)
            self.send(session, self._welcome(self.room.people[event.participant]))
            self.link.tell(session)

    def _link_replaced(self, event: ModeratorLinkReplaced) -> None:
        self.link.replaced()
        self._door_changed(event)

    def _ended(self, event: e.Ended) -> None:
        self._finish(Close.ENDED)

    def gone(self) -> None:
        """Nothing but the end erases a log: it was missed here, or its time is up."""
        self._finish(Close.ENDED)

    def unreadable(self) -> None:
        """Another process may read it. Those who come back too soon wait, and come back again."""
        self._finish(Close.RESTARTING)

    def trouble(self, reaching: bool) -> None:
        sentence = "" if reaching else CLOSINGS[Close.UNAVAILABLE].sentence
        self._fanout.to_everyone(frame := Frame.of(Trouble(reaching=reaching, sentence=sentence)), frame)

    def held(self) -> Held | None:
        if self.closing or self.room.ended:
            return None
        return Held(self._history.entries, encode_room(self.room), expires_at(self.room))

    def fold(self, snapshot: bytes, entries: Sequence[Entry]) -> bytes:
        return encode_room(fold(snapshot, entries))

    def renamed(self, epoch: str) -> None:
        self._history.rename(epoch)
        self._beat()

    def reopened(self, opened: Opened) -> None:
        self._fanout.flush()  # nothing from before the snapshots may come after them
        self._history.replace(opened.epoch, opened.entries)
        if not self._fold(opened):
            self.unreadable()
            return
        self._writer.renumbered()
        self.review.erased()
        for participant, session in list(self._sessions.items()):
            person = self.room.people.get(participant)
            if person is None or person.session != session.id:
                session.close(gone_code(person))
            else:
                session.moderates = person.moderates
                self._fanout.refresh(session)
                self.send(session, self._welcome(person))
                if not person.here:
                    self._is_here(session)
        if self.room.ended:
            self._finish(Close.ENDED)

    # ---- sessions ----------------------------------------------------------------------------------------------------

    def attach(self, session: Member, person: Participant, position: Position | None, ref: int, seat: str) -> None:
        """Let a session speak for a seat: what it missed, or a snapshot, then everything that comes."""
        self.doorway.leave(session)
        if self.closing:
            session.close(self.closing)
            return
        if person.session != session.id:
            session.close(gone_code(person))
            return
        self._sessions[person.id] = session
        session.participant, session.moderates = person.id, person.moderates
        self._fanout.add(session)
        missed = self._history.since(position, person.id, moderates=person.moderates)
        self.send(session, self._welcome(person, ref, seat, position if missed is not None else None))
        for entry in missed or ():
            if entry.offset >= person.sees_from:
                for frame in for_person(self.room, entry, person):
                    self.send(session, frame)
        if missed and self.room.crowded_at and not person.moderates:
            self.send(session, Crowd(here=self.room.here))
        self.link.tell(session)

    def _welcome(self, person: Participant, ref: int = 0, seat: str = "", resumed: Position | None = None) -> Welcome:
        """A snapshot, or the position that is resumed from: only what follows it moves the client on.

        That position has the same entries before it under the present epoch.
        """
        place, now = Place(resumed.offset, resumed.nonce) if resumed else self._history.place(), self.services.logs.now()
        frame = Welcome(ref=ref, recovered=resumed is not None, position=place, now=now, protocol=PROTOCOL)
        if seat:
            frame = msgspec.structs.replace(frame, seat=seat)
        return frame if resumed else msgspec.structs.replace(frame, room=room_view(self.room, person))

    def detach(self, session: Member) -> None:
        """The session's connection is gone. The seat is kept; it counts as dropped after a while."""
        self.doorway.leave(session)
        self._fanout.discard(session)
        if session.participant and self._sessions.get(session.participant) is session:
            del self._sessions[session.participant]
            self.drop_later(session.participant, session.id)

    def drop_later(self, participant: str, session_id: str) -> None:
        """The connection of someone with a seat, or of someone who knocked, is gone.

        Someone who is muted is away at once, so that a new device on the same network has to knock.
        """
        if self.closing:
            return
        knocks, person = participant in self.room.gate.knocks, self.room.people.get(participant)
        is_muted = person is not None and person.muted_until > self.services.logs.now()
        seconds = SEAT_KEPT_SECONDS if knocks else 0 if is_muted else DROPPED_AFTER_SECONDS

        def drop() -> None:
            self._drops.discard(handle)
            if knocks:
                self._writer.submit("", Withdraw(knock=participant, session=session_id))
            else:
                self._writer.submit(participant, DropSession(session=session_id))

        handle = self.services.loop.call_later(seconds, drop)
        self._drops.add(handle)

    def refresh(self, session: Member) -> None:
        """The way to write to this session's connection changed."""
        self._fanout.refresh(session)

    def flush(self, session: Member) -> None:
        """Write what is queued for this session."""
        self._fanout.flush_one(session)

    def send(self, session: Member, frame: object) -> None:
        """Send to one session of the room, in order with all else."""
        self._fanout.to_one(session, self.wire.frame(frame))

    def _close_session(self, participant: str, code: Close, detail: str = "") -> None:
        if session := self._sessions.get(participant):
            session.close(code, detail=detail)

    # ---- commands ----------------------------------------------------------------------------------------------------

    def _new_origin(self) -> str:
        return self.services.random_bytes(16).hex()

    # ---- time --------------------------------------------------------------------------------------------------------

    def tick(self, lost_processes: frozenset[str]) -> None:
        """Do what time brings about. Call it about once a second."""
        command = Tick(lost_processes=lost_processes)
        if not self.room.ended and decide(self.room, "", command, self.services.logs.now()).events:
            self._writer.submit("", command)
        now = self.services.loop.time()
        if self._crowd_moved and now >= self._tell_crowd_at:
            self._tell_how_many(now)
        if names := self.review.troubled():
            self._fanout.to_everyone(None, Frame.of(PolicyTrouble(names=names)))
        self._fanout.sweep()
        self.doorway.refresh()
        if now >= self._heartbeat_at and self._fanout:
            self._heartbeat_at = now + HEARTBEAT_SECONDS
            self._beat()

    def _beat(self) -> None:
        frame = self.wire.frame(Heartbeat(position=self._history.place(), now=self.services.logs.now()))
        self._fanout.to_everyone(frame, frame)

    def _tell_how_many(self, now: float) -> None:
        """In a crowded room participants are told this instead of who came and went."""
        self._crowd_moved = False
        if self.room.crowded_at and self._fanout:
            self._tell_crowd_at = now + CROWD_TOLD_SECONDS
            self._fanout.to_everyone(Frame.of(Crowd(here=self.room.here)), None, lazy=True)

    def processes(self) -> set[str]:
        """The processes that hold sessions of this room."""
        seated = {person.process for person in self.room.people.values()}
        return (seated | {knock.process for knock in self.room.gate.knocks.values()}) - {""}

    def _finish(self, code: Close) -> None:
        """Send everyone away and forget everything."""
        if self.closing:
            return
        self.closing = code
        for session in list(self._sessions.values()):
            session.close(code, return_seconds(code))
        self.doorway.close(code)
        self._wipe()
        self._on_over(self)

    async def close(self) -> None:
        """Stop serving the room here; it goes on elsewhere, or in the log."""
        self.closing = Close.RESTARTING
        self._wipe()
        await self.log.close()

    def _wipe(self) -> None:
        for handle in self._drops:
            handle.cancel()
        self._drops.clear()
        self.review.close(refusal := refusal_after(self.closing or Close.ENDED))
        self._writer.close(refusal)
        self._fanout.close()
        self._history.clear()
        self._sessions.clear()
        self.doorway.clear()
        self.rates.clear()
        self.link.clear()


_THEN: dict[type[e.Event], Callable[[LiveRoom, Any], None]] = {
    e.MessagePosted: LiveRoom._posted,
    **dict.fromkeys(ERASED_BY, LiveRoom._erased),
    e.SessionOpened: LiveRoom._session_opened,
    e.Dropped: LiveRoom._dropped,
    e.Left: LiveRoom._person_left,
    e.Removed: LiveRoom._person_removed,
    SentBack: LiveRoom._person_sent_back,
    KnockEnded: LiveRoom._knock_ended,
    **dict.fromkeys((DoorSet, GuardRaised, GuardLowered, e.Readmitted, e.AddressCleared), LiveRoom._door_changed),
    e.RoleChanged: LiveRoom._role_changed,
    ModeratorLinkReplaced: LiveRoom._link_replaced,
    e.Ended: LiveRoom._ended,
}
