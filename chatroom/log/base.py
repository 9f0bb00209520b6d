"""The port `RoomLog`: what every log must do. `tests/test_log_contract.py` and `test_log_forgets.py` hold each adapter to it.

A log is ordered, bounded and temporary. Offsets count from 1 without gaps. The log's clock is its own: `at` of an
entry and `now()` come from it.

- `append` is one atomic step. It MUST give a draft whose `origin` was stored before its first offset again and store nothing
  for it; MUST raise `Conflict` and store nothing when something is left to store and an entry that changes the rules came
  after `decided_at`, or any entry at all when an `exact` draft is left to store; MUST replace the events named in `erases` in
  the same step, so that their text is in no copy the log keeps.
- The stored snapshot is such a copy. An append that erases an entry at or before it MUST replace it by the `snapshot` given
  (even by one of an older state), and MUST raise `SnapshotNeeded` and store nothing when none is given. A snapshot of a state
  before another erasure MUST NOT be kept: the append goes on without it, or raises `Conflict` when it is needed.
- When `append` returns or raises `Conflict`, the follower MUST have been given every entry up to what was stored or conflicted.
- The follower MUST be given every entry after those that `follow` returned, once, in order, without gaps, or be told that the
  log is gone. It MUST NOT be called before `follow` has returned.
- A draft MUST NOT name in `erases` what the follower was not given.
- At `expires_at` (milliseconds) nothing of the log is left, even if every process is gone by then. An append that holds `Ended`
  MUST let the log expire EXPIRY_GRACE_SECONDS later at the latest, whatever it is given: people were told that nothing is kept.

Processes of two versions may share a log, and whoever can write to its server may change it. What a process cannot read (an
entry, a snapshot or a seal of a format it does not know, or one that is broken) is unreadable, which is not gone:

- `follow` and `append` MUST raise LogUnreadable; a follower MUST be told `unreadable`, once, and nothing after it.
- Nothing of such a log may be replaced, brought back over, or erased: another process may read it, and it MUST stay until
  `expires_at`.

A log kept by a server may be lost, or go back to older data. Then

- (epoch, offset) MUST NOT name two entries, ever: what is appended afterwards is under a new epoch.
- An entry that any follower was given MUST be in the log again once that follower's process reaches it, once, with its nonce
  and its origin, and in the order it had to all others this follower was given. Its offset may be higher, never lower.
- So an entry that is found under a later epoch at the same offset with the same nonce has the same entries before it.
- A log that was erased MUST NOT come back.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from chatroom.core.events import AnyEvent, Draft, Ended, Entry
from chatroom.core.limits import EXPIRY_GRACE_SECONDS


class Conflict(Exception):
    """The rules changed after the state decided on: catch up (already done), decide again."""


class SnapshotNeeded(Exception):
    """Text to be erased is inside the stored snapshot: append again with a `snapshot` that lacks it."""


class OriginReused(Exception):
    """The same origin was used before for other content."""


class LogGone(Exception):
    """No such log: it never existed, it ended, or it was erased."""


class LogUnreadable(Exception):
    """The log is there, but this process cannot read it: another may. It stays as it is."""


class LogUnavailable(Exception):
    """The log's server does not answer. Whether an append took place is unknown: append again with the same origins."""


class Held(msgspec.Struct, frozen=True):
    """What a follower keeps: entries without gaps up to the newest, the state after it, and when the log is to expire."""

    entries: Sequence[Entry]
    snapshot: bytes
    expires_at: int


class Receipt(msgspec.Struct, frozen=True):
    """Where a draft's first event stands. `error` when the draft alone was refused: its origin had other content."""

    offset: int
    duplicate: bool = False
    error: OriginReused | None = None


def require_origins(drafts: Sequence[Draft]) -> None:
    """Raises ValueError for a draft without events, or without an origin: appended again it would be stored twice."""
    if not all(draft.events and draft.origin for draft in drafts):
        raise ValueError("a draft needs events and an origin")


def new_expiry(drafts: Sequence[Draft], expires_at: int, now: int) -> int:
    """When a log expires after these drafts were appended: when the writer says, but soon after the room has ended."""
    has_ended = any(type(event) is Ended for draft in drafts for event in draft.events)
    return min(expires_at, now + EXPIRY_GRACE_SECONDS * 1000) if has_ended else expires_at


