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
    """The puzzle of one connection, worth one seat. A wrong answer changes nothing: guessing costs more than working it out."""

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        self._random_bytes = random_bytes
        self._work: Work | None = None
        self._is_solved = False

    def ask(self) -> Work | None:
        """The puzzle, None once it is solved."""
        if self._work is None:
            self._work = Work(new_token(self._random_bytes(16)), WORK_BITS)
        return None if self._is_solved else self._work

    def answer(self, nonce: str) -> bool:
        """Whether the puzzle is solved, by this or before."""
        self._is_solved = self._is_solved or (self._work is not None and is_proof(self._work, nonce))
        return self._is_solved

    def spend(self) -> None:
        """A seat was taken for it: the next `ask` gives another."""
        self._work, self._is_solved = None, False
