"""The frame of every mail: its head, who sends it, and how to stop it."""

import html
import re
from typing import Final

import mjml

from dangol.content.liquid import TemplateError
from dangol.store.workspace import Workspace

# Stand for what differs in every message. PostgreSQL stores no NUL, so no data can imitate them.
UNSUBSCRIBE: Final = "\0unsubscribe\0"
PREFERENCES: Final = "\0preferences\0"
PIXEL: Final = "\0pixel\0"
LIQUID: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
LINK: Final = re.compile(r'href="(https?://[^"{}]+)"')
SHOP_LINK: Final = re.compile(r"\{\{-?\s*links\.shop\s*-?\}\}")
VOID: Final = re.compile(r"<(br|hr|img|wbr)\b([^>]*?)\s*/?>", re.IGNORECASE)
REASON_KO: Final = "주문과 이용에 꼭 필요한 안내라서 보내 드렸어요."
REASON_EN: Final = "You receive this because it concerns your order or account."
CHOICES_HTML: Final = (
    '<a href="{{ links.preferences }}">소식 설정과 내 정보</a> · '
    '<a href="{{ links.preferences }}" lang="en">your choices and your data</a>'
)
CHOICES_TEXT: Final = f"\n소식 설정과 내 정보 보기 / Your choices and your data:\n{PREFERENCES}\n"
FONTS: Final = (
    "Pretendard, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', "
    "-apple-system, 'Segoe UI', sans-serif"
)

FRAME: Final = """<mjml lang="{locale}"><mj-head><mj-title>{shop}</mj-title>
<mj-attributes><mj-all font-family="{fonts}" /><mj-body background-color="#faf6f0" />
<mj-section padding="0" background-color="#ffffff" />
<mj-text font-size="16px" line-height="1.7" color="#2b2520" padding="12px 28px" />
<mj-button font-size="16px" background-color="#a8441f" color="#ffffff" border-radius="8px"
 inner-padding="14px 28px" padding="16px 28px" /></mj-attributes>
<mj-style>a {{ color: #a8441f; }}</mj-style></mj-head><mj-body>
<mj-section padding="28px 0 8px"><mj-column><mj-text font-size="18px" font-weight="700">{shop}
</mj-text></mj-column></mj-section>
{body}
<mj-section padding="16px 0 28px" background-color="#faf6f0"><mj-column>
<mj-text font-size="13px" line-height="1.6" color="#6b6058">{footer}</mj-text>
<mj-raw>{pixel}</mj-raw></mj-column></mj-section></mj-body></mjml>"""


def frame_html(body: str, *, workspace: Workspace, locale: str, marketing: bool) -> str:
    """Return the whole HTML part around ``body``: still Liquid, with our marks in it.

    Raises:
        TemplateError: ``body`` is not HTML that closes what it opens, nor MJML.
    """
    if "<mj-" not in body:
        body = f"<mj-section><mj-column><mj-text>{body}</mj-text></mj-column></mj-section>"
    tags: list[str] = []
    document = FRAME.format(
        locale=locale,
        fonts=FONTS,
        shop=plain(workspace.sender_name),
        body=hide_tags(close_void(body), tags),
        footer=hide_tags(footer_html(workspace, marketing=marketing), tags),
        pixel="dangol-pixel",
    )
    compiled = compile_mjml(document)
    return show_tags(compiled, tags).replace("dangol-pixel", PIXEL)


def footer_html(workspace: Workspace, *, marketing: bool) -> str:
    """Who writes, and for an advertisement how to refuse it, in Korean and in English."""
    sender = "<br/>".join(plain(line) for line in sender_lines(workspace))
    if not marketing:
        return (
            f"{sender}<br/><br/>{REASON_KO}<br/><span lang='en'>{REASON_EN}</span>"
            f"<br/>{CHOICES_HTML}"
        )
    link = "{{ links.unsubscribe }}"
    return (
        f"{sender}<br/><br/>더 이상 받고 싶지 않으시면 "
        f'<a href="{link}">무료 수신거부</a>를 눌러 주세요. 바로 멈출게요.<br/>'
        "<span lang='en'>To stop these e-mails, free of charge, "
        f'<a href="{link}">unsubscribe here</a>.</span><br/>{CHOICES_HTML}'
    )


def footer_text(workspace: Workspace, *, marketing: bool) -> str:
    """The same in plain text; ``UNSUBSCRIBE`` and ``PREFERENCES`` stand for the links."""
    sender = "\n".join(sender_lines(workspace))
    if not marketing:
        return f"\n\n--\n{sender}\n\n{REASON_KO}\n{REASON_EN}\n{CHOICES_TEXT}"
    return (
        f"\n\n--\n{sender}\n\n더 이상 받고 싶지 않으시면 아래 주소에서 무료로 수신을 거부하실 수 "
        f"있어요.\nTo stop these e-mails, free of charge, unsubscribe here:\n{UNSUBSCRIBE}\n"
        f"{CHOICES_TEXT}"
    )


def sender_lines(workspace: Workspace) -> list[str]:
    contact = (workspace.sender_phone, workspace.sender_email)
    lines = (
        workspace.sender_name,
        workspace.sender_postal,
        " · ".join(part for part in contact if part),
    )
    return [line for line in lines if line]


def plain(text: str) -> str:
    """Escape for HTML and for Liquid: a shop's name is text, whatever it contains."""
    return html.escape(text).replace("{", "&#123;").replace("}", "&#125;")


def set_shop_link(source: str, *, workspace: Workspace) -> str:
    """Write the shop's own address where a template says ``{{ links.shop }}``."""
    return SHOP_LINK.sub(shop_url(workspace).replace("\\", "/"), source)


def shop_url(workspace: Workspace) -> str:
    """The shop's web site: until it has a setting of its own, the domain it sends mail from."""
    return f"https://{workspace.sender_email.rpartition('@')[2]}/"


def find_links(compiled: str) -> list[str]:
    """Every fixed address that the HTML leads to, once, in order of appearance."""
    return list(dict.fromkeys(html.unescape(found) for found in LINK.findall(compiled)))


def hide_tags(source: str, tags: list[str]) -> str:
    """Put a word without meaning for XML in the place of each Liquid tag."""

    def keep(match: "re.Match[str]") -> str:
        tags.append(match[0])
        return f"dangol-tag-{len(tags) - 1}-"

    return LIQUID.sub(keep, source)


def show_tags(compiled: str, tags: list[str]) -> str:
    for number, tag in enumerate(tags):
        mark = f"dangol-tag-{number}-"
        if mark not in compiled:
            raise TemplateError(
                "body_html", f"{tag} stands where MJML drops it; move it inside <mj-text>."
            )
        compiled = compiled.replace(mark, tag)
    return compiled


def close_void(body: str) -> str:
    """MJML is XML: what HTML leaves open must close itself."""
    return VOID.sub(r"<\1\2 />", body)


def compile_mjml(document: str) -> str:
    try:
        return mjml.mjml2html(document, fonts={})
    except ValueError as fault:
        raise TemplateError(
            "body_html", f"{fault}. Close every tag; put {{% %}} tags inside <mj-text>."
        ) from fault
