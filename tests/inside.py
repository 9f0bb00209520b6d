"""Frames and commands of a room as the server means them: ids are offsets, positions lists [epoch, offset, nonce].

Only a test that has the room's `ids_key` can read them so.
"""

from typing import Any

from chatroom.core import commands
from chatroom.core.entry_ids import entry_fields
from chatroom.core.events import Position
from chatroom.core.frames import ENTRY_FRAMES, PERSONAL_FRAMES, SERVER_FRAMES
from chatroom.core.wire import UNKNOWN
from chatroom.live.history import History
from chatroom.live.room_wire import ID_CHARACTERS, RoomWire

Frame = dict[str, Any]
IDS_KEY = bytes(range(32))
WIRE = RoomWire(IDS_KEY, History(""), bytes)
"""The names of entries in rooms that are nothing but a fold."""
_COMMANDS = {str(command.__struct_config__.tag): entry_fields(command) for command in commands.WIRE}
NAMES = {"id"}.union(*(entry_fields(frame) for frame in (*SERVER_FRAMES, *ENTRY_FRAMES, *PERSONAL_FRAMES)))
"""The names of all fields that name entries."""


class Inside:
    def __init__(self, ids_key: bytes) -> None:
        self._wire = RoomWire(ids_key, History(""), lambda count: bytes(count))

    def frame(self, frame: Frame) -> Frame:
        """A frame of the server, as it is meant."""
        found: Frame = self._read("", frame)
        return found

    def _read(self, name: str, value: object) -> Any:
        if isinstance(value, dict):
            return {self._key(key): self._read(key, one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._read("", one) for one in value]
        if name == "position":
            position = self._wire.open(str(value))
            assert position is not None, value
            return [position.epoch, position.offset, position.nonce]
        return self._offset(value) if name in NAMES else value

    def _offset(self, value: object) -> int:
        assert isinstance(value, str), f"{value!r} should be an id"
        offset = self._wire.offset_of(value) if value else 0
        assert offset != UNKNOWN, value
        return offset

    def _key(self, key: str) -> str:
        offset = self._wire.offset_of(key) if len(key) == ID_CHARACTERS else UNKNOWN
        return key if offset == UNKNOWN else str(offset)

    def command(self, fields: Frame) -> Frame:
        """A command as a client sends it, from one with offsets and lists; what is not so stays as it is."""
        names = _COMMANDS.get(fields.get("do", ""), frozenset())
        return {name: self._named(value) if name in names else self._sealed(name, value) for name, value in fields.items()}

    def _named(self, value: object) -> object:
        return self._wire.id_of(value) if type(value) is int and 0 <= value < 2**32 else value

    def _sealed(self, name: str, value: object) -> object:
        match value:
            case [str(epoch), int(offset), str(nonce)] if name == "position" and 0 <= offset < 2**32:
                return self._wire.seal(Position(epoch, offset, nonce))
        return value
