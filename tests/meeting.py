"""A meeting on the pure core: commands are decided, their events numbered and folded, and each person's frames made."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from inside import IDS_KEY

from chatroom.core import commands as c
from chatroom.core import events as e
from chatroom.core.commands import AnyCommand
from chatroom.core.door_events import Unveiled
from chatroom.core.entry_ids import EntryId, Place
from chatroom.core.events import AnyEvent, Draft, Entry, LateJoiners, Role
from chatroom.core.frames import Crowd, Earlier
from chatroom.core.identity import token_hash
from chatroom.core.limits import SNAPSHOT_MESSAGES
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room, apply
from chatroom.core.rules import decide
from chatroom.core.same_person import Visitor
from chatroom.core.snapshot import messages_before, reactions_by, room_view
from chatroom.core.views import PRESENCE, for_person

START_MS = 1_700_000_000_000
MINUTE_MS = 60_000
Frame = dict[str, Any]


def opened(**changes: Any) -> e.RoomOpened:
    """A room of an hour that has just begun."""
    fields: dict[str, Any] = {
        "title": "Tuesday newcomers",
        "welcome": "Good to see you.",
        "rules": ("Be kind.",),
        "doors_at": START_MS,
        "starts_at": START_MS,
        "ends_at": START_MS + 60 * MINUTE_MS,
        "capacity": 100,
        "late_joiners": LateJoiners.NOTHING,
        "host_token_hash": token_hash("host token"),
        "moderator_token_hash": token_hash("moderator token"),
        "ids_key": IDS_KEY,
    }
    return e.RoomOpened(**fields | changes)


def link_of(role: Role) -> bytes:
    """The hash of the token in the link for this role."""
    return b"" if role is Role.PARTICIPANT else token_hash(f"{role} token")


def enter(name: str, role: Role = Role.PARTICIPANT, *, address: str = "", nickname: str = "", device: str = "") -> c.Enter:
    """The command by which `name`, who is also the participant id, takes a seat."""
    return c.Enter(
        participant=name,
        nickname=nickname or name,
        seat_hash=token_hash(f"seat of {name}"),
        visitor=Visitor((address or f"address of {name}").encode(), device.encode(), link_of(role)),
        session=f"session of {name}",
        process="here",
    )


@contextmanager
def crowded_beyond(people: int) -> Iterator[None]:
    """Rooms are crowded with more than so many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chatroom.core.room.CROWD_PEOPLE", people)
        yield


def copy_of(room: Room) -> Room:
    """The room after a way through a snapshot."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(room), type=Room)


def plain(value: object, name: Callable[[int], str | int] = int) -> Any:
    """The value as it comes out of JSON; entries are named by their offsets, or as `name` says."""

    def outside(one: object) -> str | int:
        if isinstance(one, EntryId):
            return name(one)
        assert isinstance(one, Place)
        return f"place {one.offset}"

    return msgspec.json.decode(msgspec.json.encode(value, enc_hook=outside))


def new_nonce() -> str:
    return secrets.token_urlsafe(6)


class Meeting:
    """`entries` is the whole log, erased texts erased; `room` its fold. In frames `name_of` an offset names the entry."""

    name_of: Callable[[int], str | int] = int

    def __init__(self, about: e.RoomOpened | None = None, nonce: Callable[[], str] = new_nonce) -> None:
        self.now = START_MS
        self.room = Room()
        self.entries: list[Entry] = []
        self.heard: list[Callable[[Entry], None]] = []
        self._nonce = nonce
        self._origins: dict[str, tuple[int, bytes]] = {}
        self._store(about or opened())

    def do(self, actor: str, command: AnyCommand) -> int:
        """Carry out a command; the offset of its first event, 0 when there was nothing to do. Raises Refused."""
        draft = decide(self.room, actor, command, self.now)
        if draft.origin in self._origins:
            offset, fingerprint = self._origins[draft.origin]
            if fingerprint != draft.fingerprint:
                raise Refused("origin_reused")
            return offset
        return self._append(draft) if draft.events else draft.offset

    def happens(self, *events: AnyEvent) -> None:
        """Store events that nobody asked for."""
        for event in events:
            self._store(event)

    def _append(self, draft: Draft) -> int:
        first = len(self.entries) + 1
        if draft.origin:
            self._origins[draft.origin] = first, draft.fingerprint
        for offset, event in draft.erases:
            old = self.entries[offset - 1]
            self.entries[offset - 1] = Entry(old.offset, old.at, old.nonce, event)
        for event in draft.events:
            self._store(event)
        return first

    def _store(self, event: AnyEvent) -> None:
        entry = Entry(len(self.entries) + 1, self.now, self._nonce(), event)
        self.entries.append(entry)
        apply(self.room, entry)
        for hear in self.heard:
            hear(entry)

    def come_in(
        self, name: str, role: Role = Role.PARTICIPANT, *, address: str = "", nickname: str = "", device: str = ""
    ) -> Participant:
        self.do("", enter(name, role, address=address, nickname=nickname, device=device))
        return self.room.people[name]

    def say(self, name: str, text: str, origin_id: str = "") -> int:
        return self.do(name, c.Post(origin_id=origin_id or secrets.token_urlsafe(12), text=text))

    def view(self, name: str) -> Frame:
        """The room as this person sees it, as JSON."""
        return self.plain(room_view(self.room, self.room.people[name]))

    def plain(self, value: object) -> Frame:
        """The frame or the room as it comes out of JSON."""
        found: Frame = plain(value, self.name_of)
        return found

    def _earlier(self, person: Participant) -> Earlier:
        """What a client asks for when there is no veil any more."""
        messages, more = messages_before(self.room, person, self.room.offset + 1, SNAPSHOT_MESSAGES)
        return Earlier(ref=0, messages=messages, reactions=reactions_by(self.room, person, messages), more=more)

    def frames(self, name: str, entry: Entry) -> list[Frame]:
        """What this person is sent when `entry`, the newest, has been folded, in order; how many are here at once."""
        person, frames = self.room.people[name], list[object]()
        if isinstance(entry.event, e.RoleChanged) and entry.event.participant == name:
            frames.append({"is": "welcome", "position": Place(entry.offset, entry.nonce), "room": room_view(self.room, person)})
        else:
            frames += for_person(self.room, entry, person)
        if self.room.crowded_at and type(entry.event) in PRESENCE and not person.moderates:
            frames.append(Crowd(here=self.room.here))
        if isinstance(entry.event, Unveiled) and not person.moderates:
            frames.append(self._earlier(person))
        return [self.plain(frame) for frame in frames]


def four_people() -> Meeting:
    """Ada the host, Mo the moderator, Bea and Cal have come in."""
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Mo", Role.MODERATOR)
    meeting.come_in("Bea")
    meeting.come_in("Cal")
    return meeting


def refusal(meeting: Meeting, actor: str, command: AnyCommand) -> Refused:
    """How the command is refused; nothing happens."""
    before = len(meeting.entries)
    with pytest.raises(Refused) as caught:
        meeting.do(actor, command)
    assert len(meeting.entries) == before
    return caught.value


def refused(meeting: Meeting, actor: str, command: AnyCommand) -> str:
    return refusal(meeting, actor, command).code