class Opened(msgspec.Struct, frozen=True):
    """What a process needs to fold a room: an optional snapshot of the state at `snapshot_offset`, and the entries kept.

    `entries` are all kept entries up to the head; those up to `snapshot_offset` serve resumes only.
    """

    epoch: str
    snapshot_offset: int
    snapshot: bytes
    entries: tuple[Entry, ...]


class Follower(Protocol):
    """What a room's log tells the process that follows it, and asks when it has to be brought back.

    No method may wait, and none may raise but `fold`.
    """

    def entries(self, entries: Sequence[Entry]) -> None:
        """The next entries, in order, without gaps."""

    def gone(self) -> None:
        """The log was erased or has expired. Nothing more will come."""

    def unreadable(self) -> None:
        """The log goes on, but this process cannot read it. Nothing more will come."""

    def trouble(self, reaching: bool) -> None:
        """False when the log's server stopped answering, True when entries arrive again."""

    def held(self) -> Held | None:
        """All that was given and is still kept, with what was erased since erased; None when the room is over."""

    def fold(self, snapshot: bytes, entries: Sequence[Entry]) -> bytes:
        """The state after entries that follow a state, which is empty at first. Changes nothing in the follower.

        Raises Unreadable for a state that another version stored.
        """

    def renamed(self, epoch: str) -> None:
        """The log goes on under another epoch; all that was given stays as it is."""

    def reopened(self, opened: Opened) -> None:
        """The log goes on as another one: forget all that was given and start from this. Some entries have new offsets."""


class RoomLog(Protocol):
    """The log of one room, seen from one process."""

    async def append(
        self, drafts: Sequence[Draft], *, decided_at: int, expires_at: int, snapshot: bytes = b""
    ) -> list[Receipt]:
        """Append drafts in order, atomically; one receipt a draft. One that is `exact` comes first.

        `decided_at` is the offset of the state decided on. `snapshot`, when given, is the state at `decided_at`, without what
        the drafts erase, that a fresh process may start from (only ever the newest is kept), and lets the log forget its
        oldest entries beyond `HISTORY_ENTRIES`. `expires_at` and `snapshot` count only when something is stored.
        Raises Conflict, SnapshotNeeded, LogGone, LogUnreadable, LogUnavailable.
        """

    async def follow(self, follower: Follower) -> Opened:
        """Start following, once: everything up to the head is returned, everything after it goes to `follower`.

        Await it directly: entries may come as soon as the awaiting task waits for something else.
        Raises LogGone, LogUnreadable, LogUnavailable.
        """

    async def erase(self, expires_at: int) -> None:
        """Remove the whole log now, everywhere; followers are told `gone`. Erasing twice is fine. Raises LogUnreadable.

        It is erased again whenever it comes back before `expires_at`, when it would have expired if its room had not ended:
        a server that does not answer now, or that goes back to older data, has it then.
        """

    async def close(self) -> None:
        """Stop following. The log itself stays."""


class Logs(Protocol):
    """Where the rooms' logs live, seen from one process."""

    shared: bool
    """Whether other processes may use the same logs."""

    @property
    def lowest(self) -> int:
        """The lowest format that a living process reads, as of the last `renew`: nothing newer is to be stored."""

    async def create(self, room_key: bytes, first: AnyEvent, expires_at: int) -> None:
        """Begin a room's log with its first event. Raises LogUnavailable, ValueError when it exists."""

    def log(self, room_key: bytes) -> RoomLog:
        """The log of the room with this key; it may turn out not to exist when followed."""

    def now(self) -> int:
        """Milliseconds since 1970 on the clock of the log."""

    async def probe(self) -> None:
        """Return when a published probe came back and something could be stored. Raises LogUnavailable after 2 s."""

    async def alive(self, processes: Sequence[str]) -> frozenset[str]:
        """Those of the named processes whose lease is live. Raises LogUnavailable."""

    async def renew(self, process: str, reads: int) -> None:
        """Renew this process's lease for LEASE_SECONDS, with the newest format it reads. Raises LogUnavailable."""

    async def close(self) -> None:
        """Close every connection."""


__all__ = [
    "Conflict", "Draft", "Follower", "Held", "LogGone", "LogUnavailable", "LogUnreadable", "Logs", "Opened",
    "OriginReused", "Receipt", "RoomLog", "SnapshotNeeded", "new_expiry", "require_origins",
]  # fmt: skip
