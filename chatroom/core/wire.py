"""JSON to commands, strictly: what cannot be understood is refused, and nothing else happens."""

import re
from collections.abc import Callable

import msgspec

from chatroom.core.command_base import Command, Ref
from chatroom.core.commands import WIRE, Hello, WireCommand
from chatroom.core.entry_ids import NO_ENTRY, EntryId, entry_fields
from chatroom.core.formats import PROTOCOL, UPGRADE_RETRY_SECONDS
from chatroom.core.refusals import Refused, what_does_not_fit

_HIGH, _LOW = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF_CHARACTER = re.compile(rf"(?<!\\)(?:{_HIGH}(?!{_LOW})|(?<!{_HIGH}){_LOW})")
"""An escaped half of a surrogate pair without the other half."""
UNKNOWN = -1
"""In place of the offset of an id that names nothing."""


def command_decoder(offset_of: Callable[[str], int]) -> msgspec.json.Decoder[Command]:
    """A decoder for the commands in one room; `offset_of` an id gives UNKNOWN for what names nothing, and never raises."""

    def decode(kind: type, value: object) -> EntryId:
        if not isinstance(value, str):
            raise ValueError("Expected `str`")
        return EntryId(offset_of(value) if value else NO_ENTRY)

    return msgspec.json.Decoder(WireCommand, dec_hook=decode)


_nowhere = command_decoder(lambda name: UNKNOWN)
"""For who is in no room yet."""
_NAMES = frozenset(str(command.__struct_config__.tag) for command in WIRE)


class _Envelope(msgspec.Struct):
    ref: Ref = 0
    do: str = ""


_envelope_decoder = msgspec.json.Decoder(_Envelope)


class _NewerHello(Hello, frozen=True, tag="hello", forbid_unknown_fields=False):
    """A `hello` of a newer version, with fields that this one does not know."""


_hello_decoder = msgspec.json.Decoder(_NewerHello)


def decode_command(data: str, decoder: msgspec.json.Decoder[Command] = _nowhere, *, is_newer: bool = False) -> Command:
    """The command in a text frame. Entries that it names are offsets from here on.

    `is_newer` says that the client speaks a newer version of the protocol than this one. What is not known of its `hello` is
    passed over: it must come in. Anything else that it asks is refused, since a command may mean something else without the
    field that is not known.
    Raises Refused not_json, unknown_command, bad_command or upgrade_unfinished; `detail` says where, for the sender alone.
    """
    try:
        command = decoder.decode(data)
    except msgspec.ValidationError as error:
        if hello := _newer_hello(data):
            return hello
        if is_newer:
            raise Refused("upgrade_unfinished", UPGRADE_RETRY_SECONDS) from None
        raise Refused(_code_of(data), detail=what_does_not_fit(error)) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused("text_not_allowed" if _has_half_characters(data) else "not_json") from None
    names = entry_fields(type(command))
    return msgspec.structs.replace(command, **{name: _plain(getattr(command, name)) for name in names}) if names else command


def _plain(named: EntryId | None) -> int | None:
    return None if named is None else int(named)


def is_newer(hello: Hello) -> bool:
    """Whether the client speaks a newer version of the protocol."""
    return hello.protocol > PROTOCOL


def _newer_hello(data: str) -> Hello | None:
    try:
        hello = _hello_decoder.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return Hello(**msgspec.structs.asdict(hello)) if is_newer(hello) else None


def ref_of(data: str) -> int:
    """The `ref` of a frame that was refused, 0 when it has none that can be read."""
    try:
        return _envelope_decoder.decode(_HALF_CHARACTER.sub("?", data)).ref
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return 0


def _has_half_characters(data: str) -> bool:
    """Whether it would be JSON but for halves of characters (RFC 8259, section 8.2), which a page makes that cuts an emoji."""
    whole = _HALF_CHARACTER.sub("?", data)
    try:
        return whole != data and bool(_envelope_decoder.decode(whole))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False


def _code_of(data: str) -> str:
    try:
        return "bad_command" if _envelope_decoder.decode(data).do in _NAMES else "unknown_command"
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return "bad_command"
