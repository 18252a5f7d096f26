"""The built console: its files, and its one page for every address the console routes itself."""

from importlib import resources
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from litestar import MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import File

POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
)
NOT_BUILT: Final = (
    "The console has not been built. Run `make setup` in a checkout, or install the wheel.\n"
)
# Never answered with the page: a client that asks here made a mistake it should see.
MACHINE_PATHS: Final = ("api", "v1", "callbacks", "assets", "o", "c", "u")


def console_folder() -> Path:
    """Return where the build puts the console."""
    return Path(str(resources.files("dangol"))) / "console" / "static"


@get(["/", "/{path:path}"], include_in_schema=False, sync_to_thread=False)
def show_console(path: FromPath[str] = "") -> Response[object]:
    """Return a file of the console, or its page."""
    root = console_folder().resolve()
    asked = (root / path.lstrip("/")).resolve()
    headers = {"Content-Security-Policy": POLICY}
    if asked.is_relative_to(root) and asked.is_file():
        named_by_hash = {"Cache-Control": "public, max-age=31536000, immutable"}
        extra = named_by_hash if asked.parent.name == "assets" else {"Cache-Control": "no-cache"}
        return File(
            asked,
            content_disposition_type="inline",
            # Named here, because browsers are told not to guess.
            media_type=guess_type(asked.name)[0] or "application/octet-stream",
            headers={**headers, **extra},
        )
    if path.strip("/").split("/")[0] in MACHINE_PATHS:
        raise NotFoundException(f"There is nothing at /{path.strip('/')}.")
    if not (root / "index.html").is_file():
        return Response(NOT_BUILT, media_type=MediaType.TEXT, status_code=503)
    return File(
        root / "index.html",
        content_disposition_type="inline",
        media_type="text/html; charset=utf-8",
        headers={**headers, "Cache-Control": "no-cache"},
    )
