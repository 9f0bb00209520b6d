"""`chatroom schema`: a JSON Schema (2020-12) of every frame, both ways, from the types that decode and encode them."""

from typing import Any

import msgspec

from chatroom.core.commands import WIRE
from chatroom.core.frames import ENTRY_FRAMES, PERSONAL_FRAMES, SERVER_FRAMES


def frames_schema() -> dict[str, Any]:
    """`$defs.client_frame` is any frame a client may send, `$defs.server_frame` any frame the server sends."""
    server: tuple[type[msgspec.Struct], ...] = (*SERVER_FRAMES, *ENTRY_FRAMES, *PERSONAL_FRAMES)
    schemas, definitions = msgspec.json.schema_components((*WIRE, *server), ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Frames of a chatroom server",
        "anyOf": [{"$ref": "#/$defs/client_frame"}, {"$ref": "#/$defs/server_frame"}],
        "$defs": {
            **definitions,
            "client_frame": {"anyOf": list(schemas[: len(WIRE)])},
            "server_frame": {"anyOf": list(schemas[len(WIRE) :])},
        },
    }
