"""Two histories of one room made one: that of a process, and that of a log which went on without it.

Both hold the same entries up to some offset. What the log holds beyond it comes first, then what only the process has, in its
order, under new offsets. An entry is known by its nonce, and by the origin of its draft: a draft whose answer was lost may
have been appended again. What was erased in one history is erased in both.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from chatroom.core import direct_events as d
from chatroom.core import door_events as dd
from chatroom.core import events as e
from chatroom.core import safety_events as se
from chatroom.core import support_events as s
from chatroom.core.erasing import has_no_words
from chatroom.core.events import AnyEvent, Entry

Name = str | tuple[bytes, int]
Origins = Mapping[str, bytes]
"""By the nonce of an entry that is the first of its draft: the origin of that draft."""

REFERENCES: dict[type[e.Event], str] = {
    e.Retracted: "message",
    e.Redacted: "message",
    e.Reacted: "message",
    e.Reported: "message",
    e.ReportResolved: "report",
    s.CheckedIn: "round",
    s.CheckInPassed: "round",
    s.CheckInClosed: "round",
    s.Voted: "poll",
    s.PollClosed: "poll",
    se.HeldResolved: "held",
    se.ConcernResolved: "concern",
    se.Claimed: "item",
    se.ContentNoted: "message",
    d.DirectReported: "said",
    dd.Veiled: "first",
}
"""Events that name another by its offset, and their field that does."""


def continues(held: Sequence[Entry], head: int, nonce: str) -> bool:
    """Whether what is held goes on from a log that ends at offset `head` with this nonce, or from before what is kept."""
    first, last = held[0].offset, held[-1].offset
    return head < first or (head <= last and held[head - first].nonce == nonce)


class Fork:
    """What is held, and a log that may lack some of it."""

    def __init__(self, held: Sequence[Entry], stored: Sequence[Entry], origins: Origins) -> None:
        self._held, self._stored = held, stored
        self._names = list(_names(held, origins))
        self._places: dict[Name, int] = {}
        for entry, name in zip(stored, _names(stored, origins), strict=True):
            self._places[entry.nonce] = self._places[name] = entry.offset

    def lacking(self) -> list[Entry]:
        """Those held that the log lacks; what it has forgotten, it had."""
        base = self._stored[0].offset - 1 if self._stored else 0
        return [
            entry
            for entry, name in zip(self._held, self._names, strict=True)
            if entry.offset > base and entry.nonce not in self._places and name not in self._places
        ]

    def joined(self) -> list[Entry]:
        """The log, then what it lacks."""
        lacking, last = self.lacking(), self._stored[-1]
        places = self._places | {entry.nonce: offset for offset, entry in enumerate(lacking, last.offset + 1)}
        numbers = {
            entry.offset: places.get(entry.nonce) or places.get(name) or entry.offset
            for entry, name in zip(self._held, self._names, strict=True)
        }
        erased = {entry.nonce: entry.event for entry in (*self._held, *self._stored) if has_no_words(entry.event)}
        added = [
            Entry(numbers[entry.offset], max(last.at, entry.at), entry.nonce, _renumbered(entry.event, numbers))
            for entry in lacking
        ]
        return [
            Entry(entry.offset, entry.at, entry.nonce, erased.get(entry.nonce, entry.event))
            for entry in (*self._stored, *added)
        ]


def _names(entries: Sequence[Entry], origins: Origins) -> Iterator[Name]:
    """For each entry the origin of its draft and which of its events it is, from 0; its nonce where that is not known."""
    origin, number = b"", 0
    for entry in entries:
        new = origins.get(entry.nonce, b"")
        origin, number = (new, 0) if new else (origin, number + 1)
        yield (origin, number) if origin else entry.nonce


def _renumbered(event: AnyEvent, numbers: Mapping[int, int]) -> AnyEvent:
    if field := REFERENCES.get(type(event)):
        old = getattr(event, field)
        return msgspec.structs.replace(event, **{field: numbers.get(old, old)})
    return event
