"""What one room's frames and commands look like outside: entries named by ids, places in the log by sealed positions.

Both are made with the room's `ids_key`, which every process finds in the log and no client has, though clients have the room's
key: so all processes give the same ids, and nobody else can read or make one.
- An id is one AES block over the offset: a pseudorandom permutation, so ids have no order and no gaps, and what was not made
  here names nothing.
- A position is sealed (AES-256-GCM) with a nonce of its own each time: two of the same place are as different as two others.
"""

import struct
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from chatroom.core.command_base import Command
from chatroom.core.entry_ids import EntryId, Place
from chatroom.core.events import Position
from chatroom.core.identity import subkey
from chatroom.core.wire import UNKNOWN, command_decoder, decode_command
from chatroom.live.connection import Frame
from chatroom.live.history import History

BLOCK_BYTES = 16
OFFSET_BITS = 32
ID_CHARACTERS = 22
GCM_NONCE_BYTES = 12
_CONTENT = struct.Struct("!I8s8s")
"""Offset, epoch, nonce: a whole number of base64 characters when sealed."""


class RoomWire:
    """`random_bytes` draws the nonces of positions; their epoch is that of the history."""

    def __init__(self, ids_key: bytes, history: History, random_bytes: Callable[[int], bytes]) -> None:
        self._history = history
        block = Cipher(AES(subkey(ids_key, b"entry ids")), ECB())  # single blocks, each of another offset
        self._encrypt, self._decrypt = block.encryptor().update, block.decryptor().update
        self._positions = AESGCM(subkey(ids_key, b"positions"))
        self._random_bytes = random_bytes
        self._encode = msgspec.json.Encoder(enc_hook=self._outside).encode
        self._decoder = command_decoder(self.offset_of)

    # ---- frames and commands -----------------------------------------------------------------------------------------

    def frame(self, fields: object) -> Frame:
        """The frame of a struct or dict."""
        return Frame.of_payload(self._encode(fields))

    def command(self, data: str, *, is_newer: bool = False) -> Command:
        """The command in a text frame. Raises Refused, as `decode_command` does."""
        return decode_command(data, self._decoder, is_newer=is_newer)

    def _outside(self, value: object) -> str:
        if isinstance(value, EntryId):
            return self.id_of(value)
        if isinstance(value, Place):
            return self.seal(Position(self._history.epoch, value.offset, value.nonce))
        raise NotImplementedError(type(value))

    # ---- ids ---------------------------------------------------------------------------------------------------------

    def id_of(self, offset: int) -> str:
        """22 characters that name the entry, none for 0."""
        if not offset:
            return ""
        return urlsafe_b64encode(self._encrypt(offset.to_bytes(BLOCK_BYTES)))[:ID_CHARACTERS].decode()

    def offset_of(self, name: str) -> int:
        """The offset that this id stands for; UNKNOWN when it was not made here."""
        try:
            block = b64decode(name + "==", altchars=b"-_", validate=True)
        except ValueError:
            return UNKNOWN
        offset = int.from_bytes(self._decrypt(block)) if len(block) == BLOCK_BYTES else 0
        return offset if 0 < offset < 2**OFFSET_BITS else UNKNOWN

    # ---- positions ---------------------------------------------------------------------------------------------------

    def seal(self, position: Position) -> str:
        """64 characters that say nothing, whatever the position."""
        nonce = self._random_bytes(GCM_NONCE_BYTES)
        content = _CONTENT.pack(position.offset, position.epoch.encode(), position.nonce.encode())
        return urlsafe_b64encode(nonce + self._positions.encrypt(nonce, content, None)).decode()

    def open(self, sealed: str) -> Position | None:
        """The position; None for what was not sealed here, which is like having no position."""
        try:
            data = urlsafe_b64decode(sealed)
            offset, epoch, nonce = _CONTENT.unpack(
                self._positions.decrypt(data[:GCM_NONCE_BYTES], data[GCM_NONCE_BYTES:], None)
            )
            return Position(epoch.rstrip(b"\0").decode(), offset, nonce.rstrip(b"\0").decode())
        except (ValueError, InvalidTag, struct.error):
            return None
