"""What is fetched from Amazon to believe what SNS posts, and to have it post at all."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from dangol.app.settings import Settings
from dangol.providers.egress.client import EgressError, open_egress
from dangol.providers.egress.target import RefusedTarget
from dangol.providers.ses.callback import BadCallback, open_envelope, read_confirmation
from dangol.providers.wire.call import OK, is_loopback_url, trusted

# Amazon changes its certificate about once a year.
MOST_KEPT: Final = 20


class FetchError(Exception):
    """Amazon did not answer; what it was about is posted again."""


def fetch_page(url: str) -> bytes:
    """Get what stands at an address that has been seen to be Amazon's, or a fake's of ours.

    Raises:
        FetchError: nobody answered, or with something else than yes.
    """

    async def fetch() -> bytes:
        async with open_egress(loopback=is_loopback_url(url), trust=trusted()) as egress:
            answer = await egress.request("GET", url, headers={})
        if answer.status not in OK:
            raise FetchError(f"{url} answers {answer.status}")
        return answer.body

    try:
        return asyncio.run(fetch())
    except (EgressError, RefusedTarget) as fault:
        raise FetchError(f"{url}: {fault}") from fault


@dataclass(frozen=True, slots=True)
class Amazon:
    """Amazon as a serving process knows it: certificates are fetched once."""

    fetch: Callable[[str], bytes] = fetch_page
    certificates: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def is_genuine(self, settings: Settings, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether Amazon posts this, for the topic that is set; raises FetchError."""
        try:
            _ = open_envelope(
                headers,
                body,
                topic_arn=settings.ses_topic_arn,
                read_certificate=self.certificate,
                fake_at=fake_of(settings),
            )
        except BadCallback:
            return False
        return bool(settings.ses_topic_arn)

    def certificate(self, url: str) -> bytes:
        """Return a certificate; its address has been seen to be Amazon's."""
        if url not in self.certificates:
            if len(self.certificates) >= MOST_KEPT:
                self.certificates.clear()
            self.certificates[url] = self.fetch(url)
        return self.certificates[url]

    def confirm(self, settings: Settings, body: bytes) -> None:
        """Say yes where a topic asks whether it shall post here; raises FetchError."""
        if url := read_confirmation(body, fake_at=fake_of(settings)):
            _ = self.fetch(url)


def fake_of(settings: Settings) -> str:
    """Return where a fake of Amazon is believed: on this machine, if mail is sent there too."""
    return settings.ses_url if is_loopback_url(settings.ses_url) else ""
