"""The pages, rendered once at the start and served from memory. No page holds anything about a room or a person."""

import json
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from chatroom.web.assets import Assets, Body, data_folder
from chatroom.web.settings import Settings

PAGES = {"/": "front.html", "/open": "open.html", "/r": "room.html"}
NO_STORE = frozenset({"/r"})
DEEPEST = 8
ENTRY_SCRIPT = re.compile(r"""<script type="module" src="[./]*static/[0-9a-f]+/([^"]+)">""")


class Pages:
    """Every page as a body with its ETag. Raises what Jinja2 raises when a template is missing or wrong."""

    def __init__(self, settings: Settings, assets: Assets) -> None:
        self._assets = assets
        self._environment = Environment(
            loader=FileSystemLoader(data_folder("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._shared = {
            "leave_url": settings.leave_url,
            "opening": settings.opening_policy if settings.opening_policy in ("anyone", "nobody") else "passphrase",
            "helplines": json.loads((Path(__file__).parent / "helplines.json").read_text("utf-8")),
        }
        self._bodies = {path: self._render(template, "") for path, template in PAGES.items()}
        self._not_found = [self._render("not_found.html", "../" * depth) for depth in range(DEEPEST + 1)]

    def _render(self, template: str, up: str) -> Body:
        """A template as bytes; `up` leads from the page's folder to the front page, so that every link is relative."""
        context = {**self._shared, "asset": lambda path: up + self._assets.url(path), "root": up or "./"}
        render = self._environment.get_template(template).render
        entry = ENTRY_SCRIPT.search(render(context, modules=[]))
        modules = self._assets.modules(entry[1]) if entry else []
        text = render(context, modules=[up + self._assets.url(path) for path in modules])
        return Body("text/html; charset=utf-8", text.encode())

    async def serve(self, request: Request) -> Response:
        """GET a page: checked again each time by its ETag; the room page is not kept at all."""
        path: str = request.scope["path"]
        if path in NO_STORE:
            return self._bodies[path].response(request, {"Cache-Control": "no-store"})
        body = self._bodies[path]
        headers = {"Cache-Control": "no-cache", "ETag": body.tag}
        if body.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return body.response(request, headers)

    async def not_found(self, request: Request) -> Response:
        """The kind page for an address that does not exist, status 404."""
        depth = min(str(request.scope["path"]).count("/") - 1, DEEPEST)
        response = self._not_found[depth].response(request, {"Cache-Control": "no-store"})
        response.status_code = 404
        return response
