"""What the log in memory stores of one room."""

import msgspec

from chatroom.core.events import ORDINARY, AnyEvent, Draft, Ended, Entry
from chatroom.core.formats import format_of
from chatroom.core.limits import HISTORY_ENTRIES
from chatroom.log.base import Follower, OriginReused, Receipt


class Room(msgspec.Struct, array_like=True, dict=True):
    """Its fields are all that is stored; its followers are those of this process.

    Offsets: `base` of the last entry forgotten, `rules` of the last that changed the rules, `erased` of the last that erased.
    """

    epoch: str
    expires_at: int
    base: int = 0
    rules: int = 0
    erased: int = 0
    snapshot_offset: int = 0
    snapshot: bytes = b""
    entries: list[Entry] = []
    origins: dict[str, tuple[int, bytes]] = {}
    origin_at: dict[int, str] = {}

    def __post_init__(self) -> None:
        self.followers: list[Follower] = []

    @property
    def head(self) -> int:
        return self.base + len(self.entries)

    @property
    def format(self) -> int:
        """The format that a process must know to read all of it."""
        return max(format_of(entry.event) for entry in self.entries)

    @property
    def ended(self) -> bool:
        return type(self.entries[-1].event) is Ended

    def store(self, event: AnyEvent, at: int, nonce: str) -> Entry:
        """The clock of the log never goes back."""
        entry = Entry(self.head + 1, max(at, self.entries[-1].at if self.entries else 0), nonce, event)
        self.entries.append(entry)
        if type(event) not in ORDINARY:
            self.rules = entry.offset
        return entry

    def receipt(self, draft: Draft) -> Receipt | None:
        """The receipt of a draft whose origin is known."""
        if draft.origin not in self.origins:
            return None
        offset, fingerprint = self.origins[draft.origin]
        if fingerprint != draft.fingerprint:
            return Receipt(offset, error=OriginReused())
        return Receipt(offset, duplicate=True)

    def erase(self, offset: int, event: AnyEvent) -> None:
        self.erased = self.head + 1
        if self.base < offset <= self.head:
            old = self.entries[offset - self.base - 1]
            self.entries[offset - self.base - 1] = Entry(old.offset, old.at, old.nonce, event)

    def forget(self) -> None:
        """Drop the oldest entries beyond HISTORY_ENTRIES, as far as the snapshot allows."""
        count = max(min(self.snapshot_offset, self.head - HISTORY_ENTRIES) - self.base, 0)
        for offset in range(self.base + 1, self.base + count + 1):
            if origin := self.origin_at.pop(offset, ""):
                del self.origins[origin]
        del self.entries[:count]
        self.base += count
