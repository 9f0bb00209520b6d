"""Who may give which command about what waits, the team and direct messages, and for each a moment in which it makes sense."""

from meeting import Meeting

from chatroom.core import commands as c
from chatroom.core import direct_commands as d
from chatroom.core import safety_commands as s
from chatroom.core.events import ReportReason, Role
from chatroom.core.safety_events import Danger, Topic, Word, WordKind, WordVerdict

EVERYONE = frozenset(Role)
MODERATORS = frozenset({Role.MODERATOR, Role.HOST})
HOSTS = frozenset({Role.HOST})
SAFETY_TABLE: dict[type[c.Command], frozenset[Role]] = {
    s.Claim: MODERATORS,
    s.AcceptHeld: MODERATORS,
    s.RejectHeld: MODERATORS,
    s.Worry: EVERYONE,
    s.ResolveConcern: MODERATORS,
    s.OpenLine: MODERATORS,
    s.RedactAll: MODERATORS,
    s.SayToTeam: MODERATORS,
    s.WriteNote: MODERATORS,
    s.TakeBreak: MODERATORS,
    s.EndBreak: MODERATORS,
    s.NoteContent: EVERYONE,
    s.SetWords: MODERATORS,
    d.SetDirect: HOSTS,
    d.AskDirect: EVERYONE,
    d.AnswerDirect: EVERYONE,
    d.SayDirect: EVERYONE,
    d.EndDirect: EVERYONE,
    d.ReportDirect: EVERYONE,
}
WORDS = (Word("free money", WordKind.LITERAL, WordVerdict.HOLD),)


def hold(meeting: Meeting, name: str, text: str = "call me", concern: Danger = Danger.NONE) -> int:
    """Words of someone that a policy held; where they wait."""
    said = c.Post(origin_id=f"held-by-{len(meeting.entries):03}", text=text)
    return meeting.do(name, c.Reviewed(command=said, hold="contact", reason="a phone number", concern=concern))


def talk(meeting: Meeting, one: str, other: str) -> None:
    """Two people agree to write to each other."""
    if not meeting.room.direct.on:
        meeting.do("Ada", d.SetDirect(on=True))
    meeting.do(one, d.AskDirect(participant=other))
    meeting.do(other, d.AnswerDirect(participant=one, yes=True))


def write(meeting: Meeting, one: str, other: str, text: str) -> int:
    """Something written by one to the other: where it stands in the copy of the other."""
    origin_id = f"direct-{len(meeting.entries):03}"
    return meeting.do(one, d.SayDirect(participant=other, origin_id=origin_id, text=text)) + 1


def safety_command(meeting: Meeting, kind: type[c.Command], report: int, actor: str) -> c.Command:
    """The command, after what has to come before it."""
    offset = 1
    if kind in (s.AcceptHeld, s.RejectHeld):
        offset = hold(meeting, "Cal")
    elif kind is s.ResolveConcern:
        offset = meeting.do("Cal", s.Worry(participant="Eve"))
    elif kind is s.NoteContent:
        offset = meeting.say(actor, "mine as well")
    elif kind is s.TakeBreak:
        meeting.come_in("Max", Role.MODERATOR)
    elif kind is s.EndBreak:
        meeting.come_in("Max", Role.MODERATOR)
        for name in ("Ada", "Mo"):
            meeting.do(name, s.TakeBreak())
    elif kind is d.AskDirect:
        meeting.do("Ada", d.SetDirect(on=True))
    elif kind is d.AnswerDirect:
        meeting.do("Ada", d.SetDirect(on=True))
        meeting.do("Cal", d.AskDirect(participant=actor))
    elif kind in (d.SayDirect, d.EndDirect, d.ReportDirect):
        talk(meeting, "Cal", actor)
        offset = write(meeting, "Cal", actor, "hello you")
    commands: dict[type[c.Command], c.Command] = {
        s.Claim: s.Claim(item=report),
        s.AcceptHeld: s.AcceptHeld(held=offset),
        s.RejectHeld: s.RejectHeld(held=offset, reason="a phone number"),
        s.Worry: s.Worry(participant="Cal"),
        s.ResolveConcern: s.ResolveConcern(concern=offset),
        s.OpenLine: s.OpenLine(participant="Cal"),
        s.RedactAll: s.RedactAll(participant="Cal", reason="adverts"),
        s.SayToTeam: s.SayToTeam(origin_id="origin-1", text="who takes Cal?"),
        s.WriteNote: s.WriteNote(participant="Cal", text="first time here"),
        s.TakeBreak: s.TakeBreak(),
        s.EndBreak: s.EndBreak(),
        s.NoteContent: s.NoteContent(message=offset, topic=Topic.DEATH),
        s.SetWords: s.SetWords(words=WORDS),
        d.SetDirect: d.SetDirect(on=True),
        d.AskDirect: d.AskDirect(participant="Cal"),
        d.AnswerDirect: d.AnswerDirect(participant="Cal", yes=True),
        d.SayDirect: d.SayDirect(participant="Cal", origin_id="origin-1", text="hello"),
        d.EndDirect: d.EndDirect(participant="Cal"),
        d.ReportDirect: d.ReportDirect(participant="Cal", said=offset, reason=ReportReason.UNSAFE),
    }
    return commands[kind]
