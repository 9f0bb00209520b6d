"""A small proof of work at the door, while the room is guarded: a machine that sends many has to work for each."""

from collections.abc import Callable
from hashlib import sha256

from chatroom.core.door_frames import Work
from chatroom.core.identity import new_token
from chatroom.core.limits import WORK_BITS


def is_proof(work: Work, nonce: str) -> bool:
    """Whether SHA-256 (FIPS 180-4) of `salt:nonce` begins with as many zero bits as the puzzle asks for."""
    digest = int.from_bytes(sha256(f"{work.salt}:{nonce}".encode("utf-8", "surrogatepass")).digest())
    return digest >> (256 - work.bits) == 0


class Puzzle:
    """The puzzle of one connection. Its salt is used for one answer, right or wrong."""

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        self._random_bytes = random_bytes
        self._work: Work | None = None

    def ask(self) -> Work:
        """The puzzle that stands."""
        if self._work is None:
            self._work = Work(new_token(self._random_bytes(16)), WORK_BITS)
        return self._work

    def answer(self, nonce: str) -> bool:
        """Whether this answers the puzzle that stands; the next `ask` gives another."""
        work, self._work = self._work, None
        return work is not None and is_proof(work, nonce)
