"""What goes to and comes from the scripts: drafts as sealed arguments, stored entries and published batches as `Entry`.

The byte layouts are those of `append.lua`: an entry is nonce (8) .. at (13 digits) .. origin (16) .. fingerprint (16) .. link
(20, `chain.py`) .. sealed; a published batch is epoch (8) .. first offset (4, big-endian) .. for each entry its length (4) ..
entry. What stands before the seal is the entry's header; without the time it is the entry's mark, to which the seal is bound.
"""

import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, Protocol

import msgspec

from chatroom.core.events import ORDINARY, AnyEvent, Draft, Entry
from chatroom.core.formats import Unreadable
from chatroom.core.stored import decode_event, encode_event
from chatroom.log.chain import AT_END, DIGEST_BYTES, HEADER_BYTES, LINK_BYTES, NO_ORIGIN, NONCE_BYTES, link_after
from chatroom.log.seal import DIGEST_BYTES as ORIGIN_BYTES
from chatroom.log.seal import Seal, SealBroken

BATCH_HEADER_BYTES, LENGTH_BYTES = 12, 4
ENTRY, SNAPSHOT = b"entry:", b"snapshot"


Known = Mapping[bytes, AnyEvent]
NOTHING: Known = {}


def token() -> bytes:
    """8 random characters: a nonce or an epoch."""
    return urlsafe_b64encode(os.urandom(6))


def seal_event(seal: Seal, mark: bytes, event: AnyEvent) -> bytes:
    return seal.close(encode_event(event), ENTRY + mark)


def first_entry(seal: Seal, event: AnyEvent) -> bytes:
    """The first of a log, for `create.lua`."""
    nonce, link = token(), bytes(LINK_BYTES)
    return nonce + link + seal_event(seal, nonce + NO_ORIGIN + link, event)


def header_of(mark: bytes, at: int) -> bytes:
    return b"%b%013d%b" % (mark[:NONCE_BYTES], at, mark[NONCE_BYTES:])


def stored_entry(seal: Seal, mark: bytes, entry: Entry) -> bytes:
    """The entry as `append.lua` would have stored it."""
    return header_of(mark, entry.at) + seal_event(seal, mark, entry.event)


def seal_snapshot(seal: Seal, offset: int, digest: bytes, state: bytes) -> bytes:
    """The state at an offset, with what the chain came to there."""
    return seal.close(digest + state, SNAPSHOT + offset.to_bytes(8))


def string(data: bytes) -> msgspec.Raw:
    """Bytes as MessagePack's older type, the only one that Redis reads."""
    return msgspec.Raw(b"\xdb" + len(data).to_bytes(4) + data)


class SealedDraft(msgspec.Struct, frozen=True, array_like=True):
    """A draft for `append.lua`. `last_rule` counts which of its events is the last to change the rules, from 1; 0: none."""

    origin: msgspec.Raw
    fingerprint: msgspec.Raw
    last_rule: int
    events: list[msgspec.Raw]
    """Each nonce .. link .. sealed."""
    erasures: list[tuple[int, msgspec.Raw]]
    exact: bool


class Order(msgspec.Struct, frozen=True, array_like=True):
    """What `append.lua` is asked. `snapshot` is sealed or empty, `seen_offset` 0 for a log that is not followed."""

    channel: msgspec.Raw
    expires_at: int
    decided_at: int
    keep_entries: int
    snapshot: msgspec.Raw
    seen_epoch: msgspec.Raw
    seen_offset: int
    seen_nonce: msgspec.Raw
    most_behind: int
    drafts: list[SealedDraft]


class Seeding(msgspec.Struct, frozen=True, array_like=True):
    """What `seed.lua` is asked: to replace the log found, none if `found_epoch` is empty. `snapshot` is sealed, of the head."""

    channel: msgspec.Raw
    found_epoch: msgspec.Raw
    found_nonce: msgspec.Raw
    epoch: msgspec.Raw
    expires_at: int
    settle_ms: int
    base: int
    snapshot: msgspec.Raw
    entries: list[msgspec.Raw]


def marks_of(seal: Seal, draft: Draft, link: bytes) -> list[bytes]:
    """New marks for a draft's events. `link` is that of the chain at what the writer has seen."""
    by = seal.digest(draft.origin.encode(), b"origin") + seal.digest(draft.fingerprint, b"fingerprint")
    nonces = [token() for _ in draft.events]
    within = [nonce + NO_ORIGIN + link_after(before) for before, nonce in pairwise(nonces)]
    return [nonces[0] + by + link, *within]


def known(drafts: Sequence[Draft], marks: Sequence[list[bytes]]) -> Known:
    """The events of drafts by their nonces."""
    pairs = zip(chain.from_iterable(marks), chain.from_iterable(draft.events for draft in drafts), strict=True)
    return {mark[:NONCE_BYTES]: event for mark, event in pairs}


