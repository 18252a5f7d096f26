"""What the routes for a shop's own servers share: whoever shows a server key, and a connection."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from litestar import Request
from litestar.datastructures import State
from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)

from dangol.app.callbacks import authenticate, require
from dangol.console.desk import ConflictException, address_of, house_of, lend, one_moment
from dangol.console.segment_views import Clerk
from dangol.rights.access import Viewer, note_seen
from dangol.store.vocabulary import AccessBy, ApiKeyScope

ServerRequest = Request[object, object, State]
READING: Final = [NotAuthorizedException, PermissionDeniedException]
READING_ONE: Final = [*READING, NotFoundException]
PREVIEWING: Final = [*READING, ClientException]
CHANGING: Final = [*READING_ONE, ClientException, ConflictException]


@contextmanager
def open_clerk(
    request: ServerRequest,
    scope: ApiKeyScope,
    *,
    refusing: Callable[[], AbstractContextManager[None]],
    working: bool = False,
) -> Generator[Clerk]:
    """Lend whoever shows a key with this scope a connection; ``refusing`` says what cannot be.

    All that a scope to read is asked for is of one moment; what another changes is committed at
    the end. With ``working`` the connection has its working tables.

    Raises:
        NotAuthorizedException: there is no server key.
        PermissionDeniedException: the key lacks the scope.
    """
    house = house_of(request)
    with refusing(), lend(house, working=working) as connection:
        with connection.transaction():
            key = authenticate(connection, header=request.headers.get("Authorization", ""))
            require(key, scope)
        clerk = Clerk(
            connection=connection,
            house=house,
            workspace_id=key.workspace_id,
            now=house.clock(connection),
            by=f"key {key.id}",
        )
        reads = scope.value.endswith(":read")
        with one_moment(connection) if reads else connection.transaction():
            yield clerk
        if clerk.seen:
            viewer = Viewer(kind=AccessBy.KEY, name=str(key.id), address=address_of(request))
            with connection.transaction():
                note_seen(
                    connection,
                    viewer,
                    clerk.seen,
                    workspace_id=key.workspace_id,
                    now=clerk.now,
                )
