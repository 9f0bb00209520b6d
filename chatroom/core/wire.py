"""JSON to commands, strictly: what cannot be understood is refused, and nothing else happens."""

import msgspec

from chatroom.core.command_base import Command, Ref
from chatroom.core.commands import WIRE, WireCommand
from chatroom.core.refusals import Refused

_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(WireCommand)
_NAMES = frozenset(str(command.__struct_config__.tag) for command in WIRE)


class _Envelope(msgspec.Struct):
    ref: Ref = 0
    do: str = ""


_envelope_decoder = msgspec.json.Decoder(_Envelope)


def decode_command(data: str) -> Command:
    """The command in a text frame.

    Raises Refused not_json, unknown_command or bad_command; its `detail` says where, for the sender alone.
    """
    try:
        return _decoder.decode(data)
    except msgspec.ValidationError as error:
        raise Refused(_code_of(data), detail=str(error)) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused("not_json") from None


def ref_of(data: str) -> int:
    """The `ref` of a frame that was refused, 0 when it has none that can be read."""
    try:
        return _envelope_decoder.decode(data).ref
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return 0


def _code_of(data: str) -> str:
    try:
        return "bad_command" if _envelope_decoder.decode(data).do in _NAMES else "unknown_command"
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return "bad_command"
