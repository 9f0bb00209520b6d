"""Passphrases, made the same however a keyboard composes them (RFC 8265, section 4.2: OpaqueString)."""

from chatroom.core.precis import enforce
from chatroom.core.refusals import Refused


def prepare_passphrase(text: str) -> str:
    """The passphrase to hash and to compare: composed, every space the plain one, none at the ends.

    Raises Refused passphrase_not_allowed: nothing is left, or it holds controls or invisible characters.
    """
    try:
        return enforce("OpaqueString", text.strip())
    except UnicodeEncodeError:
        raise Refused("passphrase_not_allowed") from None
