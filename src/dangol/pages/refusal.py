"""What every page says when it cannot be opened, and how it leads on after a press."""

from typing import cast

from litestar import Response
from litestar.response import Redirect

from dangol.pages.page import NOT_FOUND, TOO_MANY, Page, quiet_headers, write_page
from dangol.pages.visit import Visit


def refuse(visit: Visit) -> Response[str]:
    """Say that a link opens nothing, and what to do."""
    texts = visit.texts(None)
    page = Page(
        texts=texts,
        title=texts.late_title if visit.is_late else texts.broken_title,
        lines=(texts.late_body if visit.is_late else texts.broken_body,),
        status=NOT_FOUND,
    )
    return write_page(page, workspace=None)


def ask_to_wait(visit: Visit, *, seconds: int) -> Response[str]:
    """Say that too many requests came, and when to come again."""
    texts = visit.texts(None)
    page = Page(texts=texts, title=texts.busy_title, lines=(texts.busy_body,), status=TOO_MANY)
    answer = write_page(page, workspace=None)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def lead_to(path: str) -> Response[str]:
    """Lead to where it shows what was done: reloading that must not post again."""
    return cast("Response[str]", Redirect(path, status_code=303, headers=quiet_headers()))
