"""A webhook as it goes over the wire: body and headers after Standard Webhooks (standardwebhooks.com, version 1)."""

import binascii
import hmac
from base64 import b64decode, b64encode
from datetime import UTC, datetime

import msgspec

from chatroom.hooks.hook import Kind, Occasion

SECRET_PREFIX = "whsec_"
SECRET_BYTES_AT_LEAST = 24
SECRET_BYTES_AT_MOST = 64

TYPES = {
    Kind.ROOM_OPENED: "room.opened",
    Kind.JOINED: "person.joined",
    Kind.REPORTED: "person.reported",
    Kind.MUTED: "person.muted",
    Kind.REMOVED: "person.removed",
    Kind.SENT_BACK: "person.sent_back",
    Kind.SUPPORT_ASKED: "support.asked",
    Kind.CONCERN_NOTED: "concern.noted",
    Kind.UNATTENDED: "room.unattended",
    Kind.ATTENDED: "room.attended",
    Kind.ENDED: "room.ended",
}


def secret_key(secret: str) -> bytes:
    """The key in a secret, which is `whsec_` and 24 to 64 bytes in Base64. Raises ValueError."""
    try:
        key = b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(SECRET_PREFIX) or not SECRET_BYTES_AT_LEAST <= len(key) <= SECRET_BYTES_AT_MOST:
        raise ValueError("not a webhook secret")
    return key


def body(occasion: Occasion) -> bytes:
    """What is sent of an occasion: JSON with `type`, `timestamp` (ISO 8601) and `data`."""
    at = datetime.fromtimestamp(occasion.at / 1000, UTC).isoformat(timespec="milliseconds")
    data = {
        "room": occasion.room,
        "offset": occasion.offset,
        "here": occasion.here,
        "moderators_here": occasion.moderators_here,
        **occasion.facts,
        **({"texts": occasion.texts} if occasion.texts else {}),
    }
    return msgspec.json.encode({"type": TYPES[occasion.kind], "timestamp": at.replace("+00:00", "Z"), "data": data})


def headers(key: bytes, letter: str, at_seconds: int, content: bytes) -> dict[str, str]:
    """The headers of one try: id, time and signature (HMAC-SHA-256 over `id.time.body`)."""
    signature = hmac.digest(key, f"{letter}.{at_seconds}.".encode() + content, "sha256")
    return {
        "Content-Type": "application/json",
        "User-Agent": "chatroom",
        "webhook-id": letter,
        "webhook-timestamp": str(at_seconds),
        "webhook-signature": f"v1,{b64encode(signature).decode()}",
    }
