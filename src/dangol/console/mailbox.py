"""The demo's mailbox: what the demo's mail server took, one ``.eml`` file a mail, newest first."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Annotated, Final

from litestar import Response, get
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.params import FromPath, QueryParameter

from dangol.console.desk import ConsoleRequest, open_desk
from dangol.console.mail_answers import Mail, MailHeader, MailLine, MailPage
from dangol.rights.access import Seen

PAGE: Final = 30
MAIL_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")
SHOWN_HEADERS: Final = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
)
# Another's HTML: no script, no form, no frame; its links open a page of their own.
MAIL_POLICY: Final = (
    "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
OPEN_LINKS_OUTSIDE: Final = '<base target="_blank">'


@get(
    "/api/mailbox", sync_to_thread=True, operation_id="list_mails", raises=[NotAuthorizedException]
)
def list_mails(
    request: ConsoleRequest, cursor: Annotated[str, QueryParameter(max_length=200)] = ""
) -> MailPage:
    """List the mails of the demo's mailbox; ``cursor`` is the last one already seen."""
    with open_desk(request) as desk:
        folder = desk.house.mailbox_folder
    if folder is None:
        return MailPage(available=False, total=0, mails=[], next_cursor=None)
    names = newest_first(folder)
    rest = names[names.index(cursor) + 1 :] if cursor in names else names
    return MailPage(
        available=True,
        total=len(names),
        mails=[read_line(folder, mail_id=name) for name in rest[:PAGE]],
        next_cursor=rest[PAGE - 1] if len(rest) > PAGE else None,
    )


def newest_first(folder: Path) -> list[str]:
    """Return the ids of all mails; the mail server names them so that they sort by arrival."""
    if not folder.is_dir():
        return []
    return sorted((file.stem for file in folder.glob("*.eml")), reverse=True)


def read_line(folder: Path, *, mail_id: str) -> MailLine:
    with (folder / f"{mail_id}.eml").open("rb") as file:
        mail = BytesHeaderParser(policy=policy.default).parse(file)
    return MailLine(
        id=mail_id, to=header(mail, "To"), subject=header(mail, "Subject"), at=sent(mail)
    )


@get(
    "/api/mailbox/{mail_id:str}",
    sync_to_thread=True,
    operation_id="get_mail",
    raises=[NotAuthorizedException, NotFoundException],
)
def get_mail(request: ConsoleRequest, mail_id: FromPath[str]) -> Mail:
    """Return one mail of the demo's mailbox."""
    mail = read_mail(request, mail_id=mail_id)
    return Mail(
        id=mail_id,
        sender=header(mail, "From"),
        to=header(mail, "To"),
        subject=header(mail, "Subject"),
        at=sent(mail),
        headers=[
            MailHeader(name=name, value=header(mail, name)) for name in SHOWN_HEADERS if mail[name]
        ],
        text=part_of(mail, "plain"),
        has_html=mail.get_body(("html",)) is not None,
    )


@get(
    "/api/mailbox/{mail_id:str}/html",
    sync_to_thread=True,
    operation_id="show_mail",
    media_type="text/html",
    raises=[NotAuthorizedException, NotFoundException],
)
def show_mail(request: ConsoleRequest, mail_id: FromPath[str]) -> Response[str]:
    """Return a mail's HTML part, as a page that can run nothing."""
    body = part_of(read_mail(request, mail_id=mail_id), "html")
    return Response(
        OPEN_LINKS_OUTSIDE + body if "<head>" not in body else with_target(body),
        media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": MAIL_POLICY, "Cache-Control": "no-store"},
    )


def with_target(html: str) -> str:
    return html.replace("<head>", f"<head>{OPEN_LINKS_OUTSIDE}", 1)


def read_mail(request: ConsoleRequest, *, mail_id: str) -> EmailMessage:
    """Return a mail for a signed-in member.

    Raises:
        NotFoundException: there is no demo mailbox, or no such mail in it.
    """
    with open_desk(request) as desk:
        folder = desk.house.mailbox_folder
        desk.seen.append(Seen(what="mail of the mailbox", subjects=1))
    # The pattern lets no separator through, so that an id cannot leave the folder.
    if folder is None or not MAIL_ID.fullmatch(mail_id):
        raise NotFoundException("There is no such mail.")
    file = folder / f"{mail_id}.eml"
    if not file.is_file():
        raise NotFoundException("This mail is gone; look at the list again.")
    return message_from_bytes(file.read_bytes(), policy=policy.default)


def header(mail: EmailMessage, name: str) -> str:
    return str(mail[name] or "")


def sent(mail: EmailMessage) -> datetime | None:
    """Return when the mail says it was sent, in UTC."""
    try:
        return parsedate_to_datetime(header(mail, "Date")).astimezone(UTC)
    except ValueError:
        return None


def part_of(mail: EmailMessage, subtype: str) -> str:
    """Return the plain or the html part as text, empty where there is none."""
    part = mail.get_body((subtype,))
    return str(part.get_content()) if part is not None else ""
