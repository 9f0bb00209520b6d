"""What may happen: `decide` turns a command into events or refuses it.

Everything that is decided is decided here, from the room, the actor, the command and the time alone. Nothing here awaits,
logs, reads a clock or draws a random number, and deciding changes nothing: on a conflict it is done again.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from chatroom.core import commands as c
from chatroom.core import door_commands as dc
from chatroom.core import floor_commands as fc
from chatroom.core import support_commands as s
from chatroom.core.events import Draft, MessagePosted
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules import (
    calm,
    cases,
    chair,
    course,
    direct,
    door,
    ending,
    floor,
    guard,
    hands,
    moderate,
    pace,
    rounds,
    seats,
    support,
    talk,
    team,
)
from chatroom.core.rules.permissions import HELPERS, PERMISSIONS, may
from chatroom.core.rules.retries import stands_at

Rule = Callable[[Room, Participant, Any, int], Draft]

_RULES: dict[type[c.Command], Rule] = {
    c.Post: talk.post,
    c.Retract: talk.retract,
    c.React: talk.react,
    c.Report: talk.report,
    c.Leave: talk.leave,
    c.ResolveReport: moderate.resolve_report,
    c.Mute: moderate.mute,
    c.Unmute: moderate.unmute,
    c.Redact: moderate.redact,
    c.Remove: moderate.remove,
    c.Readmit: moderate.readmit,
    c.ClearAddress: moderate.clear_address,
    c.ChangeRole: chair.change_role,
    c.Extend: chair.extend,
    c.End: chair.end,
    fc.NextPhase: course.next_phase,
    fc.GoToPhase: course.go_to_phase,
    fc.ChangeScript: course.change_script,
    fc.RunOnClock: course.run_on_clock,
    fc.SetTopic: course.set_topic,
    fc.ReadText: course.read_text,
    fc.AllowChips: course.allow_chips,
    fc.SetFellowship: course.set_fellowship,
    fc.NameHelper: course.name_helper,
    fc.TakeChair: course.take_chair,
    fc.RaiseHand: hands.raise_hand,
    fc.LowerHand: hands.lower_hand,
    fc.Later: hands.later,
    fc.FinishShare: floor.done,
    fc.PassFloor: floor.pass_floor,
    fc.SayTyping: floor.typing,
    fc.KeepFloor: floor.keep,
    fc.AcceptFloor: hands.accept_floor,
    fc.Invite: hands.invite,
    fc.MoveHand: hands.move_hand,
    fc.SkipShare: floor.skip_share,
    fc.CloseQueue: hands.close_queue,
    fc.OpenQueue: hands.open_queue,
    fc.LastWord: hands.last_word,
    fc.SetFloor: floor.set_floor,
    s.Thank: support.thank,
    s.TakeChip: support.take_chip,
    s.StartCheckIn: rounds.start_check_in,
    s.CheckIn: rounds.check_in,
    s.PassCheckIn: rounds.pass_check_in,
    s.CloseCheckIn: rounds.close_check_in,
    s.OpenPoll: rounds.ask_poll,
    s.Vote: rounds.vote,
    s.ClosePoll: rounds.close_poll,
    s.AskSupport: support.ask_support,
    s.SayPrivately: support.say_privately,
    s.ClaimLine: support.claim_line,
    s.CloseLine: support.close_line,
    **cases.RULES,
    **team.RULES,
    **direct.RULES,
    **door.RULES,
    **guard.RULES,
    **calm.RULES,
    **pace.RULES,
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
    if ending.is_over(room, now):
        raise Refused("no_such_room")
    if isinstance(command, c.Enter):
        return seats.enter(room, command, now)
    if isinstance(command, dc.KnockCommand):
        return seats.knocked(room, command, now)
    person = room.people.get(actor)
    if person is None:
        raise Refused("not_joined")
    if isinstance(command, c.OpenSession):
        return seats.open_session(room, person, command, now)
    if isinstance(command, c.DropSession):
        return seats.drop_session(room, person, command, now)
    if not person.seated:
        raise Refused("removed" if person.removed_reason else "not_joined")
    if isinstance(command, c.NoteConcern):
        return cases.note_concern(room, person, command)
    asked = command.command if isinstance(command, c.Reviewed | dc.NewModeratorLink) else command
    assert isinstance(asked, c.Command)
    if not may(room, person, type(asked)):
        raise Refused("not_allowed")
    try:
        return _watched(room, person, _decided(room, person, command, asked, now), now)
    except Refused:
        if offset := stands_at(room, person, asked):
            return Draft(events=(), offset=offset)
        raise


def _decided(room: Room, person: Participant, command: c.AnyCommand, asked: c.Command, now: int) -> Draft:
    draft = _RULES[type(asked)](room, person, asked, now)
    if isinstance(command, dc.NewModeratorLink):
        return door.with_new_link(draft, command.token_hash)
    review = pace.review_of(room, person, command)
    return cases.looked_at(room, person, review, draft) if review else draft


def _watched(room: Room, person: Participant, draft: Draft, now: int) -> Draft:
    """The draft, and what the guard makes of what is said in it."""
    if not draft.events or not isinstance(said := draft.events[0], MessagePosted):
        return draft
    raised = guard.raised_by_words(room, person, said, now)
    return msgspec.structs.replace(draft, events=(*draft.events, *raised)) if raised else draft


__all__ = ["HELPERS", "PERMISSIONS", "decide"]
