"""What was accepted before is not refused later: who did not hear the answer asks again, when much may have changed."""

from collections.abc import Iterable
from itertools import chain

from chatroom.core.cases import Held
from chatroom.core.commands import Command
from chatroom.core.direct_commands import SayDirect
from chatroom.core.limits import READING_CODE_POINTS
from chatroom.core.messages import Message
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.safety_commands import SayToTeam
from chatroom.core.support_commands import SayPrivately
from chatroom.core.text import clean_optional
from chatroom.core.texts import Said

Words = Message | Held | Said


def stands_at(room: Room, actor: Participant, command: Command) -> int:
    """The offset of what was said by this very command before, 0 when nothing was."""
    origin_id = getattr(command, "origin_id", "")
    if not origin_id:
        return 0
    mine = (said for said in _place(room, actor, command) if said.by == actor.id and said.origin_id == origin_id)
    said = next(mine, None)
    return said.offset if said and (_is_gone(said) or _content(said) == (_name(command), _words(command))) else 0


def _place(room: Room, actor: Participant, command: Command) -> Iterable[Words]:
    """Where the command would have said it, the newest first. What was held was held before it was said."""
    if isinstance(command, SayPrivately):
        line = room.lines.get(command.line or actor.id)
        return reversed(line.said) if line else ()
    if isinstance(command, SayToTeam):
        return reversed(room.team.said)
    if isinstance(command, SayDirect):
        talk = room.direct.talk(actor.id, command.participant)
        return reversed(talk.said) if talk else ()
    return chain(reversed(room.cases.held.values()), reversed(room.messages.values()))


def _is_gone(said: Words) -> bool:
    """Whether its text is not here any more."""
    return not said.waits if isinstance(said, Held) else isinstance(said, Message) and bool(said.gone)


def _content(said: Words) -> tuple[str, str]:
    return "" if isinstance(said, Said) else said.name, said.text


def _name(command: Command) -> str:
    """Of the chip or the reply."""
    return str(getattr(command, "chip", getattr(command, "reply", "")))


def _words(command: Command) -> str | None:
    """What the command would say; None when it could not be said."""
    try:
        return clean_optional(getattr(command, "text", getattr(command, "words", "")), READING_CODE_POINTS)
    except Refused:
        return None
