"""Who may give which command about support, and for each command a moment in which it makes sense."""

from meeting import Meeting

from chatroom.core import commands as c
from chatroom.core import floor_commands as fc
from chatroom.core import support_commands as s
from chatroom.core.events import Role
from chatroom.core.support_events import Feeling, PollKind

EVERYONE = frozenset(Role)
MODERATORS = frozenset({Role.MODERATOR, Role.HOST})
HOSTS = frozenset({Role.HOST})
SUPPORT_TABLE: dict[type[c.Command], frozenset[Role]] = {
    s.Thank: EVERYONE,
    s.TakeChip: EVERYONE,
    s.StartCheckIn: HOSTS,
    s.CheckIn: EVERYONE,
    s.PassCheckIn: EVERYONE,
    s.CloseCheckIn: HOSTS,
    s.OpenPoll: HOSTS,
    s.Vote: EVERYONE,
    s.ClosePoll: HOSTS,
    s.AskSupport: EVERYONE,
    s.SayPrivately: EVERYONE,
    s.ClaimLine: MODERATORS,
    s.CloseLine: MODERATORS,
}
POLL = s.OpenPoll(question="Topic?", options=("Gratitude", "Step one"), kind=PollKind.SINGLE)


def support_command(meeting: Meeting, kind: type[c.Command]) -> c.Command:
    """The command, after what has to come before it."""
    poll = 1
    if kind is s.TakeChip:
        meeting.do("Ada", fc.AllowChips(on=True))
    elif kind in (s.CheckIn, s.PassCheckIn, s.CloseCheckIn):
        meeting.do("Ada", s.StartCheckIn())
    elif kind in (s.Vote, s.ClosePoll):
        poll = meeting.do("Ada", POLL)
    elif kind in (s.SayPrivately, s.ClaimLine, s.CloseLine):
        for name in ("Ada", "Mo", "Bea"):
            meeting.do(name, s.AskSupport())
    commands: dict[type[c.Command], c.Command] = {
        s.Thank: s.Thank(origin_id="origin-1", reply=s.ThanksReply.I_HEAR_YOU),
        s.TakeChip: s.TakeChip(origin_id="origin-1", chip=s.Chip.DAYS_30),
        s.StartCheckIn: s.StartCheckIn(),
        s.CheckIn: s.CheckIn(feeling=Feeling.CALM, urge=3),
        s.PassCheckIn: s.PassCheckIn(),
        s.CloseCheckIn: s.CloseCheckIn(),
        s.OpenPoll: POLL,
        s.Vote: s.Vote(poll=poll, choices=(0,)),
        s.ClosePoll: s.ClosePoll(poll=poll),
        s.AskSupport: s.AskSupport(),
        s.SayPrivately: s.SayPrivately(origin_id="origin-1", text="it is a hard day"),
        s.ClaimLine: s.ClaimLine(line="Bea"),
        s.CloseLine: s.CloseLine(line="Bea"),
    }
    return commands[kind]
