"""The base of what a client may ask, and the types of its fields."""

from typing import TYPE_CHECKING, Annotated

import msgspec

from chatroom.core.entry_ids import EntryId

if TYPE_CHECKING:
    Offset = int
else:
    Offset = EntryId
"""Names an entry: by its id on the wire, by its offset once the command is decoded (`chatroom.core.wire`)."""
Ref = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Id = Annotated[str, msgspec.Meta(max_length=32)]
OriginId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{8,32}(?!\n)$")]
Credential = Annotated[str, msgspec.Meta(max_length=128)]
Reason = Annotated[str, msgspec.Meta(max_length=200)]


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True):
    """The base of what a client may ask. `ref` comes back in the answer."""

    ref: Ref = 0
