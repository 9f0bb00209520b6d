"""Events and states as bytes, for the log. What is read here was written by this version or by another one."""

import msgspec

from chatroom.core.events import AnyEvent, Event
from chatroom.core.formats import Unreadable, format_of, pack, unpack
from chatroom.core.room import Room

_encoder = msgspec.msgpack.Encoder()
_event_decoder: msgspec.msgpack.Decoder[AnyEvent] = msgspec.msgpack.Decoder(AnyEvent)
_room_decoder = msgspec.msgpack.Decoder(Room)


def encode_event(event: Event) -> bytes:
    """The event, with the format that it needs."""
    return pack(_encoder.encode(event), format_of(event))


def decode_event(data: bytes) -> AnyEvent:
    """The event of `encode_event`. Raises Unreadable."""
    try:
        return _event_decoder.decode(unpack(data))
    except msgspec.DecodeError as error:
        raise Unreadable from error


def encode_room(room: Room) -> bytes:
    """The state, with the format that its newest kind of entry needs."""
    return pack(_encoder.encode(room), room.format)


def decode_room(data: bytes) -> Room:
    """The state of `encode_room`. Raises Unreadable."""
    try:
        return _room_decoder.decode(unpack(data))
    except msgspec.DecodeError as error:
        raise Unreadable from error
