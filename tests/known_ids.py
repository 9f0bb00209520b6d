"""`python -m known_ids serve`: the command line, for rooms whose ids the tests can read (`inside.py`)."""

from typing import Any

from inside import IDS_KEY

from chatroom.core.events import RoomOpened
from chatroom.live import opening
from chatroom.web.cli import main


def opened(**fields: Any) -> RoomOpened:
    return RoomOpened(**fields | {"ids_key": IDS_KEY})


if __name__ == "__main__":
    opening.RoomOpened = opened  # type: ignore[assignment, attr-defined]
    main()
