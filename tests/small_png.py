"""Small PNG files of screenshots: the 256 most common colours, and the others as the nearest of them. PNG, third edition."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}
"""Bytes a pixel by colour type: truecolour, and truecolour with alpha."""
COLOURS = 256

Colour = tuple[int, int, int]


def smaller(png: bytes) -> bytes:
    """The same picture with a palette. Takes 8-bit truecolour without interlacing; raises ValueError for anything else."""
    chunks = list(_chunks(png))
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or kind not in CHANNELS or interlaced:
        raise ValueError("not a screenshot")
    packed = b"".join(data for name, data in chunks if name == b"IDAT")
    size = CHANNELS[kind]
    rows = [
        [(row[i], row[i + 1], row[i + 2]) for i in range(0, len(row), size)]
        for row in _rows(zlib.decompress(packed), width * size, size)
    ]
    counted = Counter(colour for row in rows for colour in row)
    palette = [colour for colour, _ in counted.most_common(COLOURS)]
    index = {colour: _nearest(colour, palette) for colour in counted}
    pixels = b"".join(b"\0" + bytes(index[colour] for colour in row) for row in rows)
    return SIGNATURE + b"".join(
        _chunk(name, data)
        for name, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", bytes(part for colour in palette for part in colour)),
            (b"IDAT", zlib.compress(pixels, 9)),
            (b"IEND", b""),
        )
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        yield name, png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(data: bytes, stride: int, size: int) -> Iterator[bytes]:
    """Undo the filter of each row."""
    before = bytes(stride)
    for start in range(0, len(data), stride + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + stride])
        for i in range(stride):
            left = row[i - size] if i >= size else 0
            corner = before[i - size] if i >= size else 0
            guess = (0, left, before[i], (left + before[i]) // 2, _paeth(left, before[i], corner))[kind]
            row[i] = (row[i] + guess) & 255
        before = bytes(row)
        yield before


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    return min(range(len(palette)), key=lambda i: sum((a - b) ** 2 for a, b in zip(colour, palette[i], strict=True)))
