"""Google's service accounts, and the tokens they are lent for one scope."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

import msgspec

from dangol.providers.egress.client import EgressError
from dangol.providers.egress.pool import Pool
from dangol.providers.egress.target import RefusedTarget
from dangol.providers.jwt import Key, read_private_key, sign_jwt

GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_SECONDS: Final = 3_600
# A token is renewed this long before it ends, so that none ends on the way.
EARLY: Final = timedelta(minutes=5)
OK: Final = 200
REFUSALS: Final = range(400, 500)


class SignInError(Exception):
    """No token is to be had; the text says why."""

    def __init__(self, text: str, *, ours: bool) -> None:
        super().__init__(text)
        # Whether the account is wrong, not the way to the vendor.
        self.ours: Final = ours


class AccountFile(msgspec.Struct, frozen=True):
    """What Google's console gives as a JSON file."""

    project_id: str
    private_key_id: str
    private_key: str
    client_email: str
    token_uri: str


class Granted(msgspec.Struct, frozen=True):
    """What the token's address answers."""

    access_token: str
    expires_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A service account of one project."""

    project: str
    email: str
    key_id: str
    key: Key = field(repr=False)
    token_url: str


@dataclass(slots=True, kw_only=True)
class Lease:
    """A token and when to get another."""

    token: str = field(repr=False)
    renew_at: datetime


def read_account(text: bytes) -> Account:
    """Read the JSON file of a service account.

    Raises:
        ValueError: naming what is wrong; never quoting the key.
    """
    try:
        told = msgspec.json.decode(text, type=AccountFile)
    except msgspec.MsgspecError as fault:
        raise ValueError(
            f"is no service account file: {fault}. Make a key of the service account in "
            "Google's console and give its JSON file"
        ) from fault
    try:
        key = read_private_key(told.private_key.encode())
    except ValueError as fault:
        raise ValueError(f"its private_key {fault}. Download the JSON file anew") from fault
    return Account(
        project=told.project_id,
        email=told.client_email,
        key_id=told.private_key_id,
        key=key,
        token_url=told.token_uri,
    )


class Tokens:
    """Lends the bearer token of an account, and gets another in time."""

    def __init__(self, account: Account, *, scope: str, clock: Callable[[], datetime]) -> None:
        self._account: Final = account
        self._scope: Final = scope
        self._clock: Final = clock
        self._lease: Lease | None = None

    async def get(self, pool: Pool) -> str:
        """Return a token that is good for some minutes.

        Raises:
            SignInError: none is to be had.
        """
        now = self._clock()
        if self._lease is None or self._lease.renew_at <= now:
            granted = await self._ask(pool, now=now)
            self._lease = Lease(
                token=granted.access_token,
                renew_at=now + timedelta(seconds=granted.expires_in) - EARLY,
            )
        return self._lease.token

    def forget(self) -> None:
        """Get a new token for the next call: the last one was refused."""
        self._lease = None

    async def _ask(self, pool: Pool, *, now: datetime) -> Granted:
        issued = int(now.timestamp())
        assertion = sign_jwt(
            self._account.key,
            header={"typ": "JWT", "kid": self._account.key_id},
            claims={
                "iss": self._account.email,
                "scope": self._scope,
                "aud": self._account.token_url,
                "iat": issued,
                "exp": issued + ASSERTION_SECONDS,
            },
        )
        try:
            answer = await pool.post(
                self._account.token_url,
                headers={"content-type": "application/x-www-form-urlencoded"},
                body=urlencode({"grant_type": GRANT, "assertion": assertion}).encode(),
            )
        except RefusedTarget as fault:
            raise SignInError(str(fault), ours=True) from fault
        except EgressError as fault:
            raise SignInError(f"no token: {fault}", ours=False) from fault
        if answer.status != OK:
            text = answer.body.decode("utf-8", "replace")
            raise SignInError(f"no token: {answer.status} {text}", ours=answer.status in REFUSALS)
        try:
            return msgspec.json.decode(answer.body, type=Granted)
        except msgspec.MsgspecError as fault:
            raise SignInError(f"no token: {fault}", ours=False) from fault
