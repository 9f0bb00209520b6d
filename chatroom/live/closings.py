"""With which code, and until when, people are sent away from a room."""

import random

from chatroom.core.refusals import Close, Refused
from chatroom.core.room import Participant, Standing

RETURN_SECONDS = 5.0
"""Within which those come back who are sent away because the room goes on elsewhere."""

_GONE = {
    Standing.HERE: Close.TAKEN_OVER,
    Standing.DROPPED: Close.UNAVAILABLE,
    Standing.LEFT: Close.LEFT,
    Standing.REMOVED: Close.REMOVED,
}
"""By how the person stands whom a session no longer speaks for; who was taken for lost may come back."""


def gone_code(person: Participant | None) -> Close:
    """Why a session no longer speaks for this person's seat."""
    return _GONE[person.standing if person else Standing.LEFT]


def return_seconds(code: Close) -> float:
    """After how long to come back: each at another time when all go at once; 0 for the code's own."""
    return round(random.uniform(0.2, RETURN_SECONDS), 2) if code is Close.RESTARTING else 0


def refusal_after(code: Close) -> Refused:
    """What is answered to whatever still waits in a room that is not served here any more."""
    return Refused("reconnecting", 2) if code is Close.RESTARTING else Refused("no_such_room")
