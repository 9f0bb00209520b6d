"""The base of all events."""

import msgspec


class Event(msgspec.Struct, frozen=True, tag_field="type", array_like=True, omit_defaults=True):
    """The base of all events. `changes_rules` says that commands decided before it must be decided again."""
