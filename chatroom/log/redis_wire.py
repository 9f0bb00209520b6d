"""What goes to and comes from the scripts: drafts as sealed arguments, stored entries and published batches as `Entry`.

The byte layouts are those of `append.lua`: an entry is nonce (8) .. at (13 digits) .. origin (16) .. sealed; a published batch
is epoch (8) .. first offset (4, big-endian) .. for each entry its length (4, big-endian) .. entry.
"""

import os
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from chatroom.core.events import ORDINARY, AnyEvent, Draft, Entry, decode_event, encode_event
from chatroom.log.seal import Seal, SealBroken

NONCE_BYTES, AT_END, HEADER_BYTES = 8, 21, 37
BATCH_HEADER_BYTES, LENGTH_BYTES = 12, 4
ENTRY, SNAPSHOT = b"entry", b"snapshot"


class Foreign(Exception):
    """Bytes that no server of this room wrote."""


def token() -> bytes:
    """8 random characters: a nonce or an epoch."""
    return urlsafe_b64encode(os.urandom(6))


def seal_event(seal: Seal, event: AnyEvent) -> bytes:
    return seal.close(encode_event(event), ENTRY)


def string(data: bytes) -> msgspec.Raw:
    """Bytes as MessagePack's older type, the only one that Redis reads."""
    return msgspec.Raw(b"\xdb" + len(data).to_bytes(4) + data)


class SealedDraft(msgspec.Struct, frozen=True, array_like=True):
    """A draft for `append.lua`. `last_rule` counts which of its events is the last to change the rules, from 1; 0: none."""

    origin: msgspec.Raw
    fingerprint: msgspec.Raw
    last_rule: int
    events: list[msgspec.Raw]
    """Each nonce .. sealed."""
    erasures: list[tuple[int, msgspec.Raw]]


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
    drafts: list[SealedDraft]


def seal_draft(seal: Seal, draft: Draft, nonces: list[bytes]) -> SealedDraft:
    """`nonces` has one for each event."""
    return SealedDraft(
        string(seal.digest(draft.origin.encode(), b"origin")),
        string(seal.digest(draft.fingerprint, b"fingerprint")),
        max((i for i, event in enumerate(draft.events, 1) if type(event) not in ORDINARY), default=0),
        [string(nonce + seal_event(seal, event)) for nonce, event in zip(nonces, draft.events, strict=True)],
        [(offset, string(seal_event(seal, event))) for offset, event in draft.erases],
    )


def own_entries(draft: Draft, nonces: list[bytes], first: int, at: int) -> list[Entry]:
    """The entries of a draft that was stored from offset `first` on."""
    pairs = zip(nonces, draft.events, strict=True)
    return [Entry(offset, at, nonce.decode(), event) for offset, (nonce, event) in enumerate(pairs, first)]


class Run(Protocol):
    """Consecutive entries."""

    @property
    def first(self) -> int:
        """The offset of the first entry."""

    @property
    def last(self) -> int:
        """The offset of the last entry; `first - 1` when there is none."""

    def after(self, offset: int) -> Sequence[Entry]:
        """Those after an offset. Raises Foreign."""


class OwnRun:
    """Entries this process stored itself: nothing to open."""

    __slots__ = ("_entries", "first", "last")

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries, self.first, self.last = entries, entries[0].offset, entries[-1].offset

    def after(self, offset: int) -> Sequence[Entry]:
        return self._entries[max(offset + 1 - self.first, 0) :]


class StoredRun:
    """Entries as stored; they are opened only when wanted."""

    __slots__ = ("_seal", "_stored", "epoch", "first", "last")

    def __init__(self, seal: Seal, epoch: bytes, first: int, stored: Sequence[bytes]) -> None:
        self._seal, self._stored, self.epoch = seal, stored, epoch
        self.first, self.last = first, first + len(stored) - 1

    def after(self, offset: int) -> Sequence[Entry]:
        skip = max(offset + 1 - self.first, 0)
        return [self._open(i, stored) for i, stored in enumerate(self._stored[skip:], self.first + skip)]

    def _open(self, offset: int, stored: bytes) -> Entry:
        try:
            event = decode_event(self._seal.open(stored[HEADER_BYTES:], ENTRY))
            return Entry(offset, int(stored[NONCE_BYTES:AT_END]), stored[:NONCE_BYTES].decode(), event)
        except (SealBroken, msgspec.DecodeError, ValueError) as error:
            raise Foreign from error


def read_batch(seal: Seal, message: bytes) -> StoredRun:
    """A published batch. Raises Foreign."""
    stored, start = [], BATCH_HEADER_BYTES
    while start < len(message):
        end = start + LENGTH_BYTES + int.from_bytes(message[start : start + LENGTH_BYTES])
        stored.append(message[start + LENGTH_BYTES : end])
        start = end
    if start != len(message) or not stored:
        raise Foreign
    return StoredRun(seal, message[:NONCE_BYTES], int.from_bytes(message[NONCE_BYTES:BATCH_HEADER_BYTES]), stored)


class Page:
    """The answer of `read.lua`: a run of entries after an offset, and where the log stands."""

    __slots__ = ("_seal", "_sealed_snapshot", "base", "head", "nonce", "run", "snapshot_offset")

    base: int
    head: int
    snapshot_offset: int
    nonce: bytes

    def __init__(self, seal: Seal, after: int, answer: Sequence[Any]) -> None:
        epoch, self.base, self.head, self.snapshot_offset, self._sealed_snapshot, self.nonce, stored = answer
        self._seal = seal
        self.run = StoredRun(seal, epoch, max(after, self.base) + 1, stored)

    def snapshot(self) -> bytes:
        """Raises Foreign."""
        try:
            return self._seal.open(self._sealed_snapshot, SNAPSHOT) if self.snapshot_offset else b""
        except SealBroken as error:
            raise Foreign from error
