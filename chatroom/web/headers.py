"""Security headers on HTTP responses: a strict Content Security Policy without exceptions, and its companions."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatroom.web.assets import TYPES
from chatroom.web.first_script import FIRST_SCRIPT_HASH
from chatroom.web.kinds import origin_of

NO_SNIFFING = {"X-Content-Type-Options": "nosniff"}
FIXED = {
    **NO_SNIFFING,
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
POLICY = (
    "default-src 'none'; script-src 'self' {first_script}; style-src 'self'; img-src 'self'; connect-src {connect}; "
    "form-action 'none'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""The last two let no script of ours make markup or code from text, in browsers that know them.

No form is sent but by a script: the browser itself would put a room's code into an address."""
NEVER_DOCUMENTS = frozenset({TYPES[".js"], TYPES[".css"]})
"""Dozens of small files whose headers would weigh as much as they do, and which no browser shows as a page."""
LENGTHS = frozenset({b"content-length", b"transfer-encoding"})
"""Of a request that has both, a proxy may have read another end: the connection is closed after the answer (RFC 9112, 6.3)."""
HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}", re.ASCII)
ONE_YEAR_SECONDS = 365 * 24 * 3600


class SecurityHeaders:
    """ASGI middleware that adds the headers to each HTTP response, and closes after a request of two lengths.

    HSTS only when the public address is https.
    """

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self.app = app
        self.own_host = origin_of(base_url).partition("://")[2] if base_url else ""
        self.fixed = dict(FIXED)
        if base_url.startswith("https:"):
            self.fixed["Strict-Transport-Security"] = f"max-age={ONE_YEAR_SECONDS}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if LENGTHS.issubset(name for name, _ in scope["headers"]):
                    headers["Connection"] = "close"
                if headers.get("content-type") in NEVER_DOCUMENTS:
                    headers.update(NO_SNIFFING)
                else:
                    headers.update(self.fixed)
                    headers["Content-Security-Policy"] = POLICY.format(
                        first_script=FIRST_SCRIPT_HASH, connect=self._connect(scope)
                    )
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _connect(self, scope: Scope) -> str:
        """`'self'`, and this host by name for browsers whose `'self'` leaves out WebSockets (Safari before 15.4)."""
        host = self.own_host or Headers(scope=scope).get("host", "")
        return f"'self' ws://{host} wss://{host}" if HOST.fullmatch(host) else "'self'"
