"""The WebSocket endpoint: who may connect, and then frames straight to the session."""

from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect

from chatroom.live.hub import Hub
from chatroom.web.connections import EXTENSION, DirectConnection, QueuedConnection
from chatroom.web.forwarded import client_address
from chatroom.web.handshake import Handshake
from chatroom.web.origins import Callers
from chatroom.web.settings import Settings


async def meet(websocket: WebSocket) -> None:
    """Refuse a foreign origin with 403 before accepting; hand the connection to the hub."""
    settings: Settings = websocket.app.state.settings
    callers: Callers = websocket.app.state.callers
    if not callers.is_own_page(websocket.headers.raw, websocket.client.host if websocket.client else ""):
        await websocket.close()
        return
    try:
        await websocket.accept()
    except (OSError, WebSocketDisconnect):
        return
    hub: Hub = websocket.app.state.hub
    direct: DirectConnection | None = websocket.scope.get("extensions", {}).get(EXTENSION)
    if direct is None:
        queued = QueuedConnection(websocket)
        await queued.serve(hub.connect(queued, client_address(websocket.scope, settings.trusted_proxies)))
    elif direct.is_open:
        _hand_over(hub, settings, direct, websocket.scope)


def _hand_over(hub: Hub, settings: Settings, direct: DirectConnection, scope: Scope) -> None:
    session = hub.connect(direct, client_address(scope, settings.trusted_proxies))
    if session is not None:
        direct.hand_over(session)


class ShortWay:
    """What `meet` does, for a plain handshake at our own protocol class: no application, no task."""

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self._hub, self._settings, self._callers = hub, settings, Callers(settings)

    def is_for(self, handshake: Handshake, client: tuple[str, int] | None) -> bool:
        return self._callers.is_own_page(handshake.headers, client[0] if client else "")

    def meet(self, direct: DirectConnection, handshake: Handshake, client: tuple[str, int] | None) -> None:
        """Hand an accepted connection to the hub."""
        _hand_over(self._hub, self._settings, direct, {"client": client, "headers": handshake.headers})
