"""The pages, rendered once at the start and served from memory. No page holds anything about a room or a person."""

import re

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from chatroom.core.words import ROOM_WORDS
from chatroom.web.assets import Assets, Body, data_folder
from chatroom.web.first_script import FIRST_SCRIPT
from chatroom.web.helplines import for_browsers, read_help_lines
from chatroom.web.origins import Callers
from chatroom.web.settings import Settings

PAGES = {"/": "front.html", "/open": "open.html", "/r": "room.html"}
NO_STORE = frozenset({"/r"})
DEEPEST = 8
SPOILED_LINK = re.compile(r"/r(#|%(25)*23)[^/]*\Z")
"""A link to a room that some program encoded: what should have stayed in the browser is a path. The page repairs it."""
ENTRY_SCRIPT = re.compile(r"""<script type="module" src="[./]*static/[0-9a-f]+/([^"]+)">""")


class Pages:
    """Every page as a body with its ETag, and the help lines that they fetch.

    Raises what Jinja2 raises when a template is missing or wrong, and SettingsError for a wrong HELPLINES_FILE.
    """

    def __init__(self, settings: Settings, assets: Assets, callers: Callers) -> None:
        self._assets, self._callers = assets, callers
        self._opens_here_alone = not settings.opening
        self._environment = Environment(
            loader=FileSystemLoader(data_folder("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.countries = read_help_lines(settings.helplines_file)
        self._help = Body("application/json", for_browsers(self.countries))
        self._words = Body("application/json", msgspec.json.encode(ROOM_WORDS))
        self._shared = {
            "title": settings.neutral_title or "Meeting",
            "leave_url": settings.leave_url,
            "opening": settings.opening_policy if settings.opening_policy in ("anyone", "nobody") else "passphrase",
            "countries": self.countries,
            "first_script": Markup(FIRST_SCRIPT),
        }
        self._bodies = self._all_pages()
        self._bodies_elsewhere = self._all_pages(opening="nobody")
        """For who does not call from this machine, where OPENING is not set."""
        self._not_found = self._at_each_depth("not_found.html")
        self._failed = self._at_each_depth("failed.html")

    def _all_pages(self, **other: str) -> dict[str, Body]:
        return {path: self._render(template, "", **other) for path, template in PAGES.items()}

    def _at_each_depth(self, template: str) -> list[Body]:
        return [self._render(template, "../" * depth) for depth in range(DEEPEST + 1)]

    def _render(self, template: str, up: str, **other: str) -> Body:
        """A template as bytes; `up` leads from the page's folder to the front page, so that every link is relative."""
        context = {
            **self._shared,
            **other,
            "asset": lambda path: up + self._assets.url(path),
            "help_lines": f"{up}help/{self._help.digest}.json",
            "words": f"{up}words/{self._words.digest}.json",
            "root": up or "./",
        }
        render = self._environment.get_template(template).render
        entries = ENTRY_SCRIPT.findall(render(context, modules=[]))
        modules = dict.fromkeys(path for entry in entries for path in self._assets.modules(entry))
        text = render(context, modules=[up + self._assets.url(path) for path in modules])
        return Body("text/html; charset=utf-8", text.encode())

    async def serve(self, request: Request) -> Response:
        """GET a page: checked again each time by its ETag; the room page is not kept at all."""
        path: str = request.scope["path"]
        if path in NO_STORE:
            return self._bodies[path].response(request, {"Cache-Control": "no-store"})
        client = request.client.host if request.client else ""
        is_elsewhere = self._opens_here_alone and not self._callers.is_local(request.headers.raw, client)
        body = (self._bodies_elsewhere if is_elsewhere else self._bodies)[path]
        headers = {"Cache-Control": "no-cache", "ETag": body.tag}
        if body.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return body.response(request, headers)

    async def serve_help(self, request: Request) -> Response:
        """GET help/{digest}.json: the help lines, for ever under their own digest; a page from before still gets them."""
        return _under_digest(self._help, request)

    async def serve_words(self, request: Request) -> Response:
        """GET words/{digest}.json: the words that room codes are made of, so that a page can find a slip without telling."""
        return _under_digest(self._words, request)

    async def not_found(self, request: Request) -> Response:
        """The kind page for an address that does not exist, status 404; the room page for a link whose `#` became `%23`."""
        if SPOILED_LINK.match(request.scope["path"]):
            return self._bodies["/r"].response(request, {"Cache-Control": "no-store"})
        return _at_depth(self._not_found, request, 404)

    async def failed(self, request: Request) -> Response:
        """The page for what went wrong here, status 500."""
        return _at_depth(self._failed, request, 500)


def _under_digest(body: Body, request: Request) -> Response:
    is_own = request.path_params["digest"] == body.digest
    return body.response(request, {"Cache-Control": "max-age=31536000, immutable" if is_own else "no-store"})


def _at_depth(bodies: list[Body], request: Request, status: int) -> Response:
    depth = min(str(request.scope["path"]).count("/") - 1, DEEPEST)
    response = bodies[depth].response(request, {"Cache-Control": "no-store"})
    response.status_code = status
    return response
