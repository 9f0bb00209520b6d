"""Who may do what: command x role. `docs/protocol.md` prints this table and a test compares them."""

from chatroom.core import commands as c
from chatroom.core.events import Role
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room

ANYONE = frozenset(Role)
MODERATORS = frozenset({Role.MODERATOR, Role.HOST})
HOSTS = frozenset({Role.HOST})

PERMISSIONS: dict[type[c.Command], frozenset[Role]] = {
    c.Post: ANYONE,
    c.Retract: ANYONE,
    c.React: ANYONE,
    c.Report: ANYONE,
    c.Earlier: ANYONE,
    c.Leave: ANYONE,
    c.ClaimReport: MODERATORS,
    c.ResolveReport: MODERATORS,
    c.Mute: MODERATORS,
    c.Unmute: MODERATORS,
    c.Redact: MODERATORS,
    c.Remove: MODERATORS,
    c.Readmit: MODERATORS,
    c.ClearAddress: MODERATORS,
    c.Lock: MODERATORS,
    c.Unlock: MODERATORS,
    c.ChangeRole: HOSTS,
    c.Extend: HOSTS,
    c.End: HOSTS,
}

RANK = {Role.PARTICIPANT: 0, Role.MODERATOR: 1, Role.HOST: 2}


def someone_below(room: Room, actor: Participant, participant: str) -> Participant:
    """The person a moderator acts on. Raises Refused: no_such_person, not_above_you."""
    person = room.people.get(participant)
    if person is None:
        raise Refused("no_such_person")
    if RANK[person.role] >= RANK[actor.role]:
        raise Refused("not_above_you")
    return person
