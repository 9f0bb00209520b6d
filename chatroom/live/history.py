"""The entries of a room that this process keeps, for those who come back."""

from collections.abc import Sequence

from chatroom.core.entry_ids import Place
from chatroom.core.erasing import ERASED_BY, without_words
from chatroom.core.events import AnyEvent, Entry, Position, RoleChanged
from chatroom.core.limits import HISTORY_ENTRIES
from chatroom.core.room import Room, apply
from chatroom.core.stored import decode_room
from chatroom.core.views import VIEWS

RESUMED_ENTRIES_AT_MOST = 1_000


def fold(snapshot: bytes, entries: Sequence[Entry]) -> Room:
    """The room after those of the entries that follow the state of a snapshot, empty for none. Raises Unreadable."""
    room = decode_room(snapshot) if snapshot else Room()
    for entry in entries:
        if entry.offset > room.offset:
            apply(room, entry)
    return room


class History:
    """Entries `first` to `last`, without gaps; never more than HISTORY_ENTRIES for long."""

    def __init__(self, epoch: str, entries: Sequence[Entry] = ()) -> None:
        self.epoch = epoch
        self._epochs = {epoch}
        self._keep(entries)

    @property
    def entries(self) -> Sequence[Entry]:
        return self._entries

    def rename(self, epoch: str) -> None:
        """The log has another epoch from here on; positions under the earlier ones are still good."""
        self.epoch = epoch
        self._epochs.add(epoch)

    def replace(self, epoch: str, entries: Sequence[Entry]) -> None:
        """Keep others, under another epoch. A position that has the same nonce among them has the same entries before it."""
        self.rename(epoch)
        self._keep(entries)

    def _keep(self, entries: Sequence[Entry]) -> None:
        """Keep these; an erasure may have come to the log after the entry it erases was read."""
        self._entries = list(entries)
        for entry in entries:
            if type(entry.event) in ERASED_BY:
                self.erase(entry.event)

    def append(self, entry: Entry) -> None:
        self._entries.append(entry)
        if len(self._entries) > HISTORY_ENTRIES * 5 // 4:
            del self._entries[: len(self._entries) - HISTORY_ENTRIES]

    def place(self) -> Place:
        """The place of the newest entry."""
        last = self._entries[-1]
        return Place(last.offset, last.nonce)

    def erase(self, event: AnyEvent) -> None:
        """Leave no words in the entry whose words go with this event."""
        index = self._index(getattr(event, ERASED_BY[type(event)]))
        if 0 <= index < len(self._entries):
            entry = self._entries[index]
            self._entries[index] = Entry(entry.offset, entry.at, entry.nonce, without_words(entry.event))

    def since(self, position: Position | None, participant: str, *, moderates: bool = True) -> list[Entry] | None:
        """The entries after a position, or None when they are not all here, or too many, or not enough for this person.

        Someone whose role changed in between needs a snapshot: what was hidden before is not hidden now. Of entries hidden from
        who does not moderate there may be any number: it would show.
        """
        if position is None or position.epoch not in self._epochs:
            return None
        index = self._index(position.offset)
        if not 0 <= index < len(self._entries) or self._entries[index].nonce != position.nonce:
            return None
        entries = self._entries[index + 1 :]
        told = entries if moderates else [entry for entry in entries if _concerns(entry, participant)]
        too_many = len(told) > RESUMED_ENTRIES_AT_MOST
        return None if too_many or any(_changes_role(entry, participant) for entry in entries) else entries

    def clear(self) -> None:
        self._entries.clear()

    def _index(self, offset: int) -> int:
        return offset - self._entries[0].offset if self._entries else -1


def _concerns(entry: Entry, participant: str) -> bool:
    """Whether someone who does not moderate may be told of it."""
    return VIEWS[type(entry.event)].everyone is not None or getattr(entry.event, "participant", "") == participant


def _changes_role(entry: Entry, participant: str) -> bool:
    return isinstance(entry.event, RoleChanged) and entry.event.participant == participant
