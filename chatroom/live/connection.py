"""What a session needs of the connection under it, and frames that are ready for the wire."""

from collections.abc import Sequence
from typing import Protocol, Self

import msgspec

_encode = msgspec.json.Encoder().encode


class Frame(bytes):
    """One server frame, or several joined, encoded once: whole unmasked WebSocket text frames (RFC 6455, 5.2).

    `payloads` are the JSON texts in them.
    """

    payloads: tuple[bytes, ...]

    @classmethod
    def of(cls, fields: object) -> Self:
        """The frame of a struct or dict that names no entries."""
        return cls.of_payload(_encode(fields))

    @classmethod
    def of_payload(cls, payload: bytes) -> Self:
        """The frame of a JSON text."""
        length = len(payload)
        if length < 126:
            head = bytes((0x81, length))
        elif length < 65_536:
            head = b"\x81\x7e" + length.to_bytes(2, "big")
        else:
            head = b"\x81\x7f" + length.to_bytes(8, "big")
        frame = cls(head + payload)
        frame.payloads = (payload,)
        return frame

    @classmethod
    def joined(cls, frames: Sequence[Self]) -> Self:
        """Several frames, to leave in one write."""
        if len(frames) == 1:
            return frames[0]
        joined = cls(b"".join(frames))
        joined.payloads = tuple([payload for frame in frames for payload in frame.payloads])
        return joined


NO_SOCKET = -1


class Connection(Protocol):
    """One client's connection. None of these awaits or raises, also when the connection is gone."""

    @property
    def socket_number(self) -> int:
        """The socket that frames may be written to now, or NO_SOCKET: then all goes to `finish`.

        It MUST be NO_SOCKET before the socket is closed: another may get its number. When it changes, the session is told.
        """

    def finish(self, frame: Frame, sent: int) -> None:
        """Write what the socket did not take, as soon as it takes more. MUST be called before anything else is written."""

    def pending_bytes(self) -> int:
        """Bytes kept."""

    def close(self, code: int, reason: str) -> None:
        """Close with a WebSocket close code after what was written before."""

    def abort(self) -> None:
        """Cut the connection now; what is kept is lost."""
