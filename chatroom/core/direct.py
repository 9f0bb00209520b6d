"""Direct messages, folded: for each of two people an own copy of what is between them."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core import direct_events as d
from chatroom.core.event_base import Event
from chatroom.core.events import Entry
from chatroom.core.limits import REPORTS_KEPT
from chatroom.core.messages import Report
from chatroom.core.texts import Said, newest_said

if TYPE_CHECKING:
    from chatroom.core.room import Room


class TalkState(StrEnum):
    """Of a copy: its owner asked, is asked, both agreed, or it is over."""

    ASKED = "asked"
    ASKS_ME = "asks_me"
    OPEN = "open"
    OVER = "over"


class Talk(msgspec.Struct):
    """One person's copy of what is between two; without the texts that this person reported."""

    state: TalkState
    turned_down: bool = False
    """Whether the other one said no or ended it: the owner may not ask again."""
    said: list[Said] = []


class Direct(msgspec.Struct):
    on: bool = False
    talks: dict[str, dict[str, Talk]] = {}
    """By the owner of the copy, then by the other one, the one that was last written in at the end."""

    def talk(self, participant: str, other: str) -> Talk | None:
        return self.talks.get(participant, {}).get(other)


def _change(room: "Room", participant: str, other: str, state: TalkState, *, turned_down: bool = False) -> None:
    if _are_people(room, participant, other):
        talk = room.direct.talks.setdefault(participant, {}).setdefault(other, Talk(state))
        talk.state, talk.turned_down = state, turned_down


def _are_people(room: "Room", *names: str) -> bool:
    return all(name in room.people for name in names)


def _direct_set(room: "Room", entry: Entry, event: d.DirectSet) -> None:
    room.direct.on = event.on
    if not event.on:
        for talk in (talk for talks in room.direct.talks.values() for talk in talks.values()):
            talk.state = TalkState.OVER


def _asked(room: "Room", entry: Entry, event: d.DirectAsked) -> None:
    _change(room, event.participant, event.other, TalkState.ASKED if event.mine else TalkState.ASKS_ME)


def _answered(room: "Room", entry: Entry, event: d.DirectAnswered) -> None:
    state = TalkState.OPEN if event.yes else TalkState.OVER
    _change(room, event.participant, event.other, state, turned_down=not event.yes and not event.mine)


def _ended(room: "Room", entry: Entry, event: d.DirectEnded) -> None:
    _change(room, event.participant, event.other, TalkState.OVER, turned_down=not event.mine)


def _direct_said(room: "Room", entry: Entry, event: d.DirectSaid) -> None:
    """Of all that one person has of direct messages the newest are kept."""
    talks, by = room.direct.talks.get(event.participant, {}), room.people.get(_author(event))
    if by is None or event.other not in talks:
        return
    talks[event.other].said.append(Said(entry.at, by.id, by.nickname, event.text, event.origin_id, entry.offset))
    kept = newest_said(sorted((said for talk in talks.values() for said in talk.said), key=lambda said: said.offset))
    for talk in talks.values():
        talk.said = [said for said in talk.said if said.offset >= kept[0].offset]


def _author(event: d.DirectSaid) -> str:
    return event.participant if event.mine else event.other


def _reported(room: "Room", entry: Entry, event: d.DirectReported) -> None:
    if not _are_people(room, event.participant, event.other):
        return
    room.reports[entry.offset] = Report(
        offset=entry.offset,
        at=entry.at,
        message=0,
        by=event.participant,
        reason=event.reason,
        words=event.words,
        about=event.other,
        text=event.text,
        said=event.said,
    )
    if len(room.reports) > REPORTS_KEPT:
        del room.reports[next(iter(room.reports))]
    if talk := room.direct.talk(event.participant, event.other):
        talk.said = [msgspec.structs.replace(said, text="") if said.offset == event.said else said for said in talk.said]


APPLY: dict[type[Event], Callable[["Room", Entry, Any], None]] = {
    d.DirectSet: _direct_set,
    d.DirectAsked: _asked,
    d.DirectAnswered: _answered,
    d.DirectSaid: _direct_said,
    d.DirectEnded: _ended,
    d.DirectReported: _reported,
}
