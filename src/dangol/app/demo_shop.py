"""The shop of a demonstration: its settings, segment, journeys, and a way in."""

from datetime import datetime
from importlib import resources
from typing import Final

from dangol.app.demo_data import DemoData
from dangol.app.journeys import apply_journey
from dangol.app.mailbox import DEAD
from dangol.app.reader import CLICKED, OPENED, UNSUBSCRIBED
from dangol.app.starter import stock_workspace
from dangol.consent.purposes import install_purposes
from dangol.console.members import create_member
from dangol.store.connect import Connection
from dangol.store.vocabulary import MemberRole
from dangol.store.workspace import create_workspace

NAME: Final = "단골 상점"
TIME_ZONE: Final = "Asia/Seoul"
LOGIN: Final = "owner@shop.example"
JOURNEYS: Final = ("thank_you.yaml", "win_back.yaml")
NOTICE_EN: Final = (
    "Demonstration. {about} E-mail addresses, consents and readers are made up: of those who get "
    "a mail {opened:.0%} open it, {clicked:.0%} click, {unsubscribed:.1%} unsubscribe; {dead:.0%} "
    "of the addresses do not exist. "
    "Mail stays on this machine."
)
NOTICE_KO: Final = (
    "체험용 화면이에요. {about} 이메일 주소, 수신 동의, 읽는 사람은 지어낸 거예요: "
    "메일을 받은 사람 중 "
    "{opened:.0%}가 열고, {clicked:.0%}가 클릭하고, {unsubscribed:.1%}가 수신을 거부하고, "
    "주소의 {dead:.0%}는 없는 주소예요. "
    "메일은 이 컴퓨터 밖으로 나가지 않아요."
)


def open_shop(connection: Connection, *, data: DemoData, password: str, now: datetime) -> int:
    """Create the workspace with all it needs, in one transaction; return its id."""
    shares = {"opened": OPENED, "clicked": CLICKED, "unsubscribed": UNSUBSCRIBED, "dead": DEAD}
    workspace_id = create_workspace(
        connection,
        name=NAME,
        time_zone=TIME_ZONE,
        default_locale="ko",
        sender_name=NAME,
        sender_email="hello@shop.example",
        sender_postal="서울특별시 중구 세종대로 110",
        sender_phone="02-120",
        notice_en=NOTICE_EN.format(about=data.about_en, **shares),
        notice_ko=NOTICE_KO.format(about=data.about_ko, **shares),
        now=now,
    )
    _ = create_member(
        connection,
        workspace_id=workspace_id,
        email=LOGIN,
        password=password,
        role=MemberRole.OWNER,
        locale="ko",
        now=now,
    )
    # Its people were never asked: they belong to a data set that others have published.
    install_purposes(connection, workspace_id=workspace_id, preset="open", now=now)
    open_journeys(connection, workspace_id=workspace_id, now=now)
    return workspace_id


def open_journeys(connection: Connection, *, workspace_id: int, now: datetime) -> None:
    """Define what the journeys need, and let them run."""
    stock_workspace(connection, workspace_id=workspace_id, locale="ko", now=now)
    for name in JOURNEYS:
        text = (resources.files("dangol.app") / "demo_journeys" / name).read_text("utf-8")
        _ = apply_journey(connection, workspace_id=workspace_id, text=text, now=now)
