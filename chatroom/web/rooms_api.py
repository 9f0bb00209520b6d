"""POST api/rooms: opens a room. JSON in, JSON out; a refusal is `code`, `sentence`, `retry_after_seconds` and `detail`."""

import asyncio
import math

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from chatroom.core.limits import REQUEST_BYTES
from chatroom.core.refusals import REFUSALS, Refused, what_does_not_fit
from chatroom.live.counts import Counts, Cut
from chatroom.live.hub import Hub
from chatroom.live.opening import OpenRoom
from chatroom.web.forwarded import client_address
from chatroom.web.origins import Callers
from chatroom.web.settings import Settings

BODY_SECONDS = 10
STATUS = {
    "opening_closed": 403,
    "opening_passphrase_wrong": 403,
    "frame_too_large": 413,
    "slow_down": 429,
    "reconnecting": 503,
    "server_busy": 503,
}
_decode = msgspec.json.Decoder(OpenRoom).decode


class RefusalBody(msgspec.Struct, frozen=True):
    code: str
    sentence: str
    retry_after_seconds: float
    detail: str


async def open_room(request: Request) -> Response:
    """201 with the room's secret and tokens, or the refusal with its status."""
    settings: Settings = request.app.state.settings
    hub: Hub = request.app.state.hub
    callers: Callers = request.app.state.callers
    client = request.client.host if request.client else ""
    if not callers.is_own_page(request.headers.raw, client):
        return refusal(Refused("not_from_here"), 403)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return refusal(Refused("bad_request", detail="The content type must be application/json."), 415)
    if not settings.opening and not callers.is_local(request.headers.raw, client):
        return refusal(Refused("opening_closed"), STATUS["opening_closed"])
    try:
        wanted = _parse(await _body(request, hub.counts))
        opened = await hub.open_room(wanted, client_address(request.scope, settings.trusted_proxies))
    except Refused as refused:
        return refusal(refused, STATUS.get(refused.code, 400))
    return _json(opened, 201)


def _parse(body: bytes) -> OpenRoom:
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Refused("bad_request", detail=what_does_not_fit(error)) from None


async def _body(request: Request, counts: Counts) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > REQUEST_BYTES:
                    raise Refused("frame_too_large")
    except (TimeoutError, ClientDisconnect) as error:
        counts[Cut.NO_REQUEST] += isinstance(error, TimeoutError)
        raise Refused("bad_request", detail="The request did not arrive whole.") from None
    return bytes(body)


def refusal(refused: Refused, status: int) -> Response:
    """A refusal as JSON; Retry-After in whole seconds where waiting helps (RFC 9110, section 10.2.3)."""
    seconds = refused.retry_after_seconds
    response = _json(RefusalBody(refused.code, REFUSALS[refused.code], seconds, refused.detail), status)
    if seconds:
        response.headers["Retry-After"] = str(math.ceil(seconds))
    return response


def _json(body: msgspec.Struct, status: int) -> Response:
    return Response(msgspec.json.encode(body), status, {"Cache-Control": "no-store"}, "application/json")
