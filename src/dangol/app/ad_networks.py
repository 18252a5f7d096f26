"""The ad networks of this installation: how each wants addresses hashed, and is told of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from dangol.app.clock import machine_time
from dangol.app.problem import ProblemError, about_file
from dangol.app.settings import Settings
from dangol.providers.audience import Change, Person, Synced
from dangol.providers.google import Tokens, read_account
from dangol.providers.googleads import sender as google
from dangol.providers.googleads.people import Identified, identify
from dangol.providers.meta import sender as meta
from dangol.providers.meta.people import hash_person
from dangol.providers.wire.call import is_loopback_url
from dangol.store.vocabulary import AdNetwork, Channel

NEEDS = {
    AdNetwork.META: "DANGOL_META_TOKEN",
    AdNetwork.GOOGLE: "DANGOL_GOOGLE_ADS_ACCOUNT_FILE and DANGOL_GOOGLE_ADS_ACCOUNT_ID",
}


class Network(Protocol):
    """An ad network; what ``write`` returns it takes again, whenever that is."""

    def write(self, channel: Channel, address: str) -> str:
        """Return an address hashed as the network wants it, and nothing else of its holder."""
        ...

    async def change(self, ref: str, hashed: Sequence[str], *, change: Change) -> Synced:
        """Add addresses to the audience of that id, or take them out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """Meta, by one token."""

    token: str = field(repr=False)
    url: str

    def write(self, channel: Channel, address: str) -> str:
        """Hash as Meta wants it."""
        return msgspec.json.encode(hash_person(person_of(channel, address))).decode()

    async def change(self, ref: str, hashed: Sequence[str], *, change: Change) -> Synced:
        """Add or take out."""
        audience = meta.Audience(
            audience_id=ref, token=self.token, url=self.url, loopback=is_loopback_url(self.url)
        )
        people = [msgspec.json.decode(one, type=list[str]) for one in hashed]
        return await meta.sync(audience, people, change=change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Google:
    """One account of Google Ads."""

    account_id: str
    tokens: Tokens
    url: str

    def write(self, channel: Channel, address: str) -> str:
        """Hash as Google wants it."""
        return msgspec.json.encode(identify(person_of(channel, address))).decode()

    async def change(self, ref: str, hashed: Sequence[str], *, change: Change) -> Synced:
        """Add or take out."""
        audience = google.Audience(
            account_id=self.account_id,
            audience_id=ref,
            url=self.url,
            loopback=is_loopback_url(self.url),
        )
        people = [msgspec.json.decode(one, type=Identified) for one in hashed]
        return await google.sync(audience, people, change=change, tokens=self.tokens)


def person_of(channel: Channel, address: str) -> Person:
    """Return what a network may know of somebody: the address they agreed to, and no more."""
    return Person(email=address) if channel is Channel.EMAIL else Person(phone=address)


def open_networks(settings: Settings) -> Mapping[AdNetwork, Network]:
    """Return the networks that are set up.

    Raises:
        ProblemError: the file of the service account cannot be used.
    """
    networks: dict[AdNetwork, Network] = {}
    if settings.meta_token:
        networks[AdNetwork.META] = Meta(token=settings.meta_token, url=settings.meta_url)
    if settings.google_ads_account_file and settings.google_ads_account_id:
        networks[AdNetwork.GOOGLE] = Google(
            account_id=settings.google_ads_account_id,
            tokens=read_tokens(Path(settings.google_ads_account_file)),
            url=settings.google_ads_url,
        )
    return networks


def read_tokens(path: Path) -> Tokens:
    try:
        account = read_account(path.read_bytes())
    except OSError as fault:
        raise about_file(
            fault,
            path=path,
            purpose="google_ads_account_file",
            remedy="Correct the path, or allow reading it.",
        ) from fault
    except ValueError as fault:
        raise ProblemError(f"The setting google_ads_account_file: {path} {fault}.") from fault
    return Tokens(account, scope=google.SCOPE, clock=machine_time)
