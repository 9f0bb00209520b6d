"""The door of a room: how it looks to someone, and what coming in asks for."""

import msgspec

from chatroom.core.commands import Enter, Join
from chatroom.core.events import Role
from chatroom.core.frames import Door
from chatroom.core.identity import new_token, participant_id, token_hash
from chatroom.core.nicknames import SUGGESTION_BYTES, suggest_nicknames
from chatroom.core.refusals import REFUSALS, Refused
from chatroom.core.rules.door import asks_to_knock, check_door, may_knock_at, role_shown
from chatroom.core.same_person import Visitor, is_known
from chatroom.live.live_room import LiveRoom
from chatroom.live.services import Services
from chatroom.live.sources import Source
from chatroom.live.tries import WrongGuess

SUGGESTIONS = 8
_DOORS = {"doors_closed": "early", "locked": "locked", "full": "full", "removed": "removed"}
_SENTENCES = {
    "open": "",
    "knock": "Choose a name and knock; a moderator will let you in.",
    "knocking": "You have knocked. A moderator will answer in a moment; this page then opens by itself.",
    "declined": "A moderator cannot let you in just now. You can knock again in a minute.",
    **{door: REFUSALS[code] for code, door in _DOORS.items()},
}


class Answers(msgspec.Struct):
    """What someone at the door asked for, and what moderators said."""

    is_doubted: bool = False
    """Whether there were cautions about the last knock."""
    is_declined: bool = False
    is_sent_back: bool = False
    reason: str = ""
    """Why they were sent back."""


class NewSeat(msgspec.Struct, frozen=True):
    seat: str
    command: Enter


def look_at_door(
    services: Services,
    live: LiveRoom,
    visitor: Visitor,
    answers: Answers,
    *,
    is_knocking: bool = False,
    owes_passphrase: bool = False,
) -> Door:
    """The door as this visitor finds it now, still without suggestions and puzzle.

    It is what it is for everyone, but for what is certain about this device and was said on this connection. Someone who still
    owes the passphrase is not told whether every seat is taken.
    """
    room, now = live.room, services.logs.now()
    door, reason = _state(live, visitor, answers, now)
    if door == "full" and owes_passphrase:
        door = "open"
    if is_knocking:
        door, reason = "knocking", answers.reason
    return Door(
        title=room.opened.title,
        welcome=room.opened.welcome,
        rules=room.opened.rules,
        doors_at=room.opened.doors_at,
        starts_at=room.opened.starts_at,
        ends_at=room.ends_at,
        now=now,
        passphrase=asks_passphrase(live, visitor),
        door=door,  # type: ignore[arg-type]
        sentence=_SENTENCES[door],
        reason=reason,
        appeal=room.opened.appeal if door == "removed" else "",
        work=None,
        role=Role.PARTICIPANT if is_knocking else role_shown(room, visitor, now),
        suggestions=[],
    )


def _state(live: LiveRoom, visitor: Visitor, answers: Answers, now: int) -> tuple[str, str]:
    """How the door is, and why."""
    try:
        check_door(live.room, visitor, now)
    except Refused as refusal:
        return _DOORS[refusal.code], refusal.detail
    is_asked = answers.is_sent_back or asks_to_knock(live.room, visitor, now)
    if answers.is_declined and now < may_knock_at(live.room, visitor) and (is_asked or answers.is_doubted):
        return "declined", answers.reason
    return ("knock", answers.reason) if is_asked else ("open", "")


def suggestions(services: Services) -> list[str]:
    """Pseudonyms to choose from. Whoever asks may be outside, so they tell nothing about who is in the room."""
    return suggest_nicknames(services.random_bytes(SUGGESTIONS * SUGGESTION_BYTES))


def asks_passphrase(live: LiveRoom, visitor: Visitor) -> bool:
    """A role token stands for the passphrase, also where its link only lets one knock; so does having been here before."""
    is_asked = bool(live.room.opened.passphrase_hash)
    return is_asked and not visitor.link and not is_known(live.room, visitor.device_tag)


async def check_passphrase(services: Services, live: LiveRoom, passphrase: str, source: Source) -> None:
    """Raises Refused: passphrase_wrong, slow_down, server_busy. Only what is wrong is charged, to where it came from."""
    async with services.gates.passphrases.guess(source):
        if not await services.hashes.verify(live.room.opened.passphrase_hash, passphrase, source):
            raise WrongGuess("passphrase_wrong")


def entering(services: Services, command: Join, visitor: Visitor, session: str, *, worked: bool) -> NewSeat:
    """The command by which someone new takes a seat, or knocks; and that seat."""
    seat = new_token(services.random_bytes(16))
    enter = Enter(
        participant=participant_id(services.random_bytes(5)),
        nickname=command.nickname,
        seat_hash=token_hash(seat),
        visitor=visitor,
        worked=worked,
        session=session,
        process=services.process,
    )
    return NewSeat(seat, enter)
