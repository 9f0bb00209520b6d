"""Who sees what of check-ins, polls and private lines: everyone sums, each person the own answers, moderators the lines."""

from typing import Any

from chatroom.core import support_events as s
from chatroom.core import support_frames as f
from chatroom.core.entry_ids import EntryId
from chatroom.core.event_base import Event
from chatroom.core.events import Entry
from chatroom.core.lines import Line
from chatroom.core.room import Participant, Room
from chatroom.core.rounds import Poll, Round
from chatroom.core.texts import Said
from chatroom.core.view_base import View, nickname, place

Fields = dict[str, Any]


# ---- of each event -------------------------------------------------------------------------------------------------------


def _check_in_started(room: Room, entry: Entry, event: s.CheckInStarted) -> f.CheckInStarted:
    return f.CheckInStarted(**place(entry), round=EntryId(entry.offset), in_turn=event.in_turn)


def _checked_in(room: Room, entry: Entry, event: s.CheckedIn) -> f.CheckedIn | None:
    round = room.rounds.get(event.round)
    return f.CheckedIn(**place(entry), round=EntryId(event.round), answers=len(round.answers)) if round else None


def _check_in_closed(room: Room, entry: Entry, event: s.CheckInClosed) -> f.CheckInClosed | None:
    round = room.rounds.get(event.round)
    if round is None:
        return None
    picture = round.picture()
    return f.CheckInClosed(
        **place(entry),
        round=EntryId(event.round),
        answers=len(round.answers),
        picture=f.Picture(**picture) if picture else None,
    )


def _my_check_in(room: Room, entry: Entry, event: s.CheckedIn | s.CheckInPassed) -> f.MyCheckIn | None:
    """What counts: where two histories were joined, the check-in may have been closed before."""
    round = room.rounds.get(event.round)
    answer = _my_answer(round, event.participant) if round else None
    return f.MyCheckIn(id=EntryId(entry.offset), at=entry.at, round=EntryId(event.round), **answer) if answer else None


def _poll_opened(room: Room, entry: Entry, event: s.PollOpened) -> f.PollOpened:
    names = ("question", "options", "kind", "live")
    return f.PollOpened(**place(entry), poll=EntryId(entry.offset), **{name: getattr(event, name) for name in names})


def _voted(room: Room, entry: Entry, event: s.Voted) -> f.Voted | None:
    poll = room.polls.get(event.poll)
    if poll is None:
        return None
    return f.Voted(**place(entry), poll=EntryId(event.poll), votes=len(poll.votes), counts=poll.counts())


def _poll_closed(room: Room, entry: Entry, event: s.PollClosed) -> f.PollClosed | None:
    poll = room.polls.get(event.poll)
    return f.PollClosed(**place(entry), poll=EntryId(event.poll), votes=len(poll.votes), counts=poll.counts()) if poll else None


def _my_vote(room: Room, entry: Entry, event: s.Voted) -> f.MyVote | None:
    """What counts: where two histories were joined, the poll may have been closed before."""
    poll = room.polls.get(event.poll)
    choices = poll.votes.get(event.participant) if poll else None
    return f.MyVote(id=EntryId(entry.offset), at=entry.at, poll=EntryId(event.poll), choices=choices) if choices else None


def _line_opened(room: Room, entry: Entry, event: s.LineOpened) -> f.LineOpened:
    return f.LineOpened(
        **place(entry),
        line=event.participant,
        nickname=nickname(room, event.participant),
        by=event.by,
        by_nickname=nickname(room, event.by),
    )


def _line_said(room: Room, entry: Entry, event: s.LineSaid) -> f.LineSaid:
    return f.LineSaid(
        **place(entry),
        line=event.participant,
        nickname=nickname(room, event.participant),
        by=event.by,
        by_nickname=nickname(room, event.by),
        text=event.text,
        origin_id=event.origin_id,
    )


def _line_claimed(room: Room, entry: Entry, event: s.LineClaimed) -> f.LineClaimed:
    return f.LineClaimed(**place(entry), line=event.participant, by=event.by, by_nickname=nickname(room, event.by))


def _line_closed(room: Room, entry: Entry, event: s.LineClosed) -> f.LineClosed:
    return f.LineClosed(**place(entry), line=event.participant, by=event.by, by_nickname=nickname(room, event.by))


