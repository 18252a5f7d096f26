"""What a page's client asks for before it sends: Segment's project settings, in their shape."""

from typing import Final
from urllib.parse import urlsplit

import msgspec

from dangol.ingest.fault import BadPayload
from dangol.ingest.keys import ApiKey
from dangol.store.vocabulary import ApiKeyKind


class Sending(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Where a client sends: to ``protocol://apiHost``, with ``apiKey``."""

    api_key: str
    api_host: str
    protocol: str
    # No bundle of somebody else's scripts is to be named in every event.
    add_bundled_metadata: bool = False


class Metrics(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How many of its own measurements a client sends to its maker: none."""

    sample_rate: float = 0


class Enabled(msgspec.Struct, frozen=True, kw_only=True):
    """Everything may be sent."""

    enabled: bool = True
    integrations: dict[str, bool] = {}


class PageSettings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A project's settings: one destination, ourselves, and nothing loaded from elsewhere."""

    integrations: dict[str, Sending]
    plan: dict[str, dict[str, Enabled]]
    metrics: Metrics = Metrics()
    edge_function: dict[str, str] = {}
    enabled_middleware: dict[str, bool] = {}
    middleware_settings: dict[str, str] = {}
    remote_plugins: list[str] = []
    analytics_next_enabled: bool = True
    legacy_video_plugins_enabled: bool = False


PLAN: Final = {kind: {"__default": Enabled()} for kind in ("track", "identify", "group")}


def settings_of(key: ApiKey, *, write_key: str, base_url: str) -> PageSettings:
    """Return the settings of the pages that show ``write_key``.

    Raises:
        BadPayload: it is a server key, which no page may show.
    """
    if key.kind is not ApiKeyKind.BROWSER:
        raise BadPayload(
            "server_key",
            "This is a server key, and whoever sees the page can use it: revoke it, and show a "
            "browser key (`dangol key create browser`).",
        )
    protocol, host, path, _, _ = urlsplit(base_url)
    sending = Sending(api_key=write_key, api_host=f"{host}{path}/v1", protocol=protocol)
    return PageSettings(integrations={"Segment.io": sending}, plan=PLAN)
