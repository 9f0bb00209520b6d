"""What may happen: `decide` turns a command into events or refuses it.

Everything that is decided is decided here, from the room, the actor, the command and the time alone. Nothing here awaits,
logs, reads a clock or draws a random number, and deciding changes nothing: on a conflict it is done again.
"""

from collections.abc import Callable
from typing import Any

from chatroom.core import commands as c
from chatroom.core.events import Draft
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules import chair, moderate, seats, talk
from chatroom.core.rules.permissions import PERMISSIONS

Rule = Callable[[Room, Participant, Any, int], Draft]

_RULES: dict[type[c.Command], Rule] = {
    c.Post: talk.post,
    c.Retract: talk.retract,
    c.React: talk.react,
    c.Report: talk.report,
    c.Leave: talk.leave,
    c.ClaimReport: moderate.claim_report,
    c.ResolveReport: moderate.resolve_report,
    c.Mute: moderate.mute,
    c.Unmute: moderate.unmute,
    c.Redact: moderate.redact,
    c.Remove: moderate.remove,
    c.Readmit: moderate.readmit,
    c.ClearAddress: moderate.clear_address,
    c.Lock: moderate.lock,
    c.Unlock: moderate.unlock,
    c.ChangeRole: chair.change_role,
    c.Extend: chair.extend,
    c.End: chair.end,
}


def decide(room: Room, actor: str, command: c.AnyCommand, now: int) -> Draft:
    """The events that the command brings about, possibly none.

    `actor` is a participant id, empty for `Enter` and `Tick`; `now` is in milliseconds on the log's clock.
    Raises Refused.
    """
    if room.ended:
        raise Refused("no_such_room")
    if isinstance(command, c.Tick):
        return seats.due(room, command, now)
    if now >= room.ends_at:
        raise Refused("no_such_room")
    if isinstance(command, c.Enter):
        return seats.enter(room, command, now)
    person = room.people.get(actor)
    if person is None:
        raise Refused("not_joined")
    if isinstance(command, c.OpenSession):
        return seats.open_session(room, person, command, now)
    if isinstance(command, c.DropSession):
        return seats.drop_session(room, person, command, now)
    if not person.seated:
        raise Refused("removed" if person.removed_reason else "not_joined")
    assert isinstance(command, c.Command)
    if person.role not in PERMISSIONS[type(command)]:
        raise Refused("not_allowed")
    return _RULES[type(command)](room, person, command, now)


__all__ = ["PERMISSIONS", "decide"]