def seal_draft(seal: Seal, draft: Draft, marks: list[bytes], mark_at: Callable[[int], bytes]) -> SealedDraft:
    """`mark_at` gives the mark at an offset, empty for one that is not known: nothing can be erased there."""
    by = marks[0][NONCE_BYTES:-LINK_BYTES]
    return SealedDraft(
        string(by[:ORIGIN_BYTES]),
        string(by[ORIGIN_BYTES:]),
        max((i for i, event in enumerate(draft.events, 1) if type(event) not in ORDINARY), default=0),
        [
            string(mark[:NONCE_BYTES] + mark[-LINK_BYTES:] + seal_event(seal, mark, event))
            for mark, event in zip(marks, draft.events, strict=True)
        ],
        [
            (offset, string(seal_event(seal, mark, event) if (mark := mark_at(offset)) else b""))
            for offset, event in draft.erases
        ],
        draft.exact,
    )


class Run(Protocol):
    """Consecutive entries."""

    @property
    def first(self) -> int:
        """The offset of the first entry."""

    @property
    def last(self) -> int:
        """The offset of the last entry; `first - 1` when there is none."""

    def after(self, offset: int) -> Sequence[Entry]:
        """Those after an offset. Raises Unreadable."""

    def headers(self, offset: int) -> Sequence[bytes]:
        """The headers of those after an offset."""


class OwnRun:
    """Events this process stored itself, from offset `first` on: nothing to open."""

    __slots__ = ("_entries", "_headers", "first", "last")

    def __init__(self, first: int, at: int, marks: Sequence[bytes], events: Sequence[AnyEvent]) -> None:
        pairs = enumerate(zip(marks, events, strict=True), first)
        self._entries = [Entry(offset, at, mark[:NONCE_BYTES].decode(), event) for offset, (mark, event) in pairs]
        self._headers = [header_of(mark, at) for mark in marks]
        self.first, self.last = first, first + len(marks) - 1

    def after(self, offset: int) -> Sequence[Entry]:
        return self._entries[max(offset + 1 - self.first, 0) :]

    def headers(self, offset: int) -> Sequence[bytes]:
        return self._headers[max(offset + 1 - self.first, 0) :]


class StoredRun:
    """Entries as stored; they are opened only when wanted, and not at all when their events are `known` by their nonces."""

    __slots__ = ("_known", "_seal", "_stored", "epoch", "first", "last")

    def __init__(self, seal: Seal, epoch: bytes, first: int, stored: Sequence[bytes], known: Known = NOTHING) -> None:
        self._seal, self._stored, self._known, self.epoch = seal, stored, known, epoch
        self.first, self.last = first, first + len(stored) - 1

    def after(self, offset: int) -> Sequence[Entry]:
        skip = max(offset + 1 - self.first, 0)
        return [self._open(i, stored) for i, stored in enumerate(self._stored[skip:], self.first + skip)]

    def headers(self, offset: int) -> Sequence[bytes]:
        return [stored[:HEADER_BYTES] for stored in self._stored[max(offset + 1 - self.first, 0) :]]

    def _open(self, offset: int, stored: bytes) -> Entry:
        nonce = stored[:NONCE_BYTES]
        try:
            kind = ENTRY + nonce + stored[AT_END:HEADER_BYTES]
            event = self._known.get(nonce) or decode_event(self._seal.open(stored[HEADER_BYTES:], kind))
            return Entry(offset, int(stored[NONCE_BYTES:AT_END]), nonce.decode(), event)
        except (SealBroken, ValueError) as error:
            raise Unreadable from error


def read_batch(seal: Seal, message: bytes, known: Known) -> StoredRun:
    """A published batch. Raises Unreadable."""
    stored, start = [], BATCH_HEADER_BYTES
    while start < len(message):
        end = start + LENGTH_BYTES + int.from_bytes(message[start : start + LENGTH_BYTES])
        stored.append(message[start + LENGTH_BYTES : end])
        start = end
    if start != len(message) or not stored:
        raise Unreadable
    return StoredRun(seal, message[:NONCE_BYTES], int.from_bytes(message[NONCE_BYTES:BATCH_HEADER_BYTES]), stored, known)


class Page:
    """The answer of `read.lua`: a run of entries after an offset, and where the log stands.

    `moved`: it was begun on another run of a server, or lacks a part, and may not go on under this epoch.
    """

    __slots__ = ("_seal", "_sealed_snapshot", "base", "head", "moved", "nonce", "run", "settles_ms", "snapshot_offset")

    moved: bool
    settles_ms: int
    base: int
    head: int
    snapshot_offset: int
    nonce: bytes

    def __init__(self, seal: Seal, after: int, answer: Sequence[Any]) -> None:
        epoch, moved, self.settles_ms, self.base, self.head, self.snapshot_offset, sealed, self.nonce, stored = answer
        self._seal, self._sealed_snapshot, self.moved = seal, sealed, bool(moved)
        self.run = StoredRun(seal, epoch, max(after, self.base) + 1, stored)

    def snapshot(self) -> tuple[bytes, bytes]:
        """What the chain came to there, and the state; both empty when there is none. Raises Unreadable."""
        if not self._sealed_snapshot:
            return b"", b""
        try:
            content = self._seal.open(self._sealed_snapshot, SNAPSHOT + self.snapshot_offset.to_bytes(8))
        except (SealBroken, OverflowError) as error:
            raise Unreadable from error
        return content[:DIGEST_BYTES], content[DIGEST_BYTES:]
