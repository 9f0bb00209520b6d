"""The ASGI application: the table of routes, and the hub that lives as long as the application does."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from chatroom.core.limits import Rate
from chatroom.hooks.delivery import Delivery
from chatroom.hooks.hooks import Hooks
from chatroom.hooks.post import Poster
from chatroom.hooks.registry import installed
from chatroom.hooks.webhook import secret_key
from chatroom.live.hub import Hub
from chatroom.live.policy import HubPolicy
from chatroom.live.send_all import use_ring
from chatroom.log.base import Logs
from chatroom.log.memory import MemoryLogs
from chatroom.log.redis import RedisLogs
from chatroom.web.assets import Assets, data_folder
from chatroom.web.endpoint import meet
from chatroom.web.headers import SecurityHeaders
from chatroom.web.logs import configure_own_logs
from chatroom.web.no_dumps import forbid_dumps
from chatroom.web.origins import Callers
from chatroom.web.pages import PAGES, Pages
from chatroom.web.policies import chosen_policies, read_words
from chatroom.web.rooms_api import open_room
from chatroom.web.settings import Settings

NO_STORE = {"Cache-Control": "no-store"}


def create_app(settings: Settings | None = None, hub: Hub | None = None) -> Starlette:
    """The application for any ASGI server with lifespan support.

    Such a server calls it without settings: they come from the environment then, and the process is prepared as for
    `chatroom serve`. Raises SettingsError for a wrong setting, HookNotLoaded for a hook that does not work.
    """
    if settings is None:
        settings = Settings.from_environment()
        prepare_process(settings)
        configure_own_logs(settings.log_level)
    hub = hub or Hub(_logs(settings), _policy(settings), _hooks(settings))
    assets = Assets(data_folder("static"))
    callers = Callers(settings)
    pages = Pages(settings, assets, callers)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await hub.start()
        yield
        await hub.stop()

    app = Starlette(
        routes=_routes(assets, pages),
        middleware=[Middleware(SecurityHeaders, base_url=settings.base_url)],
        exception_handlers={404: _not_found(pages), 405: _refuse, Exception: _failed(pages, settings.base_url)},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.callers = callers
    app.state.settings, app.state.hub, app.state.countries = settings, hub, pages.countries
    return app


def prepare_process(settings: Settings) -> None:
    """What holds for a whole process that serves meetings, whichever server it is: no core files, io_uring as IO_URING says."""
    forbid_dumps()
    if settings.io_uring == "yes":
        use_ring()


def _routes(assets: Assets, pages: Pages) -> list[BaseRoute]:
    return [
        *(Route(path, pages.serve) for path in PAGES),
        Route("/static/{hash}/{path:path}", assets.serve),
        Route("/help/{digest}.json", pages.serve_help),
        Route("/words/{digest}.json", pages.serve_words),
        Route("/api/rooms", open_room, methods=["POST"]),
        Route("/healthz", _healthz),
        Route("/readyz", _readyz),
        WebSocketRoute("/ws", meet),
    ]


async def _healthz(request: Request) -> Response:
    return PlainTextResponse("alive\n", headers=NO_STORE)


async def _readyz(request: Request) -> Response:
    hub: Hub = request.app.state.hub
    ready = await hub.ready()
    return PlainTextResponse("ready\n" if ready else "not ready\n", 200 if ready else 503, NO_STORE)


def _not_found(pages: Pages) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handler(request: Request, error: Exception) -> Response:
        return await pages.not_found(request)

    return handler


def _failed(pages: Pages, base_url: str) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Its answer passes no middleware, so it brings the security headers itself."""

    async def handler(request: Request, error: Exception) -> Response:
        return cast(Response, SecurityHeaders(await pages.failed(request), base_url))

    return handler


async def _refuse(request: Request, error: Exception) -> Response:
    headers = error.headers if isinstance(error, HTTPException) else None
    return PlainTextResponse("This address does not take this method.\n", 405, headers)


def _logs(settings: Settings) -> Logs:
    return RedisLogs.from_url(settings.redis_url) if settings.redis_url else MemoryLogs()


def _hooks(settings: Settings) -> Hooks:
    webhook = [Delivery(Poster(settings.webhook_url), secret_key(settings.webhook_secret))] if settings.webhook_url else []
    return Hooks([*installed(), *webhook], texts=settings.webhook_texts == "yes")


def _policy(settings: Settings) -> HubPolicy:
    return HubPolicy(
        opening=settings.opening_policy,
        max_rooms=settings.max_rooms,
        max_connections=settings.max_connections,
        max_connections_per_source=settings.max_connections_per_source,
        hellos_per_source=_rate(settings.hellos_per_source_per_second, 24),
        rooms_per_source=_rate(settings.rooms_per_source_per_hour / 3600, 600),
        commands_per_session=_rate(settings.commands_per_session_per_second, 4),
        posts_per_person=_rate(settings.posts_per_person_per_second, 5),
        posts_per_room=_rate(settings.posts_per_room_per_second, 3),
        policies=chosen_policies(settings),
        words=read_words(settings.words_file),
    )


def _rate(per_second: float, burst_seconds: float) -> Rate:
    return Rate(per_second, max(1, per_second * burst_seconds))
