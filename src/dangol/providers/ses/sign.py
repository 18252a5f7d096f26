"""Signs calls to Amazon's services (Signature Version 4), for a body sent whole."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from urllib.parse import quote, urlsplit

ALGORITHM: Final = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who calls, and where."""

    access_key: str
    secret_key: str = field(repr=False)
    region: str
    # Of a role's passing keys.
    session_token: str = field(default="", repr=False)


def sign_call(
    account: Account,
    *,
    service: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    method: str = "POST",
) -> dict[str, str]:
    """Return the headers of a call with those that prove who makes it.

    ``url`` has no query; ``headers`` may be any, and all of them are signed.
    """
    parts = urlsplit(url)
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    signed = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    signed |= {"host": parts.netloc, "x-amz-date": stamp}
    if account.session_token:
        signed["x-amz-security-token"] = account.session_token
    names = ";".join(sorted(signed))
    canonical = "\n".join(
        (
            method,
            quote(parts.path or "/", safe="/-_.~"),
            "",
            *(f"{name}:{signed[name]}" for name in sorted(signed)),
            "",
            names,
            sha256(body).hexdigest(),
        )
    )
    scope = f"{stamp[:8]}/{account.region}/{service}/aws4_request"
    wanted = "\n".join((ALGORITHM, stamp, scope, sha256(canonical.encode()).hexdigest()))
    key = f"AWS4{account.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), sha256)
    signature = hmac.digest(key, wanted.encode(), sha256).hex()
    proof = f"Credential={account.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**signed, "authorization": f"{ALGORITHM} {proof}"}
