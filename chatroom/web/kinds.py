"""What a setting may be: each kind reads the text of an environment variable, or says in words what it should have been."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from chatroom.hooks.webhook import secret_key
from chatroom.log.redis_commands import Commands

Item = TypeVar("Item")
Number = TypeVar("Number", int, float)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network | str
"""A network of trusted proxies, or the word `unix` for a Unix socket."""


class SettingsError(Exception):
    """A setting has a wrong value. The message is one sentence that names it."""


@dataclass(frozen=True)
class Kind:
    """`words` completes "NAME must be ..."; `parse` raises ValueError for other text; a `secret` is not repeated in errors."""

    words: str
    parse: Callable[[str], Any]
    secret: bool = False

    def read(self, name: str, text: str) -> Any:
        """The value of the setting `name`. Raises SettingsError."""
        try:
            return self.parse(text)
        except ValueError:
            repeated = "" if self.secret else f", not {text[:100]!r}"
            raise SettingsError(f"{name} must be {self.words}{repeated}.") from None


def whole_number(least: int, most: int) -> Kind:
    """A whole number in decimal digits, both ends included."""
    return Kind(f"a whole number from {least} to {most}", lambda text: _within(int(_digits(text)), least, most))


def rate(least: float, most: float) -> Kind:
    """A number in decimal digits with an optional fraction, both ends included."""
    return Kind(f"a number from {least} to {most}", lambda text: _within(float(_digits(text)), least, most))


def one_of(*words: str) -> Kind:
    """One of a few words, in lower or upper case."""
    return Kind(f"{', '.join(words[:-1])} or {words[-1]}", lambda text: _member(text.lower(), words))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _digits(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", text, re.ASCII):
        raise ValueError
    return text


def _within(number: Number, least: float, most: float) -> Number:
    if not least <= number <= most:
        raise ValueError
    return number


def _member(text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        raise ValueError
    return text


def _host(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        if re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9.-]{1,253}", text):
            return text
        raise


def _web_address(text: str) -> SplitResult:
    address = urlsplit(text)
    plain = (
        address.scheme in ("http", "https") and address.hostname and not (address.username or address.query or address.fragment)
    )
    if not plain or not re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", address.netloc) or address.port == 0:
        raise ValueError
    return address


def _address(text: str) -> str:
    return _web_address(text).geturl()


def origin_of(text: str) -> str:
    """The origin of a web address (RFC 6454, section 6.1): scheme, host, and the port unless it is the scheme's own."""
    address = _web_address(text.lower())
    own_port = {"http": ":80", "https": ":443"}[address.scheme]
    return f"{address.scheme}://{address.netloc.removesuffix(own_port)}"


def _origin(text: str) -> str:
    if _web_address(text).path not in ("", "/"):
        raise ValueError
    return origin_of(text)


def _redis_address(text: str) -> str:
    Commands(text)
    address = urlsplit(text)
    is_socket = address.scheme == "unix"
    if not (address.path if is_socket else address.hostname and re.fullmatch(r"(/[0-9]*)?", address.path, re.ASCII)):
        raise ValueError
    return text


def _webhook(text: str) -> str:
    address = urlsplit(text)
    _web_address(f"{address.scheme}://{address.netloc}/")
    if address.scheme != "https" or address.fragment or not re.fullmatch(r"[!-~]{1,2000}", text, re.ASCII):
        raise ValueError
    return text


def _webhook_secret(text: str) -> str:
    secret_key(text)
    return text


def _network(text: str) -> Network:
    return text if text == "unix" else ipaddress.ip_network(text)


def _file(text: str) -> str:
    if text != "none" and (not text.startswith("/") or text.endswith("/")):
        raise ValueError
    return text


def _own_file(text: str) -> str:
    if not text.startswith("/") or text.endswith("/"):
        raise ValueError
    return text


def _policies(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(","))
    if names == ("none",):
        return ()
    if not all(re.fullmatch(r"[a-z][a-z0-9_]{0,39}(:open|:hold)?", name, re.ASCII) for name in names):
        raise ValueError
    if len({name.partition(":")[0] for name in names}) < len(names):
        raise ValueError
    return names


def _title(text: str) -> str:
    if len(text) > 60 or not text.isprintable():
        raise ValueError
    return text


def _opening(text: str) -> str:
    """A hash that lost its end fits no passphrase, so all of it must be there: 16 bytes of salt, 32 of hash, in Base64."""
    whole = r"\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}"
    if text in ("anyone", "nobody") or re.fullmatch(whole, text, re.ASCII):
        return text
    raise ValueError


def _each(parse: Callable[[str], Item]) -> Callable[[str], tuple[Item, ...]]:
    return lambda text: tuple(parse(part.strip()) for part in text.split(",") if part.strip())


HOST = Kind("an IP address or a host name", _host)
ADDRESS = Kind("an address such as https://example.org/", _address)
REDIS_ADDRESS = Kind(
    "an address such as redis://example.org:6379/0, rediss://example.org/0 or unix:///run/redis.sock",
    _redis_address,
    secret=True,
)
WEBHOOK = Kind("an address that starts with https://", _webhook, secret=True)
WEBHOOK_SECRET = Kind("whsec_ and 24 to 64 bytes in Base64", _webhook_secret, secret=True)
NETWORKS = Kind("IP addresses, networks such as 10.0.0.0/8, or unix, with commas between them", _each(_network))
ORIGINS = Kind("origins such as https://example.org, with commas between them", _each(_origin))
FILE = Kind("a path from / on, or none", _file)
OWN_FILE = Kind("a path from / on", _own_file)
POLICIES = Kind("names of policies with commas between them, each with :open or :hold after it or neither, or none", _policies)
TITLE = Kind("one line of at most 60 characters", _title)
OPENING = Kind("anyone, nobody, or a hash made by `chatroom hash-passphrase`", _opening, secret=True)
