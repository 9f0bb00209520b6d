"""A whole room as one person sees it: the state that a client's fold must reach as well."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import msgspec
from msgspec import UNSET

from chatroom.core.direct_views import my_direct_view
from chatroom.core.door_views import door_desk_view, door_view, my_door_view, text_view
from chatroom.core.entry_ids import EntryId
from chatroom.core.floor_views import course_view, floor_desk_view, floor_view, my_floor_view
from chatroom.core.limits import PAGE_TEXTS, SNAPSHOT_MESSAGES
from chatroom.core.messages import Message
from chatroom.core.room import Participant, Room, Standing
from chatroom.core.safety_views import my_safety_view, safety_desk_view
from chatroom.core.support_views import lines_view, my_support_view, rounds_view
from chatroom.core.texts import cost
from chatroom.core.views import for_moderators, report_fields

Fields = dict[str, Any]


def room_view(room: Room, person: Participant) -> Fields:
    """The room as `welcome.room`. Messages are the last SNAPSHOT_MESSAGES that the person may read."""
    messages, more = messages_before(room, person, room.offset + 1, SNAPSHOT_MESSAGES)
    view = {
        "title": room.opened.title,
        "welcome": room.opened.welcome,
        "rules": room.opened.rules,
        "starts_at": room.opened.starts_at,
        "ends_at": room.ends_at,
        **door_view(room),
        "people": _people_view(room, person),
        "messages": messages,
        "more": more,
        "me": _me_view(room, person, messages),
        "chair": room.chair,
        "host_gone_at": room.host_gone_at,
        "course": course_view(room),
        "floor": floor_view(room),
        **rounds_view(room, person),
        "direct": room.direct.on,
    }
    if person.moderates:
        return view | {"desk": _desk_view(room)}
    return view | {"crowd": room.here} if room.crowded_at else view


def _people_view(room: Room, person: Participant) -> dict[str, Fields]:
    """Who has a seat; in a crowded room participants see hosts and moderators only."""
    others: Iterable[Participant] = room.people.values()
    if room.crowded_at and not person.moderates:
        others = map(room.people.__getitem__, room.moderators)
    return {other.id: _person_view(other) for other in others if other.seated}


def people_page(room: Room, after: str, limit: int) -> tuple[dict[str, Fields], str]:
    """Up to `limit` who have a seat and came after this person, and the last of them; empty when nobody follows.

    From the first on where `after` is empty or nobody.
    """
    page: dict[str, Fields] = {}
    start = next((number for number, name in enumerate(room.people, 1) if name == after), 0)
    for person in islice(room.people.values(), start, None):
        if len(page) == limit:
            return page, next(reversed(page))
        if person.seated:
            page[person.id] = _person_view(person)
    return page, ""


def messages_before(room: Room, person: Participant, before: int, limit: int) -> tuple[list[Fields], bool]:
    """The last messages this person may read with offsets below `before`, oldest first, and whether there are more.

    At most `limit`, and no more text than PAGE_TEXTS.
    """
    found: list[Fields] = []
    left = PAGE_TEXTS
    for offset in reversed(room.messages):
        if offset < person.sees_from:
            break
        if offset < before:
            left -= cost(room.messages[offset].text)
            if len(found) == limit or left < 0:
                return found[::-1], True
            found.append(_message_view(room, room.messages[offset], person))
    return found[::-1], False


def _person_view(person: Participant) -> Fields:
    return {"nickname": person.nickname, "role": person.role, "here": person.here, "helper": person.helper}


def author_view(message: Message, person: Participant) -> str:
    """The name beside a message; where a moderator took the words away it goes with them, but for who moderates."""
    return message.nickname if person.moderates or message.gone != "redacted" else ""


def _message_view(room: Room, message: Message, person: Participant) -> Fields:
    return {
        "id": EntryId(message.offset),
        "at": message.at,
        "by": message.by,
        "nickname": author_view(message, person),
        "role": message.role,
        **text_view(room, message, person),
        "origin_id": message.origin_id,
        "share": EntryId(message.share),
        "kind": message.kind,
        "name": message.name,
        "topic": message.topic,
        "gone": message.gone,
        "reactions": {reaction: len(people) for reaction, people in message.reactions.items()},
    }


def _me_view(room: Room, person: Participant, messages: list[Fields]) -> Fields:
    return {
        "participant": person.id,
        "nickname": person.nickname,
        "role": person.role,
        "muted_until": person.muted_until,
        "mute_reason": person.mute_reason,
        "reactions": reactions_by(room, person, messages),
        **my_door_view(person),
        **my_floor_view(room, person),
        **my_support_view(room, person),
        **my_safety_view(room, person),
        **my_direct_view(room, person),
    }


def reactions_by(room: Room, person: Participant, messages: list[Fields]) -> dict[EntryId, list[str]]:
    """This person's reactions to these messages; sorted, and none where there are none."""
    mine = {message["id"]: _reactions_of(room.messages[message["id"]], person.id) for message in messages}
    return {name: reactions for name, reactions in mine.items() if reactions}


def _reactions_of(message: Message, participant: str) -> list[str]:
    return sorted(reaction for reaction, people in message.reactions.items() if participant in people)


def _desk_view(room: Room) -> Fields:
    """What moderators and hosts see besides."""
    return {
        "reports": [
            report_fields(room, report) | {"at": report.at, "claimed_by": report.claimed_by, "outcome": report.outcome}
            for report in room.reports.values()
        ],
        "actions": [_action_view(frame) for entry in room.actions if (frame := for_moderators(room, entry))],
        "muted": {p.id: {"until": p.muted_until, "reason": p.mute_reason} for p in room.people.values() if p.muted_until},
        "removed": {
            p.id: {
                "nickname": p.nickname,
                "reason": p.removed_reason,
                "address": not p.address_cleared,
            }
            for p in room.people.values()
            if p.standing is Standing.REMOVED
        },
        **floor_desk_view(room),
        **door_desk_view(room),
        "lines": lines_view(room),
        **safety_desk_view(room),
    }


_NOT_IN_ACTIONS = frozenset({"is_", "position", "words", "first"})


def _action_view(frame: msgspec.Struct) -> Fields:
    fields = {name: getattr(frame, name) for name in frame.__struct_fields__ if name not in _NOT_IN_ACTIONS}
    return {"event": frame.__struct_config__.tag} | {name: value for name, value in fields.items() if value is not UNSET}
