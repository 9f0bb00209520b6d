"""The token of a moderator link that was made in this process. Everyone else, the log too, has its hash alone."""

from collections.abc import Callable

from chatroom.core.command_base import Command
from chatroom.core.door_commands import NewModeratorLink, ReplaceModeratorLink
from chatroom.core.door_frames import ModeratorLink as ModeratorLinkFrame
from chatroom.core.identity import TOKEN_BYTES, new_token, token_hash
from chatroom.core.room import Room
from chatroom.live.connection import Frame
from chatroom.live.fanout import Fanout, Receiver


class ModeratorLink:
    """Makes tokens, and tells the one in force to those who moderate."""

    def __init__(self, room: Room, fanout: Fanout, random_bytes: Callable[[int], bytes]) -> None:
        self._room, self._fanout, self._random_bytes = room, fanout, random_bytes
        self._made: dict[bytes, str] = {}

    def asked(self, command: Command) -> Command | NewModeratorLink:
        """The command, with the hash of a new token where it asks for one."""
        if not isinstance(command, ReplaceModeratorLink):
            return command
        token = new_token(self._random_bytes(TOKEN_BYTES))
        self._made[token_hash(token)] = token
        return NewModeratorLink(command=command, token_hash=token_hash(token))

    def replaced(self) -> None:
        """There is a new link, or none: tell everyone who moderates, and forget the tokens before it."""
        self._made = {made: token for made, token in self._made.items() if made not in self._room.links.old}
        if frame := self._frame():
            self._fanout.to_everyone(None, frame)

    def tell(self, session: Receiver) -> None:
        """Someone is here again, or has another role."""
        if session.moderates and (frame := self._frame()):
            self._fanout.to_one(session, frame)

    def _frame(self) -> Frame | None:
        token = self._made.get(self._room.links.moderator, "")
        return Frame.of(ModeratorLinkFrame(token=token)) if token else None

    def clear(self) -> None:
        self._made.clear()
