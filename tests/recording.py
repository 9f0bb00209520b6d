"""What clients did and were told, in the order in which it happened, and what follows from it.

`History` is written while a test runs. `Facts` is the same, sorted for the rules in `history.py`.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, count
from typing import Any

import msgspec

Frame = dict[str, Any]
Place = tuple[str, int]
"""Epoch and offset."""

MODERATORS_ONLY = frozenset(
    {
        *("reported", "claimed", "report_resolved", "muted", "unmuted", "removed", "readmitted", "address_cleared"),
        *("knocked", "knock_ended", "sent_back", "guard_raised", "guard_lowered", "team_said"),
        "moderator_link_replaced",
        *("message_held", "held_resolved", "concern_noted", "concern_resolved", "note_written", "words_set"),
        *("break_taken", "break_over", "direct_reported", "line_opened", "line_said", "line_claimed", "line_closed"),
    }
)
"""Events that participants never see under this name."""
HIDDEN = MODERATORS_ONLY - {"removed", "sent_back"}
"""Events of which participants see nothing at all."""


class Call(msgspec.Struct, eq=False):
    """A command that was sent at `at`; without an answer its outcome is unknown. `epoch` is that of the answer."""

    at: int
    command: Frame
    epoch: str = ""
    answered_at: int = 0
    answer: Frame = {}
    lost: bool = False

    @property
    def offset(self) -> int:
        """Where the command's entry stands, 0 when that is not known."""
        return self.answer["id"] if self.answer.get("is") == "done" else 0

    @property
    def origin_id(self) -> str:
        return str(self.command.get("origin_id", ""))


class Sighting(msgspec.Struct, eq=False):
    """One entry or heartbeat, as one client was sent it at `at`."""

    at: int
    client: "Recorder"
    moderates: bool
    offset: int
    frame: Frame


class Stretch(msgspec.Struct, eq=False):
    """From one `welcome` or new epoch to the next, or to the end of the connection. What follows `start` must come."""

    at: int
    epoch: str
    recovered: bool
    position: int
    start: int
    role: str
    room: Frame | None
    away_since: int
    """When the connection before this one was lost, 0 when it is the first or the same."""
    seen: list[Sighting] = []
    late: list[Sighting] = []
    """What came after the snapshot that ended this stretch, and is in it."""
    ended_at: int = 0

    @property
    def open(self) -> bool:
        return not self.ended_at

    @property
    def moderates(self) -> bool:
        return self.role != "participant"

    @property
    def entries(self) -> Iterator[Sighting]:
        return (sighting for sighting in chain(self.seen, self.late) if sighting.frame["is"] == "entry")

    @property
    def reached(self) -> int:
        return max([self.start, *(sighting.offset for sighting in self.seen)])


class Recorder:
    """One seat and the client that holds it, over any number of connections. Who joins again gets another recorder.

    `role` is that of the link by which the client came.
    """

    def __init__(self, history: "History", name: str, role: str) -> None:
        self.name, self.role, self.participant = name, role, ""
        self.calls: list[Call] = []
        self.stretches: list[Stretch] = []
        self.personal: list[tuple[Place, Frame]] = []
        self._next = history.next
        self._position: Place = "", 0

    @property
    def connected(self) -> bool:
        return bool(self.stretches) and self.stretches[-1].open

    def invoke(self, command: Frame) -> int:
        """A command was sent, as it is on the wire, with its `origin_id` if it has one; the id of this call."""
        self.calls.append(Call(self._next(), command))
        return len(self.calls) - 1

    def answered(self, call: int, frame: Frame) -> None:
        """The `done` or `refused` frame came."""
        found = self.calls[call]
        found.answered_at, found.answer, found.epoch = self._next(), frame, self._position[0]

    def lost(self, call: int) -> None:
        """The connection went away without an answer: what became of the command is unknown."""
        self.calls[call].lost = True

    def welcomed(self, frame: Frame) -> None:
        """A `welcome` came: after `hello` or `join`, or since the role changed."""
        epoch, offset, _ = frame["position"]
        room, role = frame.get("room"), self.stretches[-1].role if self.stretches else self.role
        if room:
            self.participant, role = room["me"]["participant"], room["me"]["role"]
        start = self._position[1] if frame["recovered"] and self._position[0] else offset
        self._begin_stretch(epoch, frame["recovered"], offset, start, role, room)

    def saw(self, frame: Frame) -> None:
        """An `entry`, `personal` or `heartbeat` frame came. What a snapshot holds already belongs to the stretch before."""
        if frame["is"] == "personal":
            self.personal.append(((self._position[0], frame["id"]), frame))
            return
        is_entry = frame["is"] == "entry"
        offset = frame["id"] if is_entry else frame["position"][1]
        stretch = self.stretches[-1]
        if not is_entry and frame["position"][0] != stretch.epoch:
            self._begin_stretch(frame["position"][0], True, offset, self._position[1], stretch.role, None)
            stretch = self.stretches[-1]
        late = is_entry and stretch.room is not None and offset <= stretch.start and len(self.stretches) > 1
        seen = self.stretches[-2].late if late else stretch.seen
        seen.append(Sighting(self._next(), self, stretch.moderates, offset, frame))
        self._position = self._position[0], max(offset, self._position[1])

    def closed(self, code: int) -> None:
        """The connection is gone: the server's code, or 1006 when it was cut."""
        self._end_stretch()

    def _begin_stretch(self, epoch: str, recovered: bool, position: int, start: int, role: str, room: Frame | None) -> None:
        away_since = 0 if self.connected or not self.stretches else self.stretches[-1].ended_at
        self._end_stretch()
        self.stretches.append(Stretch(self._next(), epoch, recovered, position, start, role, room, away_since))
        self._position = epoch, start

    def _end_stretch(self) -> None:
        if self.stretches:
            self.stretches[-1].ended_at = self.stretches[-1].ended_at or self._next()


