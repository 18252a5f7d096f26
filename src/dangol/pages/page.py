"""How every customer page is written: one frame, and a page of its own within.

The plainest page is a ``Page``: title, lines, and at most one button.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from litestar import MediaType, Response
from markupsafe import Markup

from dangol.content.liquid import Liquid, parse
from dangol.pages.brand import brand_style, logo_origin
from dangol.pages.texts import Texts
from dangol.store.workspace import Workspace

OK: Final = 200
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page says; ``action`` names its button, which posts to ``path``."""

    texts: Texts
    title: str
    lines: tuple[str, ...]
    path: str = ""
    action: str = ""
    label: str = ""
    hint: str = ""
    # What somebody who stopped may say about why, by code.
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    status: int = OK


def write_page(page: Page, *, workspace: Workspace | None) -> Response[str]:
    """Write a page in the shop's name; without a shop, in nobody's."""
    shop = workspace.sender_name if workspace else ""
    title = page.title.format(shop=shop)
    fields = {
        "title": title,
        "lines": [line.format(shop=shop) for line in page.lines],
        "path": page.path,
        "action": page.action,
        "label": page.label,
        "hint": page.hint,
        "texts": asdict(page.texts),
        "reasons": [{"code": code, "label": label} for code, label in page.reasons.items()],
    }
    return write_content(
        "notice",
        fields,
        title=title,
        texts=page.texts,
        workspace=workspace,
        status=page.status,
    )


def write_content(
    name: str,
    fields: Mapping[str, object],
    *,
    title: str,
    texts: Texts,
    workspace: Workspace | None,
    status: int = OK,
) -> Response[str]:
    """Write the page ``<name>.liquid`` into the frame; ``fields`` are what it may say."""
    content = read_template(name).render(fields)
    style = read_style() + brand_style(workspace.brand_colour if workspace else None)
    frame = {
        "texts": asdict(texts),
        "shop": workspace.sender_name if workspace else "",
        "title": title,
        "content": Markup(content),  # noqa: S704 - escaped as it was written
        "notice": notice_of(workspace, texts),
        "logo": (workspace.logo_url if workspace else None) or "",
        "style": Markup(style),  # noqa: S704 - our own file, and a colour we have read
    }
    return Response(
        read_template("layout").render(frame),
        status_code=status,
        media_type=MediaType.HTML,
        headers=page_headers(style, logo_origin(workspace)),
    )


def notice_of(workspace: Workspace | None, texts: Texts) -> str:
    if workspace is None:
        return ""
    return workspace.notice_ko if texts.locale == "ko" else workspace.notice_en


@lru_cache(maxsize=1024)
def page_headers(style: str, images: str) -> dict[str, str]:
    """Allow the page its own style, form and logo, and tell nobody where it was."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    pictures = f"img-src {images}; " if images else ""
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{digest}'; {pictures}"
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "X-Frame-Options": "DENY",
        "Vary": "Accept-Language",
        **quiet_headers(),
    }


def quiet_headers() -> dict[str, str]:
    """What every answer to a link of ours carries: not kept, not passed on, not indexed."""
    return {
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


@cache
def read_style() -> str:
    return read_file("page.css").strip()


@cache
def read_template(name: str) -> Liquid:
    return parse(name, read_file(f"{name}.liquid"), escape=True)


def read_file(name: str) -> str:
    return resources.files("dangol.pages").joinpath(name).read_text(encoding="utf-8")
