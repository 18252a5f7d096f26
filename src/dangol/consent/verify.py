"""The arithmetic of the ledger's chain, and a verifier that needs nothing but Python.

This file is put into every bundle that `dangol ledger prove` writes, as it is: it imports only the
standard library and runs on Python 3.8 or newer. Dangol itself computes its chain with it.

    digest of an entry = SHA-256 of its facts, as canonical JSON (RFC 8785)
    hash of a link     = SHA-256 of {at, entry: digest, previous: hash before, seq, workspace}
"""

from __future__ import annotations

import hashlib
import json

# What stands before the first link.
NOTHING = "0" * 64
# How an anchor says what it is.
ANCHOR = "consent anchor 1"


def canonical(value: object) -> bytes:
    """Return RFC 8785's form of texts, whole numbers, truth values and objects of such."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def hash_of(value: object) -> str:
    """Return the SHA-256 of a value's canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def hash_link(*, workspace: int, seq: int, previous: str, digest: str, at: str) -> str:
    """Return the hash of a link; hashes are hexadecimal, the time as in an entry's facts."""
    return hash_of(
        {"at": at, "entry": digest, "previous": previous, "seq": seq, "workspace": workspace}
    )
