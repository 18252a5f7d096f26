"""Asks Kakao once a day whether those who allow Brand Messages have blocked the channel.

Kakao posts a block once; where that post was lost, people would be written to who asked for
silence. Everybody is asked about in one of the day's hours, by their number, so that a restart
repeats an hour at most and nothing has to be kept about anybody.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from dangol.app.clock import STATEMENTS, machine_time
from dangol.app.settings import Settings
from dangol.app.vendor_chores import asked_until, note_asked, take_everywhere
from dangol.app.vendor_desks import DESKS
from dangol.providers.kakao.callback import make_report
from dangol.providers.kakao.relation import KakaoError, Relation, read_relations
from dangol.providers.vendor import Report, ReportKind
from dangol.store.connect import Connection
from dangol.store.vault import Vault

LOGGER: Final = logging.getLogger("dangol.vendors")
VENDOR: Final = "kakao"
QUESTION: Final = "relations"
RELATION_SECONDS: Final = 600.0
HOUR: Final = timedelta(hours=1)
HOURS: Final = 24
AT_ONCE: Final = 4
# So many people are asked about before what was heard takes effect.
SHARE: Final = 200


def ask_relations(connection: Connection, settings: Settings, *, vault: Vault) -> bool:
    """Ask about everybody whose hour has come since the last time; return whether all was answered.

    Commits by itself. A block withdraws the consent for Brand Messages as Kakao's own post does,
    in every workspace; one from before the consent does not: the later word counts.
    """
    hour = machine_time().replace(minute=0, second=0, microsecond=0)
    last = asked_until(connection, provider=VENDOR, question=QUESTION) or hour - HOURS * HOUR
    begun = max(last, hour - HOURS * HOUR)
    if begun >= hour:
        return True
    allowed = list_users(connection, hours_between(begun, hour))
    for at in range(0, len(allowed), SHARE):
        share = dict(list(allowed.items())[at : at + SHARE])
        try:
            blocks = asyncio.run(find_blocks(settings, share))
        except KakaoError as fault:
            LOGGER.warning("Kakao was not asked about blocks", extra={"reason": str(fault)})
            return False
        if not take_everywhere(connection, DESKS[VENDOR].told(VENDOR, blocks), vault=vault):
            return False
    note_asked(connection, provider=VENDOR, question=QUESTION, until=hour)
    return True


def hours_between(begun: datetime, until: datetime) -> list[int]:
    """Return the hours of the day (0 to 23, UTC) that have begun after one time, up to another."""
    hours = min(int((until - begun) / HOUR), HOURS)
    return [(until - number * HOUR).astimezone(UTC).hour for number in range(hours)]


def list_users(connection: Connection, hours: Sequence[int]) -> Mapping[str, datetime]:
    """Return who allows Brand Messages, by their id at Kakao Login, with since when."""
    values = {"parts": HOURS, "numbers": list(hours)}
    with connection.transaction():
        return dict(connection.execute(STATEMENTS["list_kakao_users"], values).fetchall())


async def find_blocks(settings: Settings, allowed: Mapping[str, datetime]) -> list[Report]:
    """Return a report for each of them who has blocked the channel since they allowed it.

    Raises:
        KakaoError: it was not answered.
    """
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(user_id: str, since: datetime) -> list[Report]:
        async with gate:
            standings = await read_relations(
                admin_key=settings.kakao_admin_key, user_id=user_id, url=settings.kakao_url
            )
        return [
            make_report(
                ReportKind.OPTED_OUT,
                person=user_id,
                channel=standing.channel,
                happened=standing.since or machine_time(),
                code="blocked",
            )
            for standing in standings
            if standing.relation is Relation.BLOCKED
            and (standing.since is None or standing.since > since)
        ]

    asked = await asyncio.gather(*(ask(user_id, since) for user_id, since in allowed.items()))
    return [report for reports in asked for report in reports]
