"""What mail servers post to us: mail that came back, and mail that asks us to stop."""

import base64
import binascii
from typing import TYPE_CHECKING, Final

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    PermissionDeniedException,
)
from litestar.params import RawBody

from dangol.feedback.mail import receive_mail
from dangol.feedback.unsubscribe import wait_for_calls
from dangol.ingest.fault import BadPayload
from dangol.ingest.keys import ApiKey, find_api_key, require_scope
from dangol.store.connect import Connection
from dangol.store.vocabulary import ApiKeyKind, ApiKeyScope

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool

REMEDY: Final = (
    "Send a server key (`dangol key create server`) as the user of HTTP Basic or as Bearer token."
)


class MailAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the mail told us anything about a message of ours."""

    recorded: bool


@post(
    "/callbacks/smtp/bounce",
    tags=["callbacks"],
    status_code=200,
    sync_to_thread=True,
    raises=[NotAuthorizedException, PermissionDeniedException, ClientException],
)
def take_mail(request: Request[object, object, State], body: RawBody, state: State) -> MailAnswer:
    """Take one returned mail as it is (message/rfc822) and record what it says."""
    pool: ConnectionPool[Connection] = state.pool
    with pool.connection() as connection:
        with connection.transaction():
            key = authenticate(connection, header=request.headers.get("Authorization", ""))
            require(key, ApiKeyScope.FEEDBACK)
            received = receive_mail(
                connection,
                vault=state.vault,
                workspace_id=key.workspace_id,
                raw=body,
                now=state.clock(connection),
            )
        if received is not None and received.subscription is not None:
            # Whoever asked to stop is answered once no call to their address is under way.
            wait_for_calls(connection, subscription=received.subscription)
    return MailAnswer(recorded=received is not None)


def authenticate(connection: Connection, *, header: str) -> ApiKey:
    """Return the server key of a request.

    Raises:
        NotAuthorizedException: there is none, or it is not ours.
    """
    key = find_api_key(connection, key=read_key(header))
    if key is None or key.kind is not ApiKeyKind.SERVER:
        raise NotAuthorizedException(f"This needs a server key. {REMEDY}")
    return key


def require(key: ApiKey, scope: ApiKeyScope) -> None:
    """Let a key pass that may do this.

    Raises:
        PermissionDeniedException: it may not, with the command that makes one that may.
    """
    try:
        require_scope(key, scope)
    except BadPayload as fault:
        raise PermissionDeniedException(fault.message, extra={"code": fault.code}) from None


def read_key(header: str) -> str:
    """Return the key in an Authorization header; empty where there is none."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return value.strip()
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


callback_routes: Final = [take_mail]
