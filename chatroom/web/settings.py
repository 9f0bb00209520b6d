"""The one table of settings: what the operator may set in the environment.

A field of `Settings` is a setting: its upper-case name is the variable, its annotation says what it may be, in which unit,
and what it is for. `chatroom settings` and docs/operations.md print this table.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cached_property
from typing import Annotated, get_type_hints

from chatroom.web import kinds
from chatroom.web.kinds import Kind, Network, SettingsError

NEAR = 0.85
"""How alike two names are, of 1, when one may be the other misspelt: a letter or two of twelve."""


@dataclass(frozen=True)
class About:
    """What the table says about a setting: its kind, its unit if it has one, and one sentence of help."""

    kind: Kind
    help: str
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting with its default. Build it from the environment with `from_environment`."""

    host: Annotated[
        str, About(kinds.HOST, "The address to listen on. 0.0.0.0 listens on every IPv4 address, :: on every address.")
    ] = "127.0.0.1"
    port: Annotated[int, About(kinds.whole_number(1, 65535), "The TCP port to listen on.")] = 8000
    base_url: Annotated[
        str,
        About(
            kinds.ADDRESS,
            "The public address of the front page, when a reverse proxy does not pass on the Host header. "
            "With https, browsers are told to use nothing else from then on.",
        ),
    ] = ""
    redis_url: Annotated[
        str,
        About(
            kinds.REDIS_ADDRESS,
            "Where the rooms' logs live, so that several processes serve the same rooms. Empty: in this process.",
        ),
    ] = ""
    rooms_file: Annotated[
        str,
        About(
            kinds.FILE,
            "The file in which the rooms wait, sealed, while a server without Redis is restarted; `none`: they end with it. "
            "Empty: `chatroom/rooms-PORT` in $XDG_STATE_HOME or ~/.local/state.",
        ),
    ] = ""
    trusted_proxies: Annotated[
        tuple[Network, ...],
        About(
            kinds.NETWORKS,
            "Reverse proxies, as addresses or networks, whose forwarded headers are believed; `unix` for a Unix socket.",
        ),
    ] = ()
    allowed_origins: Annotated[tuple[str, ...], About(kinds.ORIGINS, "Origins accepted beside the server's own address.")] = ()
    opening: Annotated[
        str,
        About(
            kinds.OPENING,
            "Who may open rooms: `anyone`, `nobody`, or who knows the passphrase of this Argon2id hash "
            "(`chatroom hash-passphrase` makes it). Empty: anyone on this machine when HOST is a loopback address, "
            "else nobody.",
        ),
    ] = ""
    max_rooms: Annotated[int, About(kinds.whole_number(1, 1_000_000), "Rooms open at once in this process.", "rooms")] = 1000
    max_connections: Annotated[
        int, About(kinds.whole_number(1, 1_000_000), "WebSocket connections at once in this process.", "connections")
    ] = 5000
    max_connections_per_source: Annotated[
        int, About(kinds.whole_number(1, 1_000_000), "WebSocket connections at once from one network address.", "connections")
    ] = 200
    hellos_per_source_per_second: Annotated[
        float,
        About(
            kinds.rate(0.1, 10_000),
            "What one network address may connect in the long run; 24 times as much at once.",
            "connections/s",
        ),
    ] = 5
    rooms_per_source_per_hour: Annotated[
        float,
        About(kinds.rate(1, 1_000_000), "What one network address may open in the long run; a sixth of it at once.", "rooms/h"),
    ] = 60
    commands_per_session_per_second: Annotated[
        float,
        About(kinds.rate(1, 10_000), "What one connection may ask in the long run; four times as much at once.", "commands/s"),
    ] = 10
    posts_per_person_per_second: Annotated[
        float,
        About(kinds.rate(0.1, 10_000), "What one person may post in the long run; five times as much at once.", "messages/s"),
    ] = 1
    posts_per_room_per_second: Annotated[
        float,
        About(kinds.rate(1, 10_000), "What a whole room may post in the long run; three times as much at once.", "messages/s"),
    ] = 20
    policies: Annotated[
        tuple[str, ...],
        About(
            kinds.POLICIES,
            "What looks at words before they are said, in this order (docs/moderation.md). When a policy fails, words are "
            "accepted; with `:hold` after its name they wait for a moderator. `none`: nothing looks at them.",
        ),
    ] = ("risk", "contact", "hurtful", "repeated", "walls", "words", "drugs")
    words_file: Annotated[
        str,
        About(kinds.OWN_FILE, "Your own list of words and patterns, which the policy `words` looks for in every room."),
    ] = ""
    webhook_url: Annotated[
        str, About(kinds.WEBHOOK, "Where to send webhooks of what happens in rooms (docs/integrations.md). Empty: nowhere.")
    ] = ""
    webhook_secret: Annotated[
        str, About(kinds.WEBHOOK_SECRET, "The secret that signs them, needed with WEBHOOK_URL. The receiver has the same.")
    ] = ""
    webhook_texts: Annotated[
        str,
        About(kinds.one_of("yes", "no"), "Whether hooks and webhooks are given what people wrote: reasons and reported words."),
    ] = "no"
    io_uring: Annotated[
        str,
        About(
            kinds.one_of("yes", "no"),
            "Whether one call of the kernel sends to many people (io_uring), where there is one; `no`: a call for each.",
        ),
    ] = "yes"
    log_level: Annotated[
        str, About(kinds.one_of("debug", "info", "warning", "error"), "The least important log lines that are written.")
    ] = "info"
    leave_url: Annotated[str, About(kinds.ADDRESS, "The neutral page that `Leave now` goes to.")] = "https://www.wikipedia.org/"
    neutral_title: Annotated[
        str,
        About(kinds.TITLE, "What the tab and the browser's history show from the start, such as `Notes`. Empty: `Meeting`."),
    ] = ""
    helplines_file: Annotated[
        str,
        About(
            kinds.OWN_FILE,
            "Your own help lines in place of the list that comes with the server (docs/help-lines.md). "
            "`chatroom schema helplines` prints the format.",
        ),
    ] = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read every setting that is set and not empty. Raises SettingsError with one sentence naming the setting."""
        given = {name: environment.get(name.upper(), "").strip() for name in TABLE}
        settings = cls(**{name: TABLE[name].kind.read(name.upper(), text) for name, text in given.items() if text})
        if settings.webhook_url and not settings.webhook_secret:
            raise SettingsError("WEBHOOK_SECRET must be set with WEBHOOK_URL.")
        return settings

    @cached_property
    def opening_policy(self) -> str:
        """`anyone`, `nobody`, or the Argon2id hash of the passphrase for opening rooms."""
        return self.opening or ("anyone" if kinds.is_loopback(self.host) else "nobody")

    @cached_property
    def origins(self) -> frozenset[str]:
        """The origins accepted whatever the Host header says."""
        return frozenset(self.allowed_origins) | ({kinds.origin_of(self.base_url)} if self.base_url else set())


TABLE: dict[str, About] = {name: hint.__metadata__[0] for name, hint in get_type_hints(Settings, include_extras=True).items()}


def misspelt(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each variable that is no setting and whose name is nearly that of one."""
    ours = {name.upper() for name in TABLE}
    near = {name: get_close_matches(name, ours, 1, NEAR) for name in sorted(environment) if name not in ours}
    return [f"{name} is no setting. Is {found[0]} meant?" for name, found in near.items() if found]


def settings_table() -> str:
    """The table of settings in Markdown: name, default, what it may be, unit, help."""
    defaults = {field.name: field.default for field in fields(Settings)}
    rows = [
        f"| `{name.upper()}` | {_shown(defaults[name])} | {about.kind.words} | {about.unit} | {about.help} |"
        for name, about in TABLE.items()
    ]
    return "\n".join(["| setting | default | may be | unit | what it is for |", "|---|---|---|---|---|", *rows]) + "\n"


def _shown(default: object) -> str:
    text = ", ".join(default) if isinstance(default, tuple) else default
    return f"`{text}`" if text != "" else ""


__all__ = ["TABLE", "About", "Settings", "SettingsError", "misspelt", "settings_table"]
