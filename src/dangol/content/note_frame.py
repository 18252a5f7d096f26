"""What stands around the text of a message that is no mail: mark, sender, and how to stop it."""

from typing import Final

from dangol.content.advertising import MARK, mark_subject, needs_mark
from dangol.store.vocabulary import Channel, Purpose
from dangol.store.workspace import Workspace

PUSH_TAIL_KO: Final = "수신거부: 설정 > 알림"
PUSH_TAIL_EN: Final = "Stop: Settings > Notifications"


def frame_note(
    text: str, *, channel: Channel, workspace: Workspace, purpose: Purpose, stop_url: str
) -> str:
    """Return the whole text of a message as its channel and the law want it.

    Only advertising gets anything: on the telephone and in notifications the mark, who sends it and
    how to refuse it for free. Kakao puts its own around a Brand Message.
    """
    if purpose != Purpose.MARKETING:
        return text
    marked = needs_mark(workspace, purpose)
    match channel:
        case Channel.SMS:
            return frame_text(text, workspace=workspace, marked=marked, stop_url=stop_url)
        case Channel.PUSH:
            return f"{text}\n{PUSH_TAIL_KO if marked else PUSH_TAIL_EN}"
        case _:
            return text


def frame_text(text: str, *, workspace: Workspace, marked: bool, stop_url: str) -> str:
    """Frame a text message (Network Act, article 50(4); decree, article 61 and its table)."""
    if not marked:
        return f"{workspace.sender_name}: {text}\nStop: {stop_url}"
    written = text.removeprefix(MARK).strip()
    stop = workspace.opt_out_phone or stop_url
    return f"{MARK}{workspace.sender_name}\n{written}\n무료수신거부 {stop}"


def frame_title(title: str, *, channel: Channel, workspace: Workspace, purpose: Purpose) -> str:
    """Return the title: a notification shows it first, so there the mark belongs into it."""
    if channel is Channel.PUSH and needs_mark(workspace, purpose):
        return mark_subject(title)
    return title
