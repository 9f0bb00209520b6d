"""The door of a room: how it looks to someone, and what coming in asks for."""

from chatroom.core.commands import Enter, Join
from chatroom.core.events import Role
from chatroom.core.frames import Door
from chatroom.core.identity import participant_id, token_hash
from chatroom.core.nicknames import SUGGESTION_BYTES, suggest_nicknames
from chatroom.core.refusals import REFUSALS, Refused
from chatroom.core.rules.seats import check_door
from chatroom.live.live_room import LiveRoom
from chatroom.live.services import Services

SUGGESTIONS = 8
_DOORS = {"doors_closed": "early", "locked": "locked", "full": "full", "ask_host": "ask_host"}


def look_at_door(services: Services, live: LiveRoom, role: Role, network_tag: bytes) -> Door:
    """The door as someone with this role and address finds it now, still without suggestions."""
    room, now = live.room, services.logs.now()
    door, sentence = "open", ""
    try:
        check_door(room, role, network_tag, now)
    except Refused as refusal:
        door, sentence = _DOORS[refusal.code], REFUSALS[refusal.code]
    return Door(
        title=room.opened.title,
        welcome=room.opened.welcome,
        rules=room.opened.rules,
        doors_at=room.opened.doors_at,
        starts_at=room.opened.starts_at,
        ends_at=room.ends_at,
        now=now,
        passphrase=asks_passphrase(live, role),
        door=door,  # type: ignore[arg-type]
        sentence=sentence,
        role=role,
        suggestions=[],
    )


def suggestions(services: Services, live: LiveRoom) -> list[str]:
    return suggest_nicknames(services.random_bytes(SUGGESTION_BYTES), SUGGESTIONS, live.room.names)


def asks_passphrase(live: LiveRoom, role: Role) -> bool:
    """A role token stands for the passphrase."""
    return bool(live.room.opened.passphrase_hash) and role is Role.PARTICIPANT


async def check_passphrase(services: Services, live: LiveRoom, passphrase: str, source: bytes) -> None:
    """Raises Refused: passphrase_wrong, slow_down, server_busy."""
    services.gates.passphrases.take(source)
    services.gates.room_passphrases.take(live.key)
    if not await services.hashes.verify(live.room.opened.passphrase_hash, passphrase):
        raise Refused("passphrase_wrong")


def entering(services: Services, command: Join, role: Role, network_tag: bytes, session: str, seat: str) -> Enter:
    """The command by which someone new takes a seat."""
    return Enter(
        participant=participant_id(services.random_bytes(5)),
        nickname=command.nickname,
        role=role,
        seat_hash=token_hash(seat),
        network_tag=network_tag,
        session=session,
        process=services.process,
    )