def _my_line(room: Room, entry: Entry, event: s.LineOpened | s.LineClaimed | s.LineClosed) -> f.MyLine:
    line = room.lines[event.participant]
    return f.MyLine(id=EntryId(entry.offset), at=entry.at, open=line.open, claimed_by_nickname=nickname(room, line.claimed_by))


def _my_line_said(room: Room, entry: Entry, event: s.LineSaid) -> f.MyLineSaid:
    return f.MyLineSaid(
        id=EntryId(entry.offset),
        at=entry.at,
        mine=event.by == event.participant,
        nickname=nickname(room, event.by),
        text=event.text,
        origin_id=event.origin_id,
    )


VIEWS: dict[type[Event], View] = {
    s.CheckInStarted: View(everyone=_check_in_started),
    s.CheckedIn: View(everyone=_checked_in, subject=_my_check_in),
    s.CheckInPassed: View(subject=_my_check_in),
    s.CheckInClosed: View(everyone=_check_in_closed),
    s.PollOpened: View(everyone=_poll_opened),
    s.Voted: View(everyone=_voted, subject=_my_vote),
    s.PollClosed: View(everyone=_poll_closed),
    s.LineOpened: View(moderators=_line_opened, subject=_my_line),
    s.LineSaid: View(moderators=_line_said, subject=_my_line_said),
    s.LineClaimed: View(moderators=_line_claimed, subject=_my_line),
    s.LineClosed: View(moderators=_line_closed, subject=_my_line),
}


# ---- of the whole room ---------------------------------------------------------------------------------------------------


def rounds_view(room: Room, person: Participant) -> Fields:
    """Check-ins and polls as the whole room sees them, but for those that were over before the person came."""
    return {
        "rounds": [_round_view(offset, round) for offset, round in room.rounds.items() if _is_seen(person, round)],
        "polls": [_poll_view(offset, poll) for offset, poll in room.polls.items() if _is_seen(person, poll)],
    }


def _is_seen(person: Participant, asked: Round | Poll) -> bool:
    return not asked.closed or asked.closed >= person.sees_from


def _round_view(offset: int, round: Round) -> Fields:
    return {
        "round": EntryId(offset),
        "in_turn": round.in_turn,
        "open": not round.closed,
        "answers": len(round.answers),
        "picture": round.picture(),
    }


def _poll_view(offset: int, poll: Poll) -> Fields:
    return {
        "poll": EntryId(offset),
        "question": poll.question,
        "options": poll.options,
        "kind": poll.kind,
        "live": poll.live,
        "open": not poll.closed,
        "votes": len(poll.votes),
        "counts": poll.counts(),
    }


def my_support_view(room: Room, person: Participant) -> Fields:
    """This person's own answers, votes and private line."""
    line = room.lines.get(person.id)
    return {
        "check_ins": {EntryId(offset): mine for offset, round in room.rounds.items() if (mine := _my_answer(round, person.id))},
        "votes": {EntryId(offset): poll.votes[person.id] for offset, poll in room.polls.items() if person.id in poll.votes},
        "line": _my_line_view(room, person, line) if line else None,
    }


def _my_answer(round: Round, participant: str) -> Fields | None:
    """A pass is an answer without a feeling."""
    if answer := round.answers.get(participant):
        return {"feeling": answer.feeling, "urge": answer.urge}
    return {"feeling": "", "urge": 0} if participant in round.passed else None


def _my_line_view(room: Room, person: Participant, line: Line) -> Fields:
    return {
        "open": line.open,
        "claimed_by_nickname": nickname(room, line.claimed_by),
        "said": [
            {
                "at": said.at,
                "mine": said.by == person.id,
                "nickname": said.nickname,
                "text": said.text,
                "origin_id": said.origin_id,
            }
            for said in line.said
        ],
    }


def lines_view(room: Room) -> list[Fields]:
    """All private lines, as moderators see them."""
    return [
        {
            "line": owner,
            "nickname": nickname(room, owner),
            "open": line.open,
            "claimed_by": line.claimed_by,
            "said": [said_view(said) for said in line.said if said.offset >= room.team.texts_from],
        }
        for owner, line in room.lines.items()
    ]


def said_view(said: Said) -> Fields:
    """A private text as moderators see it."""
    return {
        "id": EntryId(said.offset),
        "at": said.at,
        "by": said.by,
        "by_nickname": said.nickname,
        "text": said.text,
        "origin_id": said.origin_id,
    }
