"""Opening a room: what is asked, checked, and given back once."""

from typing import Annotated

import msgspec
import segno

from chatroom.core.events import LateJoiners, RoomOpened
from chatroom.core.identity import IDS_KEY_BYTES, SECRET_BYTES, new_secret, new_token, room_key, token_hash
from chatroom.core.limits import (
    APPEAL_CODE_POINTS,
    CAPACITY_AT_LEAST,
    CAPACITY_AT_MOST,
    DOORS_BEFORE_SECONDS,
    EXPIRY_GRACE_SECONDS,
    FELLOWSHIP_MINUTES_AT_MOST,
    MINUTES_AT_LEAST,
    MINUTES_AT_MOST,
    OPEN_AHEAD_SECONDS,
    PASSPHRASE_CODE_POINTS,
    RULE_CODE_POINTS,
    RULES_PER_ROOM,
    TITLE_CODE_POINTS,
    WELCOME_CODE_POINTS,
)
from chatroom.core.refusals import Refused
from chatroom.core.script import Script, clean_script
from chatroom.core.text import clean_optional, clean_text
from chatroom.live.review import review_title
from chatroom.live.services import Services
from chatroom.live.sources import Source
from chatroom.live.tries import WrongGuess

Passphrase = Annotated[str, msgspec.Meta(max_length=PASSPHRASE_CODE_POINTS)]
PAST_GRACE_MS = 5 * 60_000


class OpenRoom(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a host asks for. `starts_at`: milliseconds since 1970, null for now. `page`: the room page, for the QR code.

    `appeal`: how someone who was removed can reach the group. `needs_moderator`: nobody writes while no moderator is here.
    """

    title: str
    welcome: str = ""
    rules: Annotated[tuple[str, ...], msgspec.Meta(max_length=RULES_PER_ROOM)] = ()
    starts_at: int | None = None
    minutes: Annotated[int, msgspec.Meta(ge=MINUTES_AT_LEAST, le=MINUTES_AT_MOST)] = 60
    capacity: Annotated[int, msgspec.Meta(ge=CAPACITY_AT_LEAST, le=CAPACITY_AT_MOST)] = 100
    passphrase: Passphrase = ""
    late_joiners: LateJoiners = LateJoiners.NOTHING
    script: Script = ()
    fellowship_minutes: Annotated[int, msgspec.Meta(ge=0, le=FELLOWSHIP_MINUTES_AT_MOST)] = 0
    appeal: str = ""
    needs_moderator: bool = True
    opening_passphrase: Passphrase = ""
    page: Annotated[str, msgspec.Meta(pattern=r"^(https?://[!-\"$->@-~]{1,200})?(?!\n)$")] = ""


class OpenedRoom(msgspec.Struct, frozen=True, kw_only=True):
    """What the host gets, this once: nobody can give it again. `qr` holds rows of 0 and 1, of the participant link."""

    secret: str
    host_token: str
    moderator_token: str
    doors_at: int
    starts_at: int
    ends_at: int
    qr: list[str]


class Opening(msgspec.Struct, frozen=True):
    """A room that is about to begin: its key, the first event of its log, and when that expires."""

    key: bytes
    first: RoomOpened
    expires_at: int
    opened: OpenedRoom


async def prepare(services: Services, request: OpenRoom, source: Source) -> Opening:
    """Check what is asked and draw the secrets. Raises Refused."""
    await _check_opener(services, request, source)
    services.gates.rooms.take(source)
    starts_at, now = _start(request, services.logs.now())
    secret = new_secret(services.random_bytes(SECRET_BYTES))
    opened = OpenedRoom(
        secret=secret,
        host_token=new_token(services.random_bytes(16)),
        moderator_token=new_token(services.random_bytes(16)),
        doors_at=max(now, starts_at - DOORS_BEFORE_SECONDS * 1000),
        starts_at=starts_at,
        ends_at=starts_at + request.minutes * 60_000,
        qr=await services.hashes.in_turn(source, _qr, f"{request.page}#{secret}") if request.page else [],
    )
    first = RoomOpened(
        title=_title(request.title),
        welcome=clean_optional(request.welcome, WELCOME_CODE_POINTS),
        rules=tuple(rule for text in request.rules if (rule := clean_optional(text, RULE_CODE_POINTS))),
        doors_at=opened.doors_at,
        starts_at=opened.starts_at,
        ends_at=opened.ends_at,
        capacity=request.capacity,
        late_joiners=request.late_joiners,
        host_token_hash=token_hash(opened.host_token),
        moderator_token_hash=token_hash(opened.moderator_token),
        ids_key=services.random_bytes(IDS_KEY_BYTES),
        script=clean_script(request.script),
        fellowship_minutes=request.fellowship_minutes,
        appeal=clean_optional(request.appeal, APPEAL_CODE_POINTS),
        needs_moderator=request.needs_moderator,
        passphrase_hash=await services.hashes.hash(request.passphrase, source) if request.passphrase else "",
    )
    await review_title(services.panel, "\n".join((first.title, first.welcome, *first.rules)), now)
    key = await services.hashes.in_turn(source, room_key, secret)
    return Opening(key, first, opened.ends_at + EXPIRY_GRACE_SECONDS * 1000, opened)


async def _check_opener(services: Services, request: OpenRoom, source: Source) -> None:
    opening = services.policy.opening
    if opening == "anyone":
        return
    if opening == "nobody":
        raise Refused("opening_closed")
    async with services.gates.opening_passphrases.guess(source):
        if not await services.hashes.verify(opening, request.opening_passphrase, source):
            raise WrongGuess("opening_passphrase_wrong")


def _start(request: OpenRoom, now: int) -> tuple[int, int]:
    starts_at = now if request.starts_at is None else request.starts_at
    if not now - PAST_GRACE_MS <= starts_at <= now + OPEN_AHEAD_SECONDS * 1000:
        raise Refused("start_out_of_range")
    return max(starts_at, now), now


def _title(text: str) -> str:
    try:
        return " ".join(clean_text(text, TITLE_CODE_POINTS).split())
    except Refused as refusal:
        raise Refused("title_empty") if refusal.code == "text_empty" else refusal from None


def _qr(text: str) -> list[str]:
    return ["".join("1" if cell else "0" for cell in row) for row in segno.make(text, error="m", micro=False).matrix]
