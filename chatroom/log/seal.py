"""The seal over all that leaves the process, for Redis or a file: content encrypted, names hashed, both under the room key.

Three keys come from the room key (HKDF, RFC 5869): one seals (AES-256-GCM, SP 800-38D, random 96-bit nonces, far fewer than
2**32 a room), one names (HMAC-SHA-256, RFC 2104), one chains (BLAKE2b, RFC 7693; `chain.py`). What Redis can still tell:
offsets, times, counts and lengths.
"""

import hmac
import os
from base64 import urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

GCM_NONCE_BYTES = 12
DIGEST_BYTES = 16


class SealBroken(Exception):
    """The bytes were not sealed under this room's key, or were changed since."""


def derive(room_key: bytes, purpose: bytes) -> bytes:
    """A 32-byte key for one purpose."""
    return HKDF(SHA256(), 32, salt=None, info=b"chatroom log: " + purpose).derive(room_key)


def room_keys(room: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """The Redis keys that make up the log of a room of this name."""
    return room + b"meta", room + b"entries", room + b"origins", room + b"snapshot"


def room_channel(room: bytes) -> bytes:
    """Where it is said what is new in that log."""
    return room + b"channel"


class Seal:
    """Seals and names for one room; `room_key` is 32 random bytes."""

    __slots__ = ("_content", "_naming", "chain_key", "channel", "entries", "keys", "meta", "origins", "room", "snapshot")

    def __init__(self, room_key: bytes) -> None:
        self._content = AESGCM(derive(room_key, b"content"))
        self.chain_key = derive(room_key, b"chain")
        self._naming = hmac.new(derive(room_key, b"names"), digestmod="sha256")
        # The braces put all keys of a room into one slot of a Redis Cluster.
        self.room = b"chatroom:room:{" + urlsafe_b64encode(self.digest(b"", b"room")).rstrip(b"=") + b"}:"
        self.keys = room_keys(self.room)
        self.meta, self.entries, self.origins, self.snapshot = self.keys
        self.channel = room_channel(self.room)

    def close(self, content: bytes, kind: bytes) -> bytes:
        """Seal `content`; it opens only as the same `kind`."""
        nonce = os.urandom(GCM_NONCE_BYTES)
        return nonce + self._content.encrypt(nonce, content, kind)

    def open(self, sealed: bytes, kind: bytes) -> bytes:
        """What was sealed. Raises SealBroken."""
        try:
            return self._content.decrypt(sealed[:GCM_NONCE_BYTES], sealed[GCM_NONCE_BYTES:], kind)
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error

    def digest(self, name: bytes, kind: bytes) -> bytes:
        """16 bytes that stand for `name` in this room, as this `kind` of name, and tell nothing about it."""
        named = self._naming.copy()
        named.update(kind + b":" + name)
        return named.digest()[:DIGEST_BYTES]
