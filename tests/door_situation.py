"""Who may give which command about the door, the pace and the calm, and for each command a moment in which it makes sense."""

from meeting import Meeting, enter

from chatroom.core import commands as c
from chatroom.core import door_commands as d
from chatroom.core.door_events import Door, Guard, GuardRaised, Signal
from chatroom.core.events import Role

MODERATORS = frozenset({Role.MODERATOR, Role.HOST})
DOOR_TABLE: dict[type[c.Command], frozenset[Role]] = {
    d.SetDoor: MODERATORS,
    d.Admit: MODERATORS,
    d.AdmitAll: MODERATORS,
    d.Decline: MODERATORS,
    d.SendBack: MODERATORS,
    d.ReplaceModeratorLink: frozenset({Role.HOST}),
    d.StopPosting: MODERATORS,
    d.ResumePosting: MODERATORS,
    d.Veil: MODERATORS,
    d.Unveil: MODERATORS,
    d.Calm: MODERATORS,
    d.EndCalm: MODERATORS,
    d.SetPace: MODERATORS,
    d.LowerGuard: MODERATORS,
}


def knocks(meeting: Meeting, *names: str) -> None:
    """The door asks everyone to knock, and these do."""
    if meeting.room.gate.door is not Door.KNOCK:
        meeting.do("Ada", d.SetDoor(door=Door.KNOCK))
    for name in names:
        meeting.do("", enter(name))


def guarded(meeting: Meeting, guard: Guard = Guard.WORK) -> None:
    """The guard goes up."""
    meeting.happens(GuardRaised(guard, Signal.JOINS, 30))


def door_command(meeting: Meeting, kind: type[c.Command]) -> c.Command:
    """The command, after what has to come before it."""
    if kind in (d.Admit, d.AdmitAll, d.Decline):
        knocks(meeting, "Kim")
    elif kind is d.ResumePosting:
        meeting.do("Ada", d.StopPosting())
    elif kind is d.Unveil:
        meeting.do("Ada", d.Veil())
    elif kind is d.EndCalm:
        meeting.do("Ada", d.Calm())
    elif kind is d.LowerGuard:
        guarded(meeting)
    commands: dict[type[c.Command], c.Command] = {
        d.SetDoor: d.SetDoor(door=Door.LOCKED),
        d.Admit: d.Admit(knock="Kim"),
        d.AdmitAll: d.AdmitAll(),
        d.Decline: d.Decline(knock="Kim"),
        d.SendBack: d.SendBack(participant="Cal", reason="please wait"),
        d.ReplaceModeratorLink: d.ReplaceModeratorLink(),
        d.StopPosting: d.StopPosting(),
        d.ResumePosting: d.ResumePosting(),
        d.Veil: d.Veil(),
        d.Unveil: d.Unveil(),
        d.Calm: d.Calm(),
        d.EndCalm: d.EndCalm(),
        d.SetPace: d.SetPace(slow_seconds=30, listen_minutes=0, hold_new=False),
        d.LowerGuard: d.LowerGuard(),
    }
    return commands[kind]
