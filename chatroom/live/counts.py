"""What this process cut off or turned away since it started: numbers alone, not who, when or where from."""

from collections import Counter
from enum import StrEnum


class Cut(StrEnum):
    """Why this side ended a connection. The values name the numbers in the log; docs/operations.md explains them."""

    CROWDED = "crowded"
    NO_REQUEST = "no_request"
    BAD_REQUEST = "bad_request"
    NO_HELLO = "no_hello"
    BAD_FRAMES = "bad_frames"
    NO_PONG = "no_pong"
    SLOW_READER = "slow_reader"


Counts = Counter[Cut]
