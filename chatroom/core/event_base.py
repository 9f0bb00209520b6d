"""The base of all events, and the names that events of several files use."""

from enum import StrEnum

import msgspec


class Event(msgspec.Struct, frozen=True, tag_field="type", array_like=True, omit_defaults=True):
    """The base of all events. `changes_rules` says that commands decided before it must be decided again."""


class MessageKind(StrEnum):
    """What was said: words, the text of a phase, a milestone's chip, a short reply."""

    WORDS = "words"
    READING = "reading"
    CHIP = "chip"
    THANKS = "thanks"


class ReportReason(StrEnum):
    UNKIND = "unkind"
    UNSAFE = "unsafe"
    PRIVATE_DETAILS = "private_details"
    SPAM = "spam"
    OTHER = "other"
