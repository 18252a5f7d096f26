"""Bodies that no client should send, and some that one might: the same again for the same number.

Each begins as dirty calls in an envelope and is then cut, mixed, repeated, spliced with bytes that
mean something to a parser, written in another encoding, or packed and damaged.
"""

import gzip
from collections.abc import Callable
from random import Random
from typing import Final

from tests.fuzz.dirt import anything, dirty, obj, text, traits

PATHS: Final = ("track", "identify", "page", "screen", "group", "alias", None, None)
SPLICES: Final = (
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xf4\x90\x80\x80",
    b'"',
    b"\\",
    b"\\u0000",
    b"\\ud83d",
    b"{",
    b"}",
    b"[" * 3_000,
    b'{"a":' * 2_000,
    b",",
    b":",
    b"null",
    b"1e400",
    b"-",
    b"\x1f\x8b",
    b"\xef\xbb\xbf",
    b"//",
    b"9" * 5_000,
)
ENCODINGS: Final = ("utf-16", "utf-32", "cp949", "latin-1", "utf-7")


def make_body(seed: int, number: int) -> tuple[str | None, bytes]:
    """Return the kind of call of the path (None is a batch) and the body."""
    random = Random(f"{seed}:{number}")  # noqa: S311  fuzz needs no secrecy
    path_type = random.choice(PATHS)
    body = (one_call if path_type else batch)(random, number).encode()
    for _ in range(random.choice((0, 0, 1, 1, 2, 5))):
        body = random.choice(MUTATIONS)(random, body)
    return path_type, body


def one_call(random: Random, number: int) -> str:
    return dirty(random, number)


def batch(random: Random, number: int) -> str:
    """Write an envelope, now and then dirty itself."""
    calls = ",".join(dirty(random, number * 4 + place) for place in range(random.randint(0, 4)))
    fields = [("batch", f"[{calls}]")]
    if random.random() < 0.2:
        fields.append(("context", obj([("traits", traits(random)), ("locale", anything(random))])))
    if random.random() < 0.1:
        place = random.choice(("batch", "sentAt", "writeKey", "context", ""))
        fields.append((place, anything(random)))
    return obj(fields)


def flip(random: Random, body: bytes) -> bytes:
    """Change single bits."""
    changed = bytearray(body)
    for _ in range(min(len(changed), random.choice((1, 3, 20)))):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def cut(random: Random, body: bytes) -> bytes:
    """Leave a piece out, often the end."""
    start = random.randint(0, len(body))
    return body[:start] + body[random.choice((len(body), start + random.randint(0, 50))) :]


def splice(random: Random, body: bytes) -> bytes:
    """Put in what means something to a parser."""
    place = random.randint(0, len(body))
    return body[:place] + random.choice(SPLICES) + body[place:]


def repeat(random: Random, body: bytes) -> bytes:
    """Repeat a piece."""
    start = random.randint(0, len(body))
    piece = body[start : start + random.randint(1, 200)]
    return body[:start] + piece * random.choice((2, 10, 300)) + body[start:]


def encode(random: Random, body: bytes) -> bytes:
    """Write it in another encoding."""
    name = random.choice(ENCODINGS)
    return body.decode(errors="replace").encode(name, errors="replace")


def pack(random: Random, body: bytes) -> bytes:
    """Pack it, and damage it or let it burst."""
    filled = body + b" " * random.choice((0, 0, 600_000))
    packed = gzip.compress(filled, compresslevel=1, mtime=0)
    return random.choice((lambda whole: whole, lambda whole: cut(random, whole)))(packed)


def replace_all(random: Random, _: bytes) -> bytes:
    """Send something else altogether."""
    return random.choice(
        (
            b"",
            b" ",
            b"null",
            b"[]",
            b"7",
            b'"x"',
            random.randbytes(200),
            text("x" * 40_000).encode(),
        )
    )


MUTATIONS: Final[tuple[Callable[[Random, bytes], bytes], ...]] = (
    flip,
    flip,
    cut,
    splice,
    splice,
    repeat,
    encode,
    pack,
    replace_all,
)
