"""Words for tests of push: a message, and a clock that stands still."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tests.build import NOON

from dangol.providers.each import Pace
from dangol.providers.vendor import Outgoing, PushNote

CALM = Pace(seconds=10)
# Short enough for a test that waits it out.
HURRIED = Pace(seconds=0.6)


def pace_for(word: str) -> Pace:
    """Return how to call a device of which a fake script says whether it ever answers."""
    return HURRIED if word in {"SILENT", "f2"} else CALM


class Clock:
    """Tells the time it was set to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def turn(self, by: timedelta) -> None:
        self.now += by


def push(
    number: int,
    recipient: str,
    *,
    body: str = "장바구니에 담아 두신 상품이 기다려요.",
    data: Mapping[str, str] | None = None,
    live_for: timedelta = timedelta(days=1),
) -> Outgoing:
    return Outgoing(
        delivery_id=number,
        vendor_id=f"message-{number}",
        sender="",
        recipient=recipient,
        content=PushNote(
            title="(광고) 단골가게",
            body=body,
            url="https://shop.example/cart",
            image_url="https://shop.example/cart.png",
            data=data or {},
            live_for=live_for,
        ),
    )
