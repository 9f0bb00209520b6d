"""Who waits at the door of one room in this process."""

from typing import Protocol

from chatroom.core.door_events import KnockEnding
from chatroom.core.limits import DOOR_PLACES, DOOR_PLACES_PER_SOURCE
from chatroom.core.refusals import Close
from chatroom.live.closings import return_seconds
from chatroom.live.places import Connected, Waiters


class AtDoor(Connected, Protocol):
    """A session, as the door sees it."""

    id: str
    tried: tuple[int, int]

    def close(self, code: Close, retry_after_seconds: float = 0, detail: str = "") -> None: ...
    def refresh_door(self) -> None: ...
    def knock_ended(self, ending: KnockEnding) -> None: ...


class Doorway:
    """Those at the door, and who of them speaks for a knock. Of strangers DOOR_PLACES may wait here."""

    def __init__(self) -> None:
        self._all: set[AtDoor] = set()
        self._strangers: Waiters[AtDoor] = Waiters()
        self._knocks: dict[str, AtDoor] = {}

    def wait(self, session: AtDoor, *, is_stranger: bool) -> None:
        """Tell this session when the door changes; a stranger may have to make room for another."""
        self._all.add(session)
        if not is_stranger:
            self._strangers.discard(session, session.source)
            return
        self._strangers.add(session, session.source)
        near = session.source[0]
        if self._strangers.count(near) > DOOR_PLACES_PER_SOURCE:
            self._make_room(near)
        if len(self._strangers) > DOOR_PLACES:
            self._make_room(None)

    def _make_room(self, network: bytes | None) -> None:
        if longest := self._strangers.longest(network):
            longest.come_back()

    def leave(self, session: AtDoor) -> None:
        """It is in the room, or gone."""
        self._all.discard(session)
        self._strangers.discard(session, session.source)

    def refresh(self) -> None:
        """Tell everyone how the door is, where that changed."""
        for session in list(self._all):
            session.refresh_door()

    def wait_for(self, knock: str, session: AtDoor) -> None:
        """This session speaks for someone who knocked; an older one here does no longer."""
        older = self._knocks.get(knock)
        self._knocks[knock] = session
        if older and older is not session:
            older.close(Close.TAKEN_OVER)

    def waits_no_more(self, knock: str, session: AtDoor) -> None:
        """It does not speak for that knock any longer."""
        if self._knocks.get(knock) is session:
            del self._knocks[knock]

    def speaks_for(self, knock: str) -> AtDoor | None:
        """The session that speaks for this knock here."""
        return self._knocks.get(knock)

    def close(self, code: Close) -> None:
        """Send everyone away."""
        for session in list(self._all):
            session.close(code, return_seconds(code))

    def clear(self) -> None:
        """Forget everyone."""
        self._all.clear()
        self._knocks.clear()
        self._strangers = Waiters()
