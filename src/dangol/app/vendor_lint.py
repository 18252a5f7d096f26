"""What the vendors that are set up have no word for, said before a message is refused."""

from collections.abc import Callable, Collection, Iterator
from typing import Final

from dangol.app.settings import Settings
from dangol.app.vendors import bizgo_account, nhn_account, solapi_account
from dangol.content.fault import Fault
from dangol.content.template import Draft
from dangol.providers.bizgo import sender as bizgo
from dangol.providers.nhn import sender as nhn
from dangol.providers.solapi import sender as solapi
from dangol.store.vocabulary import Channel, Targeting

# A vendor's name, whether it is set up, and whom its Brand Messages of free form can be for.
VENDORS: Final[tuple[tuple[str, Callable[[Settings], object], Collection[Targeting]], ...]] = (
    ("SOLAPI", solapi_account, solapi.TARGETING),
    ("NHN Cloud", nhn_account, nhn.TARGETING),
    ("Bizgo", bizgo_account, bizgo.TARGETING),
)


def find_vendor_faults(draft: Draft, settings: Settings) -> Iterator[Fault]:
    """Say which vendor cannot reach whom a Brand Message is for; a fault where none of them can."""
    if draft.channel != Channel.KAKAO_BRAND:
        return
    ready = [(name, known) for name, open_account, known in VENDORS if open_account(settings)]
    can = [name for name, known in ready if draft.targeting in known]
    for name, known in ready:
        if draft.targeting not in known:
            yield Fault(
                field="targeting",
                problem=f"{name} has no word for {draft.targeting}",
                remedy=f"Write targeting: {' or '.join(sorted(known))}.",
                is_advice=bool(can),
            )
