"""Pictures as bytes, for tests: whole as far as anybody here looks."""

import struct
import zlib


def jpeg(width: int = 800, height: int = 600, *, size: int = 0) -> bytes:
    """A JPEG of these pixels; with ``size`` of so many bytes."""
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    rest = max(0, size - len(head + frame + scan) - 2)
    return head + frame + scan + b"\x00" * rest + b"\xff\xd9"


def png(width: int = 800, height: int = 600) -> bytes:
    """A PNG of these pixels, all black."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\x00" * ((width + 7) // 8)) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
