"""Private lines, folded: one a person, between this person and the moderators."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core import support_events as s
from chatroom.core.event_base import Event
from chatroom.core.events import Entry
from chatroom.core.limits import LINES_KEPT
from chatroom.core.team import private_text
from chatroom.core.texts import Said, newest_said

if TYPE_CHECKING:
    from chatroom.core.room import Room


class Line(msgspec.Struct):
    """`said` holds the newest, oldest first."""

    open: bool = True
    claimed_by: str = ""
    said: list[Said] = []


def _line_opened(room: "Room", entry: Entry, event: s.LineOpened) -> None:
    if event.participant not in room.people:
        return
    line = room.lines.setdefault(event.participant, Line())
    line.open, line.claimed_by = True, ""
    _forget_oldest(room)


def _line_said(room: "Room", entry: Entry, event: s.LineSaid) -> None:
    line, person = room.lines.get(event.participant), room.people.get(event.by)
    if line and person:
        said = Said(entry.at, person.id, person.nickname, event.text, event.origin_id, entry.offset)
        line.said = newest_said([*line.said, said])
        private_text(room, entry.offset, event.text)


def _line_claimed(room: "Room", entry: Entry, event: s.LineClaimed) -> None:
    if line := room.lines.get(event.participant):
        line.claimed_by = event.by


def _line_closed(room: "Room", entry: Entry, event: s.LineClosed) -> None:
    if line := room.lines.get(event.participant):
        line.open = False
        _forget_oldest(room)


def _forget_oldest(room: "Room") -> None:
    """Of those who have left only the newest LINES_KEPT lines that are closed are kept."""
    closed = [name for name, line in room.lines.items() if not line.open and not room.people[name].seated]
    for name in closed[:-LINES_KEPT]:
        del room.lines[name]


APPLY: dict[type[Event], Callable[["Room", Entry, Any], None]] = {
    s.LineOpened: _line_opened,
    s.LineSaid: _line_said,
    s.LineClaimed: _line_claimed,
    s.LineClosed: _line_closed,
}
