"""Files that people write by hand: UTF-8, with the byte order mark that some editors put before it, or without."""

import codecs
from pathlib import Path


class NotUtf8(ValueError):
    """The file has another encoding. The message says what to do, to stand after the file's name."""

    def __init__(self) -> None:
        super().__init__("is not saved as UTF-8: open it in your editor and save it again with the encoding UTF-8")


def read_utf8(path: Path) -> bytes:
    """The bytes of the file without a byte order mark. Raises OSError, NotUtf8."""
    content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        content.decode()
    except UnicodeDecodeError:
        raise NotUtf8 from None
    return content