class History:
    """Everything that was recorded. `late_joiners` is the room's setting."""

    def __init__(self, late_joiners: str = "nothing") -> None:
        self.late_joiners = late_joiners
        self.clients: list[Recorder] = []
        self.next = count(1).__next__
        """The clock of the history: what is recorded later happened later."""

    def client(self, name: str, role: str) -> Recorder:
        recorder = Recorder(self, name, role)
        self.clients.append(recorder)
        return recorder


class Said(msgspec.Struct, eq=False, gc=False):
    """A message as one client was shown it, in an entry or a snapshot."""

    at: int
    client: Recorder
    stretch: Stretch
    place: Place
    message: Frame

    @property
    def key(self) -> tuple[str, str]:
        return self.message["by"], self.message["origin_id"]


class Facts:
    """A history, sorted for the rules."""

    def __init__(self, history: History) -> None:
        self.clients = history.clients
        self.reads_all = history.late_joiners == "everything"
        self.log: dict[Place, list[Sighting]] = defaultdict(list)
        """Every entry that anyone was sent."""
        self.said: list[Said] = []
        self.posts: dict[tuple[str, str], list[Call]] = defaultdict(list)
        """The calls by which each message was sent, by author and origin_id."""
        self.held: dict[tuple[str, str], set[Place]] = defaultdict(set)
        """Where words were held for a moderator, by author and origin_id."""
        self.fates: dict[tuple[str, str], set[str]] = defaultdict(set)
        """What anyone was told that became of them."""
        self.fates_told: dict[tuple[str, str], set[str]] = defaultdict(set)
        """The epochs in which that was told."""
        for client in history.clients:
            self._gather(client)
            self._gather_held(client)
        self.events: dict[Place, Frame] = {place: _fullest(sightings) for place, sightings in sorted(self.log.items())}
        self.erased = {
            (epoch, e["message"]) for (epoch, _), e in self.events.items() if e["event"] in ("redacted", "retracted")
        }
        self._held_at = {place: key for key, places in self.held.items() for place in places}
        for (epoch, _), frame in self.of("held_resolved"):
            for key in self.held_under(epoch, frame["held"]):
                self.fates[key].add(frame["state"])
                self.fates_told[key].add(epoch)

    def _gather(self, client: Recorder) -> None:
        for stretch in client.stretches:
            for message in stretch.room["messages"] if stretch.room else ():
                self.said.append(Said(stretch.at, client, stretch, (stretch.epoch, message["id"]), message))
            for sighting in stretch.entries:
                place = stretch.epoch, sighting.offset
                self.log[place].append(sighting)
                if sighting.frame["event"] == "message_posted":
                    self.said.append(Said(sighting.at, client, stretch, place, sighting.frame))
        for call in client.calls:
            if call.command["do"] == "post":
                self.posts[client.participant, call.origin_id].append(call)

    def _gather_held(self, client: Recorder) -> None:
        rooms = [(stretch.epoch, stretch.room) for stretch in client.stretches if stretch.room]
        own = [(epoch, held) for epoch, room in rooms for held in room["me"].get("held", ())]
        own += [(epoch, frame) for (epoch, _), frame in client.personal if frame["event"] == "my_held"]
        for epoch, held in own:
            key = client.participant, held["origin_id"]
            self.held[key].add((epoch, held["held"]))
            if held["state"] != "waiting":
                self.fates[key].add(held["state"])
                self.fates_told[key].add(epoch)
        others = [(epoch, held) for epoch, room in rooms for held in room.get("desk", {}).get("held", ())]
        entries = ((stretch.epoch, sighting.frame) for stretch in client.stretches for sighting in stretch.entries)
        others += [(epoch, frame) for epoch, frame in entries if frame["event"] == "message_held"]
        for epoch, held in others:
            self.held[held["participant"], held["origin_id"]].add((epoch, held["held"]))

    def held_under(self, epoch: str, offset: int) -> set[tuple[str, str]]:
        """Author and origin_id of what is held there; of all it may be when nobody saw it there under this epoch."""
        if key := self._held_at.get((epoch, offset)):
            return {key}
        return {key for (_, held), key in self._held_at.items() if held == offset}

    def reads_from_the_start(self, client: Recorder) -> bool:
        """Whether this client may be shown what was said before it came; by a moderators' link not everyone may."""
        return self.reads_all or client.role != "participant"

    def of(self, *events: str) -> Iterator[tuple[Place, Frame]]:
        """The entries of these kinds, in order."""
        return ((place, frame) for place, frame in self.events.items() if frame["event"] in events)


def _fullest(sightings: list[Sighting]) -> Frame:
    """The entry as moderators see it, if one of them did."""
    return max((sighting.frame for sighting in sightings), key=len)
