"""The guard in tests: out of the way, or answered as a page answers it."""

import itertools

import pytest

from chatroom.core.door_frames import Work
from chatroom.live.proof_of_work import is_proof


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come at once, no room is guarded: for tests about something else."""
    monkeypatch.setattr("chatroom.core.guard.GUARD_JOINS_AT_LEAST", 10**6)


def proof_of(work: dict[str, object]) -> str:
    """The answer to the puzzle of a `door` frame."""
    puzzle = Work(str(work["salt"]), int(str(work["bits"])))
    return next(nonce for nonce in map(str, itertools.count()) if is_proof(puzzle, nonce))
