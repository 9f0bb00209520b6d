"""What was accepted before is not refused later: who did not hear the answer asks again, when much may have changed."""

from collections.abc import Iterable

from chatroom.core.commands import Command
from chatroom.core.limits import READING_CODE_POINTS
from chatroom.core.lines import Said
from chatroom.core.messages import Message
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.support_commands import SayPrivately
from chatroom.core.text import clean_optional


def stands_at(room: Room, actor: Participant, command: Command) -> int:
    """The offset of what was said by this very command before, 0 when nothing was."""
    origin_id = getattr(command, "origin_id", "")
    if not origin_id:
        return 0
    mine = (said for said in _place(room, actor, command) if said.by == actor.id and said.origin_id == origin_id)
    said = next(mine, None)
    return said.offset if said and (_is_gone(said) or _content(said) == (_name(command), _words(command))) else 0


def _place(room: Room, actor: Participant, command: Command) -> Iterable[Message | Said]:
    """Where the command would have said it, the newest first."""
    if not isinstance(command, SayPrivately):
        return reversed(room.messages.values())
    line = room.lines.get(command.line or actor.id)
    return reversed(line.said) if line else ()


def _is_gone(said: Message | Said) -> bool:
    return isinstance(said, Message) and bool(said.gone)


def _content(said: Message | Said) -> tuple[str, str]:
    return said.name if isinstance(said, Message) else "", said.text


def _name(command: Command) -> str:
    """Of the chip or the reply."""
    return str(getattr(command, "chip", getattr(command, "reply", "")))


def _words(command: Command) -> str | None:
    """What the command would say; None when it could not be said."""
    try:
        return clean_optional(getattr(command, "text", getattr(command, "words", "")), READING_CODE_POINTS)
    except Refused:
        return None
