"""The words of an entry that are gone for good: with what they go, and what is left of the entry."""

import msgspec

from chatroom.core.event_base import Event
from chatroom.core.events import AnyEvent, MessagePosted, Redacted, Retracted
from chatroom.core.safety_events import HeldResolved, MessageHeld, Topic

ERASED_BY: dict[type[Event], str] = {Retracted: "message", Redacted: "message", HeldResolved: "held"}
"""Events with which the words of an earlier entry are erased, and their field that names it."""


def without_words(event: AnyEvent) -> AnyEvent:
    """What stays in the log where words stood; any other event as it is."""
    if isinstance(event, MessagePosted):
        return MessagePosted(event.participant, "", event.origin_id, event.kind)
    if isinstance(event, MessageHeld):
        return msgspec.structs.replace(event, text="", name="", topic=Topic.NONE, reason="")
    return event


def has_no_words(event: AnyEvent) -> bool:
    """Whether it is what stays where words stood."""
    return isinstance(event, MessagePosted | MessageHeld) and not event.text and not event.name
