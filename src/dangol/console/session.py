"""Signing in and out. A session is a random token in a cookie; the database knows its hash."""

import secrets
from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec
from litestar import Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import NotAuthorizedException, TooManyRequestsException
from litestar.params import JSONBody

from dangol.console import throttle
from dangol.console.answers import Session
from dangol.console.desk import (
    COOKIE,
    STATEMENTS,
    ConsoleRequest,
    House,
    Member,
    find_session,
    hash_token,
    house_of,
    open_desk,
    refuse_other_sites,
)
from dangol.console.members import LONGEST_PASSWORD, NOBODY, matches
from dangol.console.rows import fetch_all
from dangol.store.connect import Connection

SESSION_LENGTH: Final = timedelta(days=14)
LONGEST_EMAIL: Final = 320


class SignIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who wants to sign in."""

    email: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_EMAIL)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_PASSWORD)]


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """A member whose password may be the one given."""

    id: int
    password_hash: str


@post(
    "/api/session",
    sync_to_thread=True,
    operation_id="sign_in",
    status_code=200,
    raises=[NotAuthorizedException, TooManyRequestsException],
)
def sign_in(request: ConsoleRequest, data: JSONBody[SignIn]) -> Response[Session]:
    """Start a session with an e-mail and a password.

    Raises:
        NotAuthorizedException: they do not belong together; which of them is wrong is not said.
        TooManyRequestsException: too many have failed lately; Retry-After says how long to wait.
    """
    refuse_other_sites(request)
    house = house_of(request)
    now = house.machine_clock()
    email = data.email.strip().lower()
    subjects = throttle.subjects_of(house.vault, email=email, caller=caller_of(request))
    with house.pool.connection() as connection:
        refuse_after_failures(connection, subjects=subjects, now=now)
        candidates = fetch_all(connection, STATEMENTS["find_members"], Credential, {"email": email})
    # The slow comparison happens outside the transaction: it must not keep a connection waiting.
    member_id = find_match(candidates, password=data.password)
    with house.pool.connection() as connection:
        if member_id is None:
            throttle.add_failure(connection, subjects=subjects, now=now)
            connection.commit()
            raise NotAuthorizedException("This e-mail and this password do not belong together.")
        token = open_session(connection, member_id=member_id, now=now)
        return answer_with_cookie(
            connection, house, token=token, secure=is_secure(request), now=now
        )


def caller_of(request: ConsoleRequest) -> str:
    return request.client.host if request.client else ""


def is_secure(request: ConsoleRequest) -> bool:
    """Tell whether the browser came by https; a proxy in front says so in a header."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))


def refuse_after_failures(
    connection: Connection, *, subjects: throttle.Subjects, now: datetime
) -> None:
    if throttle.is_closed(connection, subjects=subjects, now=now):
        minutes = throttle.WINDOW // timedelta(minutes=1)
        raise TooManyRequestsException(
            f"Too many sign-ins have failed. Wait {minutes} minutes and try again.",
            headers={"Retry-After": str(throttle.WINDOW // timedelta(seconds=1))},
        )


def find_match(candidates: list[Credential], *, password: str) -> int | None:
    """Return the member whose password this is; takes as long where there is no candidate."""
    if not candidates:
        matches(NOBODY, password)
    return next((one.id for one in candidates if matches(one.password_hash, password)), None)


def open_session(connection: Connection, *, member_id: int, now: datetime) -> str:
    """Open a session and return its token, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": hash_token(token),
        "member_id": member_id,
        "now": now,
        "expires_at": now + SESSION_LENGTH,
    }
    connection.execute(STATEMENTS["add_session"], values)
    return token


def answer_with_cookie(
    connection: Connection, house: House, *, token: str, secure: bool, now: datetime
) -> Response[Session]:
    member = find_session(connection, token=token, now=now)
    if member is None:
        raise NotAuthorizedException("The account was removed while you signed in.")
    cookie = Cookie(
        key=COOKIE,
        value=token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
        max_age=SESSION_LENGTH // timedelta(seconds=1),
    )
    return Response(describe(member, house), cookies=[cookie])


def describe(member: Member, house: House) -> Session:
    return Session(
        email=member.email,
        role=member.role,
        locale=member.locale,
        workspace_name=member.workspace_name,
        time_zone=member.time_zone,
        has_mailbox=house.mailbox_folder is not None,
    )


@get(
    "/api/session", sync_to_thread=True, operation_id="get_session", raises=[NotAuthorizedException]
)
def get_session(request: ConsoleRequest) -> Session:
    """Tell who is signed in."""
    with open_desk(request) as desk:
        return describe(desk.member, desk.house)


@delete("/api/session", sync_to_thread=True, operation_id="sign_out")
def sign_out(request: ConsoleRequest) -> Response[None]:
    """End the session; it is no fault if there was none."""
    refuse_other_sites(request)
    token = request.cookies.get(COOKIE, "")
    with house_of(request).pool.connection() as connection:
        connection.execute(STATEMENTS["drop_session"], {"token_hash": hash_token(token)})
    response = Response(None, status_code=204)
    response.delete_cookie(COOKIE, path="/")
    return response
