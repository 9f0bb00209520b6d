"""`chatroom schema`: JSON Schemas (2020-12) of every frame and of the files of a script and of help lines, from their types."""

from typing import Any

import msgspec

from chatroom.core.commands import WIRE
from chatroom.core.entry_ids import EntryId
from chatroom.core.frames import ENTRY_FRAMES, PERSONAL_FRAMES, SERVER_FRAMES
from chatroom.core.limits import (
    CUE_CODE_POINTS,
    FELLOWSHIP_MINUTES_AT_MOST,
    MINUTES_AT_MOST,
    PHASE_MINUTES_AT_MOST,
    PHASES_PER_SCRIPT,
    READING_CODE_POINTS,
    TITLE_CODE_POINTS,
)
from chatroom.core.script import ScriptFile
from chatroom.web.helplines import HelpLines

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PHASE_LIMITS: dict[str, dict[str, int]] = {
    "title": {"minLength": 1, "maxLength": TITLE_CODE_POINTS},
    "text": {"maxLength": READING_CODE_POINTS},
    "cue": {"maxLength": CUE_CODE_POINTS},
    "minutes": {"minimum": 0, "maximum": PHASE_MINUTES_AT_MOST},
}
SCRIPT_LIMITS: dict[str, dict[str, int]] = {
    "phases": {"minItems": 1, "maxItems": PHASES_PER_SCRIPT},
    "minutes": {"minimum": 0, "maximum": MINUTES_AT_MOST},
    "fellowship_minutes": {"minimum": 0, "maximum": FELLOWSHIP_MINUTES_AT_MOST},
}


ENTRY_ID = "^([A-Za-z0-9_-]{22})?$"
POSITION = "^[A-Za-z0-9_-]{64}$"


def _schema_of_name(kind: type) -> dict[str, Any]:
    return {"type": "string", "pattern": ENTRY_ID if kind is EntryId else POSITION}


def frames_schema() -> dict[str, Any]:
    """`$defs.client_frame` is any frame a client may send, `$defs.server_frame` any frame the server sends."""
    server: tuple[type[msgspec.Struct], ...] = (*SERVER_FRAMES, *ENTRY_FRAMES, *PERSONAL_FRAMES)
    schemas, definitions = msgspec.json.schema_components(
        (*WIRE, *server), ref_template="#/$defs/{name}", schema_hook=_schema_of_name
    )
    return {
        "$schema": DIALECT,
        "title": "Frames of a chatroom server",
        "anyOf": [{"$ref": "#/$defs/client_frame"}, {"$ref": "#/$defs/server_frame"}],
        "$defs": {
            **definitions,
            "client_frame": {"anyOf": list(schemas[: len(WIRE)])},
            "server_frame": {"anyOf": list(schemas[len(WIRE) :])},
        },
    }


def script_schema() -> dict[str, Any]:
    """The file a group keeps its script in."""
    schema = msgspec.json.schema(ScriptFile, ref_template="#/$defs/{name}")
    for name, limits in (("Phase", PHASE_LIMITS), ("ScriptFile", SCRIPT_LIMITS)):
        for field, limit in limits.items():
            schema["$defs"][name]["properties"][field] |= limit
    return {"$schema": DIALECT, "title": "Script of a meeting", **schema}


def help_lines_schema() -> dict[str, Any]:
    """The operator's own file of help lines."""
    return {"$schema": DIALECT, "title": "Help lines", **msgspec.json.schema(HelpLines, ref_template="#/$defs/{name}")}
