"""What was accepted before is not refused later: who did not hear the answer asks again, when much may have changed."""

from chatroom.core.commands import Command
from chatroom.core.limits import READING_CODE_POINTS
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.text import clean_optional


def stands_at(room: Room, actor: Participant, command: Command) -> int:
    """The offset of the message that this very command brought about before, 0 when there is none."""
    origin_id = getattr(command, "origin_id", "")
    if not origin_id:
        return 0
    newest = reversed(room.messages.values())
    mine = (message for message in newest if message.by == actor.id and message.origin_id == origin_id)
    message = next(mine, None)
    return message.offset if message and (message.gone or message.text == _words(command)) else 0


def _words(command: Command) -> str | None:
    """What the command would say; None when it could not be said."""
    try:
        return clean_optional(getattr(command, "text", getattr(command, "words", "")), READING_CODE_POINTS)
    except Refused:
        return None
