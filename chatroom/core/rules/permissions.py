"""Who may do what: command x role, and command x helper. `docs/protocol.md` prints both tables and a test compares them."""

from chatroom.core import commands as c
from chatroom.core import direct_commands as d
from chatroom.core import door_commands as dc
from chatroom.core import floor_commands as fc
from chatroom.core import safety_commands as sc
from chatroom.core import support_commands as s
from chatroom.core.events import Role
from chatroom.core.floor_events import Helper
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.same_person import own_seats
from chatroom.core.team import on_duty

ANYONE = frozenset(Role)
MODERATORS = frozenset({Role.MODERATOR, Role.HOST})
HOSTS = frozenset({Role.HOST})

PERMISSIONS: dict[type[c.Command], frozenset[Role]] = {
    c.Post: ANYONE,
    c.Retract: ANYONE,
    c.React: ANYONE,
    c.Report: ANYONE,
    c.Earlier: ANYONE,
    c.People: ANYONE,
    c.Leave: ANYONE,
    c.ResolveReport: MODERATORS,
    c.Mute: MODERATORS,
    c.Unmute: MODERATORS,
    c.Redact: MODERATORS,
    c.Remove: MODERATORS,
    c.Readmit: MODERATORS,
    c.ClearAddress: MODERATORS,
    dc.SetDoor: MODERATORS,
    dc.Admit: MODERATORS,
    dc.AdmitAll: MODERATORS,
    dc.Decline: MODERATORS,
    dc.SendBack: MODERATORS,
    dc.ReplaceModeratorLink: HOSTS,
    dc.StopPosting: MODERATORS,
    dc.ResumePosting: MODERATORS,
    dc.Veil: MODERATORS,
    dc.Unveil: MODERATORS,
    dc.Calm: MODERATORS,
    dc.EndCalm: MODERATORS,
    dc.SetPace: MODERATORS,
    dc.LowerGuard: MODERATORS,
    c.ChangeRole: HOSTS,
    c.Extend: HOSTS,
    c.End: HOSTS,
    fc.NextPhase: HOSTS,
    fc.GoToPhase: HOSTS,
    fc.ChangeScript: HOSTS,
    fc.RunOnClock: HOSTS,
    fc.SetTopic: HOSTS,
    fc.ReadText: HOSTS,
    fc.AllowChips: HOSTS,
    fc.SetFellowship: HOSTS,
    fc.NameHelper: HOSTS,
    fc.TakeChair: frozenset({Role.MODERATOR}),
    fc.RaiseHand: ANYONE,
    fc.LowerHand: ANYONE,
    fc.Later: ANYONE,
    fc.FinishShare: ANYONE,
    fc.PassFloor: ANYONE,
    fc.SayTyping: ANYONE,
    fc.KeepFloor: ANYONE,
    fc.AcceptFloor: ANYONE,
    fc.Invite: MODERATORS,
    fc.MoveHand: MODERATORS,
    fc.SkipShare: MODERATORS,
    fc.CloseQueue: MODERATORS,
    fc.OpenQueue: MODERATORS,
    fc.LastWord: MODERATORS,
    fc.SetFloor: HOSTS,
    s.Thank: ANYONE,
    s.TakeChip: ANYONE,
    s.StartCheckIn: HOSTS,
    s.CheckIn: ANYONE,
    s.PassCheckIn: ANYONE,
    s.CloseCheckIn: HOSTS,
    s.OpenPoll: HOSTS,
    s.Vote: ANYONE,
    s.ClosePoll: HOSTS,
    s.AskSupport: ANYONE,
    s.SayPrivately: ANYONE,
    s.ClaimLine: MODERATORS,
    s.CloseLine: MODERATORS,
    sc.Claim: MODERATORS,
    sc.AcceptHeld: MODERATORS,
    sc.RejectHeld: MODERATORS,
    sc.Worry: ANYONE,
    sc.ResolveConcern: MODERATORS,
    sc.OpenLine: MODERATORS,
    sc.RedactAll: MODERATORS,
    sc.SayToTeam: MODERATORS,
    sc.WriteNote: MODERATORS,
    sc.TakeBreak: MODERATORS,
    sc.EndBreak: MODERATORS,
    sc.NoteContent: ANYONE,
    sc.SetWords: MODERATORS,
    d.SetDirect: HOSTS,
    d.AskDirect: ANYONE,
    d.AnswerDirect: ANYONE,
    d.SayDirect: ANYONE,
    d.EndDirect: ANYONE,
    d.ReportDirect: ANYONE,
}

_LEADS = frozenset({Helper.COHOST})
HELPERS: dict[type[c.Command], frozenset[Helper]] = {
    c.Extend: _LEADS,
    fc.NextPhase: _LEADS,
    fc.GoToPhase: _LEADS,
    fc.ChangeScript: _LEADS,
    fc.RunOnClock: _LEADS,
    fc.SetTopic: _LEADS,
    fc.ReadText: _LEADS | {Helper.READER},
    fc.AllowChips: _LEADS,
    fc.SetFellowship: _LEADS,
    fc.SkipShare: frozenset({Helper.TIMEKEEPER}),
    fc.SetFloor: _LEADS | {Helper.TIMEKEEPER},
    s.StartCheckIn: _LEADS,
    s.CloseCheckIn: _LEADS,
    s.OpenPoll: _LEADS,
    s.ClosePoll: _LEADS,
}
"""Helpers who may give a command that their role does not include. Who took the chair is a co-host in this."""

RANK = {Role.PARTICIPANT: 0, Role.MODERATOR: 1, Role.HOST: 2}


def leads(room: Room, person: Participant) -> bool:
    """Whether this person leads the meeting: a host, the co-host, or who took the chair."""
    return person.role is Role.HOST or _helper(room, person) is Helper.COHOST


def may(room: Room, person: Participant, command: type[c.Command]) -> bool:
    """Whether this person's role, or what they help with, includes the command."""
    return person.role in PERMISSIONS[command] or _helper(room, person) in HELPERS.get(command, ())


def _helper(room: Room, person: Participant) -> Helper:
    return Helper.COHOST if room.chair == person.id else person.helper


def refuse_muted(person: Participant, now: int) -> None:
    """Raises Refused muted."""
    if person.muted_until > now:
        raise Refused("muted", (person.muted_until - now) / 1000)


def someone_below(room: Room, actor: Participant, participant: str) -> Participant:
    """The person a moderator acts on. Raises Refused: no_such_person, not_above_you."""
    person = room.people.get(participant)
    if person is None:
        raise Refused("no_such_person")
    if RANK[person.role] >= RANK[actor.role]:
        raise Refused("not_above_you")
    return person


def seats_below(room: Room, actor: Participant, participant: str) -> list[Participant]:
    """The person a moderator acts on, and the other seats that the same device has now, as far as the actor is above them.

    Raises Refused: no_such_person, also for someone who has no seat any more, and not_above_you.
    """
    person = someone_below(room, actor, participant)
    if not person.seated:
        raise Refused("no_such_person")
    others = (seat for seat in own_seats(room, person) if seat.id != person.id and seat.seated)
    return [person, *(seat for seat in others if RANK[seat.role] < RANK[actor.role])]


def refuse_claimed(room: Room, actor: Participant, claimed_by: str) -> None:
    """Raises Refused: already_so for one's own claim, claimed_by_other while that moderator is on duty."""
    if claimed_by == actor.id:
        raise Refused("already_so")
    claimer = room.people.get(claimed_by)
    if claimer is not None and on_duty(room, claimer):
        raise Refused("claimed_by_other")
