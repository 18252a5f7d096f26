"""What all messages of one template share, prepared once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from dangol.channels.dkim import Signer, signers_for
from dangol.channels.mime import BOUNDARY, encode_header
from dangol.content.advertising import needs_mark
from dangol.content.frame import (
    PIXEL,
    find_links,
    footer_text,
    frame_html,
    set_shop_link,
    shop_url,
)
from dangol.content.liquid import Liquid, parse
from dangol.content.template import Template
from dangol.store.vocabulary import Purpose
from dangol.store.workspace import Workspace

# What stands under this name in a page is ours: the tokens of one message.
OURS: Final = "dangol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where our links lead to, and where mail servers send back what they could not deliver."""

    # Without a slash at its end.
    base_url: str
    bounce_domain: str
    # The keys of every domain we may sign for.
    signers: tuple[Signer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mould:
    """A template ready to be filled; ``links`` are its tracked addresses, by number."""

    workspace: Workspace
    domain: str
    marketing: bool
    marked: bool
    subject: Liquid
    text: Liquid
    page: Liquid
    footer: str
    headers: str
    shop: Mapping[str, str]
    shop_url: str
    # Whoever signs for the domain of the sender's address; nobody where it has no key.
    signers: tuple[Signer, ...] = ()
    links: tuple[str, ...] = field(default=())


@lru_cache(maxsize=256)
def cast_mould(template: Template, *, workspace: Workspace, post: Post) -> Mould:
    """Prepare a template; equal templates of equal shops share one mould.

    Raises:
        TemplateError: a part of it cannot be read.
    """
    marketing = template.purpose == Purpose.MARKETING
    page, links = mark_links(
        frame_html(
            set_shop_link(template.body_html, workspace=workspace),
            workspace=workspace,
            locale=template.locale,
            marketing=marketing,
        ),
        base_url=post.base_url,
    )
    return Mould(
        workspace=workspace,
        domain=post.bounce_domain or domain_of(workspace),
        marketing=marketing,
        marked=needs_mark(workspace, template.purpose),
        subject=parse("subject", template.subject, escape=False),
        text=parse("body_text", template.body_text, escape=False),
        page=parse("body_html", page, escape=True),
        footer=footer_text(workspace, marketing=marketing),
        headers=shared_headers(workspace),
        shop=shop_fields(workspace),
        shop_url=shop_url(workspace),
        signers=signers_for(domain_of(workspace), post.signers),
        links=links,
    )


def domain_of(workspace: Workspace) -> str:
    """The domain a shop's mail comes from, in small letters."""
    return workspace.sender_email.rpartition("@")[2].lower()


def mark_links(page: str, *, base_url: str) -> tuple[str, tuple[str, ...]]:
    """Lead every fixed address by way of us; each message fills in its own links and mark."""
    links = tuple(find_links(page))
    for number, url in enumerate(links):
        written = url.replace("&", "&amp;")
        ours = f'href="{base_url}/c/{{{{ {OURS}.link_{number} }}}}"'
        page = page.replace(f'href="{written}"', ours).replace(f'href="{url}"', ours)
    mark = f'<img src="{base_url}/o/{{{{ {OURS}.mark }}}}.gif" width="1" height="1" alt="">'
    # Nobody sees it and nobody can reach it, so whoever follows it is a program (feedback/hits).
    trap = (
        f'<a href="{base_url}/c/{{{{ {OURS}.trap }}}}" rel="nofollow" tabindex="-1"'
        ' aria-hidden="true" style="display:none"></a>'
    )
    return page.replace(PIXEL, mark + trap), links


def shared_headers(workspace: Workspace) -> str:
    """The headers that every mail of a shop has alike."""
    return (
        f"From: {write_name(workspace.sender_name)} <{workspace.sender_email}>\r\n"
        "MIME-Version: 1.0\r\n"
        f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"\r\n'
    )


def write_name(name: str) -> str:
    """Write a display name: encoded where it must be, else in quotes."""
    encoded = encode_header(name)
    if encoded.startswith("=?"):
        return encoded
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def shop_fields(workspace: Workspace) -> Mapping[str, str]:
    return {
        "name": workspace.sender_name,
        "email": workspace.sender_email,
        "phone": workspace.sender_phone,
        "postal": workspace.sender_postal,
    }
