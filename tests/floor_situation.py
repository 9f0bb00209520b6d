"""Situations in which each command about the course and the floor makes sense for whoever may give it."""

from collections.abc import Callable

from floor_vectors import SCRIPT
from meeting import MINUTE_MS, Meeting

from chatroom.core import commands as c
from chatroom.core import floor_commands as fc
from chatroom.core import floor_events as fe
from chatroom.core.events import Role
from chatroom.core.floor_events import Helper

EVERYONE = frozenset(Role)
MODERATOR = frozenset({Role.MODERATOR})
MODERATORS = frozenset({Role.MODERATOR, Role.HOST})
HOSTS = frozenset({Role.HOST})
FLOOR_TABLE: dict[type[c.Command], frozenset[Role]] = {
    **dict.fromkeys((fc.RaiseHand, fc.LowerHand, fc.Later, fc.FinishShare), EVERYONE),
    **dict.fromkeys((fc.PassFloor, fc.SayTyping, fc.KeepFloor, fc.AcceptFloor), EVERYONE),
    fc.TakeChair: MODERATOR,
    **dict.fromkeys((fc.NextPhase, fc.GoToPhase, fc.ChangeScript, fc.RunOnClock, fc.SetTopic, fc.ReadText), HOSTS),
    **dict.fromkeys((fc.AllowChips, fc.SetFellowship, fc.NameHelper, fc.SetFloor), HOSTS),
    **dict.fromkeys((fc.Invite, fc.MoveHand, fc.SkipShare, fc.CloseQueue, fc.OpenQueue, fc.LastWord), MODERATORS),
}
Prepare = Callable[[Meeting, str], None]


def _shares(meeting: Meeting, actor: str) -> None:
    meeting.do("Ada", fc.ChangeScript(script=SCRIPT, phase=1))


def _cal_shares(meeting: Meeting, actor: str) -> None:
    _shares(meeting, actor)
    meeting.do("Cal", fc.RaiseHand())


def _two_wait(meeting: Meeting, actor: str) -> None:
    """The actor's hand is up, and Eve's after it."""
    _cal_shares(meeting, actor)
    meeting.do(actor, fc.RaiseHand())
    meeting.do("Eve", fc.RaiseHand())


def _actor_shares(meeting: Meeting, actor: str) -> None:
    _shares(meeting, actor)
    meeting.do(actor, fc.RaiseHand())


def _actor_is_asked(meeting: Meeting, actor: str) -> None:
    _actor_shares(meeting, actor)
    meeting.happens(fe.SharerAsked(actor))


def _actor_is_invited(meeting: Meeting, actor: str) -> None:
    _shares(meeting, actor)
    meeting.do("Ada", fc.Invite(participant=actor))


def _queue_is_closed(meeting: Meeting, actor: str) -> None:
    _shares(meeting, actor)
    meeting.do("Ada", fc.CloseQueue())


def _reading(meeting: Meeting, actor: str) -> None:
    meeting.do("Ada", fc.ChangeScript(script=SCRIPT, phase=0))


def _host_is_gone(meeting: Meeting, actor: str) -> None:
    meeting.do("Ada", c.DropSession(session=meeting.room.people["Ada"].session))
    meeting.now += 2 * MINUTE_MS


_SITUATIONS: dict[type[c.Command], tuple[Prepare, c.Command]] = {
    fc.NextPhase: (_shares, fc.NextPhase(from_=1)),
    fc.GoToPhase: (_shares, fc.GoToPhase(phase=0)),
    fc.ChangeScript: (_shares, fc.ChangeScript(script=SCRIPT, phase=0)),
    fc.RunOnClock: (_shares, fc.RunOnClock(on=True)),
    fc.SetTopic: (_shares, fc.SetTopic(topic="Letting go")),
    fc.ReadText: (_reading, fc.ReadText()),
    fc.AllowChips: (_shares, fc.AllowChips(on=True)),
    fc.SetFellowship: (_shares, fc.SetFellowship(minutes=10)),
    fc.NameHelper: (_shares, fc.NameHelper(participant="Cal", helper=Helper.TIMEKEEPER)),
    fc.TakeChair: (_host_is_gone, fc.TakeChair()),
    fc.RaiseHand: (_shares, fc.RaiseHand()),
    fc.LowerHand: (_two_wait, fc.LowerHand()),
    fc.Later: (_two_wait, fc.Later()),
    fc.FinishShare: (_actor_shares, fc.FinishShare()),
    fc.PassFloor: (_actor_shares, fc.PassFloor()),
    fc.SayTyping: (_actor_shares, fc.SayTyping()),
    fc.KeepFloor: (_actor_is_asked, fc.KeepFloor()),
    fc.AcceptFloor: (_actor_is_invited, fc.AcceptFloor()),
    fc.Invite: (_shares, fc.Invite(participant="Cal")),
    fc.MoveHand: (_two_wait, fc.MoveHand(participant="Eve", place=0)),
    fc.SkipShare: (_cal_shares, fc.SkipShare()),
    fc.CloseQueue: (_shares, fc.CloseQueue()),
    fc.OpenQueue: (_queue_is_closed, fc.OpenQueue()),
    fc.LastWord: (_two_wait, fc.LastWord(participant="Eve")),
    fc.SetFloor: (_shares, fc.SetFloor(share_minutes=3, first_shares_first=True, call_each=False, protect_minutes=0)),
}


def floor_command(kind: type[c.Command], meeting: Meeting, actor: str) -> c.Command:
    """A command of this kind, in a meeting of Ada, Mo, Bea, Cal and Eve that is brought to where it makes sense."""
    prepare, command = _SITUATIONS[kind]
    prepare(meeting, actor)
    return command
