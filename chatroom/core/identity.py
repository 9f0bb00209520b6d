"""Who may come in, and under which key: room secrets, links, tokens, ids and address tags.

Nothing here draws a random number or keeps what it is given: random bytes are passed in.
"""

import hmac
import re
import unicodedata
from base64 import b32encode
from hashlib import scrypt, sha256
from ipaddress import IPv6Address, ip_address

from chatroom.core.words import ROOM_WORDS

SECRET_BYTES = 9
"""Nine bytes are 72 bits; the first 66 of them choose a secret."""
SECRET_WORDS = 6
TOKEN_BYTES = 16
PARTICIPANT_BYTES = 5
IDS_KEY_BYTES = 32
NETWORK_TAG_BYTES = 16

_WORD_BITS = 11
_INDEX = frozenset(ROOM_WORDS)
_LETTERS = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[a-z2-7]{26}", re.ASCII)


def new_secret(random_bytes: bytes) -> str:
    """A room's secret: six words joined by hyphens, 66 bits, from `SECRET_BYTES` random bytes."""
    _require(random_bytes, SECRET_BYTES)
    number = int.from_bytes(random_bytes) >> (8 * SECRET_BYTES - _WORD_BITS * SECRET_WORDS)
    places = range(_WORD_BITS * (SECRET_WORDS - 1), -1, -_WORD_BITS)
    return "-".join(ROOM_WORDS[number >> place & (1 << _WORD_BITS) - 1] for place in places)


def normalize_secret(text: str) -> str | None:
    """The secret as `new_secret` writes it, from what a person typed; None when that is not six words of the list.

    Case and width do not matter, and anything that is not a letter separates words: spaces, dots, numbering, line ends.
    """
    words = _LETTERS.findall(unicodedata.normalize("NFKC", text).lower())
    if len(words) != SECRET_WORDS or not _INDEX.issuperset(words):
        return None
    return "-".join(words)


def parse_link(text: str) -> tuple[str, str | None] | None:
    """Secret and role token (None for a participant) of a whole link, of the part after its `#`, or of the words alone.

    None when it is none of these. A token that was damaged makes the whole link invalid: it never becomes a lesser link.
    """
    fragment = text.rpartition("#")[2].strip()
    words, _, token = fragment.rpartition(".")
    if _TOKEN.fullmatch(token.lower()):
        secret = normalize_secret(words)
        return None if secret is None else (secret, token.lower())
    secret = normalize_secret(fragment)
    return None if secret is None else (secret, None)


def room_key(secret: str) -> bytes:
    """The 32-byte key of a room, from a normalized secret, by scrypt (RFC 7914).

    One call takes about 15 ms of CPU and 8 MiB, so call it outside the event loop. Why so much: a secret has 66 bits, and who
    stole a sealed log should pay that price for every guess. Why not more: a guest waits for it at the door.
    The salt is fixed, since the secret is all that a link holds and no two rooms share one.
    """
    return scrypt(secret.encode(), salt=b"chatroom room key", n=2**13, r=8, p=1, dklen=32)


def subkey(key: bytes, purpose: bytes) -> bytes:
    """A 32-byte key for one purpose only: the first block of HKDF-Expand with SHA-256 (RFC 5869, section 2.3)."""
    return hmac.digest(key, purpose + b"\x01", "sha256")


def new_token(random_bytes: bytes) -> str:
    """A role or seat token: 26 characters of lower-case base32, from `TOKEN_BYTES` random bytes."""
    _require(random_bytes, TOKEN_BYTES)
    return _base32(random_bytes)


def token_hash(token: str) -> bytes:
    """What is stored in place of a token: its SHA-256, 32 bytes. Defined for every string, well formed or not."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def token_matches(token: str, stored_hash: bytes) -> bool:
    """Whether the token has this hash, in constant time."""
    return hmac.compare_digest(token_hash(token), stored_hash)


def participant_id(random_bytes: bytes) -> str:
    """A participant's id: 8 characters of lower-case base32, from `PARTICIPANT_BYTES` random bytes."""
    _require(random_bytes, PARTICIPANT_BYTES)
    return _base32(random_bytes)


def network_tag(key: bytes, address: str) -> bytes:
    """A 16-byte tag that is the same for the same network in the same room, and tells nothing without the room key."""
    return hmac.digest(subkey(key, b"network tag"), network_of(address), "sha256")[:NETWORK_TAG_BYTES]


def device_tag(key: bytes, device: str) -> bytes:
    """A 16-byte tag that is the same for the same device key in the same room, and tells nothing without the room key.

    Empty for a client that has no device key.
    """
    return hmac.digest(subkey(key, b"device tag"), device.encode(), "sha256")[:NETWORK_TAG_BYTES] if device else b""


def network_of(address: str) -> bytes:
    """What counts as one network: an IPv4 address whole, also inside IPv6; an IPv6 address by its /64.

    What is no address (a Unix socket, an empty string) counts as one network.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return b""
    if not isinstance(parsed, IPv6Address):
        return parsed.packed
    return parsed.ipv4_mapped.packed if parsed.ipv4_mapped else parsed.packed[:8]


def networks_of(address: str) -> tuple[bytes, ...]:
    """The networks that an address is in, the narrowest first: that of `network_of`, and of IPv6 its /56 and /48 as well."""
    network = network_of(address)
    return (network, network[:7], network[:6]) if len(network) == 8 else (network,)


def _base32(data: bytes) -> str:
    return b32encode(data).decode().rstrip("=").lower()


def _require(random_bytes: bytes, count: int) -> None:
    if len(random_bytes) != count:
        raise ValueError(f"{count} random bytes are needed, not {len(random_bytes)}")
