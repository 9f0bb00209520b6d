"""The chain through a log: what whoever can write to its server cannot change unseen.

The server numbers and dates entries, so a writer cannot seal in where a draft will stand. But it knows what stood there before:
every draft is sealed together with a link, the offset of the newest entry that its writer had seen and a digest over the nonces
and times of all entries up to it. Within a draft each event is sealed together with the nonce of the one before. Whoever reads
the log checks every link against what really stands there.

So an entry that is moved, left out, doubled, swapped or dated anew breaks the link of each draft that was written by someone
who had seen it. What no link covers yet is the end: the newest entry, and those that were appended at the same moment.
"""

from collections.abc import Sequence
from hashlib import blake2b

from chatroom.core.formats import Unreadable

DIGEST_BYTES = 16
LINK_BYTES = 20
"""Offset (4, big-endian) and digest, or within a draft the nonce before and zeros."""
NONCE_BYTES, AT_END, BY_END = 8, 21, 53
HEADER_BYTES = BY_END + LINK_BYTES
NO_ORIGIN = bytes(BY_END - AT_END)
MAX_LAG = 2000
"""How far behind the head a writer may be; `append.lua` refuses those that are further behind."""


class Chain:
    """Digests by offset. A log that begins after 0 has forgotten what its first entries came to; a link or `pinned` tells.

    `pinned` are an offset and the digest there, which the snapshot was sealed with.
    """

    __slots__ = ("_base", "_digests", "_items", "_key", "_pinned")

    def __init__(self, key: bytes, base: int = 0, pinned: tuple[int, bytes] = (0, b"")) -> None:
        self._key, self._base, self._pinned = key, base, pinned
        self._items = [b"" if base else bytes(AT_END)]
        """Nonce and time of each entry from the one at `_base` on."""
        self._digests = [b"" if base else bytes(DIGEST_BYTES)]
        """Empty where it is not known."""
        self._pin()

    @property
    def offset(self) -> int:
        """Of the newest entry."""
        return self._base + len(self._items) - 1

    def digest_at(self, offset: int) -> bytes:
        """Empty when it is not known, or not any more."""
        return self._digests[offset - self._base] if self._base <= offset <= self.offset else b""

    def link(self) -> bytes:
        """For a draft whose writer has seen everything so far."""
        return self.offset.to_bytes(4) + (self._digests[-1] or bytes(DIGEST_BYTES))

    def link_within(self) -> bytes:
        """For an event that follows the newest in one draft."""
        return link_after(self._items[-1][:NONCE_BYTES])

    def take(self, headers: Sequence[bytes]) -> None:
        """Go on with these entries as they stand in the log. Raises Unreadable, and then stays as it was."""
        length = len(self._items)
        try:
            for header in headers:
                self._take_one(header)
        except Unreadable:
            del self._items[length:], self._digests[length:]
            raise

    def _take_one(self, header: bytes) -> None:
        if header[AT_END:BY_END] == NO_ORIGIN:
            before = self._items[-1][:NONCE_BYTES]
            if before and header[BY_END:] != link_after(before):
                raise Unreadable
        else:
            self._check(header[:NONCE_BYTES], int.from_bytes(header[BY_END : BY_END + 4]), header[BY_END + 4 :])
        item = header[:AT_END]
        self._digests.append(self._next(self._digests[-1], item))
        self._items.append(item)
        self._pin()

    def _check(self, nonce: bytes, seen: int, digest: bytes) -> None:
        """What the writer had seen is what stands here, and the entry does not stand after it already."""
        if not self.offset + 1 - MAX_LAG <= seen <= self.offset:
            raise Unreadable
        index = seen - self._base
        if index < 0:
            return
        if any(item.startswith(nonce) for item in self._items[index + 1 :]):
            raise Unreadable
        self._learn(index, digest)

    def _pin(self) -> None:
        offset, digest = self._pinned
        if digest and offset == self.offset:
            self._learn(offset - self._base, digest)

    def _learn(self, index: int, digest: bytes) -> None:
        """Raises Unreadable for a digest that is another one than what stands here comes to."""
        if self._digests[index] and self._digests[index] != digest:
            raise Unreadable
        if not self._digests[index]:
            self._digests[index:] = [digest]
            for item in self._items[index + 1 :]:
                self._digests.append(self._next(self._digests[-1], item))

    def _next(self, digest: bytes, item: bytes) -> bytes:
        return digest and blake2b(digest + item, key=self._key, digest_size=DIGEST_BYTES).digest()

    def back_to(self, offset: int) -> "Chain":
        """As it was at an offset that it still knows."""
        chain = Chain(self._key)
        kept = offset - self._base + 1
        chain._base, chain._items, chain._digests = self._base, self._items[:kept], self._digests[:kept]
        return chain

    def forget(self) -> None:
        """Forget what no link may name any more."""
        if (old := len(self._items) - 2 * MAX_LAG) > 0:
            del self._items[: old + MAX_LAG - 1], self._digests[: old + MAX_LAG - 1]
            self._base += old + MAX_LAG - 1


def link_after(nonce: bytes) -> bytes:
    return nonce.ljust(LINK_BYTES, b"\0")
