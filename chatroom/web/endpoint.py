"""The WebSocket endpoint: who may connect, and then frames straight to the session."""

from starlette.websockets import WebSocket, WebSocketDisconnect

from chatroom.live.hub import Hub
from chatroom.web.connections import EXTENSION, DirectConnection, QueuedConnection
from chatroom.web.forwarded import client_address
from chatroom.web.origins import is_own_page
from chatroom.web.settings import Settings


async def meet(websocket: WebSocket) -> None:
    """Refuse a foreign origin with 403 before accepting; hand the connection to the hub."""
    settings: Settings = websocket.app.state.settings
    if not is_own_page(websocket, settings.origins):
        await websocket.close()
        return
    try:
        await websocket.accept()
    except (OSError, WebSocketDisconnect):
        return
    hub: Hub = websocket.app.state.hub
    address = client_address(websocket.scope, settings.trusted_proxies)
    direct: DirectConnection | None = websocket.scope.get("extensions", {}).get(EXTENSION)
    if direct is None:
        queued = QueuedConnection(websocket)
        await queued.serve(hub.connect(queued, address))
    elif direct.is_open:
        session = hub.connect(direct, address)
        if session is not None:
            direct.hand_over(session)
