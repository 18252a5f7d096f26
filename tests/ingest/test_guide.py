"""The tracking guide says what the code does."""

from pathlib import Path

import msgspec
import pytest

from dangol.app.settings import Settings
from dangol.ingest.consents import Consent
from dangol.ingest.fault import HOOK_STATUS, STATUS
from dangol.ingest.http import PATHS
from dangol.ingest.limiter import GUST_SECONDS
from dangol.ingest.payload import LARGEST_BODY, LARGEST_EVENT, MOST_EVENTS
from dangol.ingest.values import LONGEST_ID
from dangol.store.vocabulary import ConsentAction, Purpose

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
GUIDE = (GUIDES / "tracking.md").read_text()


@pytest.mark.parametrize("code", STATUS)
def test_the_guide_says_what_to_do_about_every_code(code):
    (row,) = [line for line in GUIDE.splitlines() if line.startswith("|") and f"`{code}`" in line]

    assert row.startswith(f"| {STATUS[code]} |")


@pytest.mark.parametrize("code", HOOK_STATUS)
def test_the_shops_guide_says_what_to_do_about_a_webhooks_codes(code):
    lines = (GUIDES / "shops.md").read_text().splitlines()
    (row,) = [line for line in lines if line.startswith("|") and f"`{code}`" in line]

    assert row.startswith(f"| {HOOK_STATUS[code]} |")


@pytest.mark.parametrize("path", [path for paths in PATHS.values() for path in paths])
def test_the_guide_names_every_path(path):
    assert f"`{path}`" in GUIDE


def test_the_guide_names_every_word_of_a_consent():
    fields = [field.name for field in msgspec.structs.fields(Consent)]

    missing = [word for word in [*fields, *ConsentAction, *Purpose] if f"`{word}`" not in GUIDE]

    assert missing == []


def test_the_guides_limits_are_the_codes():
    settings = Settings()

    assert f"| one event | {LARGEST_EVENT // 1024} KB |" in GUIDE
    assert f"| one body, unpacked | {LARGEST_BODY // 1024} KB |" in GUIDE
    assert f"| events of a batch | {MOST_EVENTS:,} |" in GUIDE
    assert f"| ids and event names | {LONGEST_ID} characters |" in GUIDE
    assert f"browser key | {settings.browser_events_per_second:,}, and ten seconds'" in GUIDE
    assert GUST_SECONDS == 10
    assert settings.server_events_per_second == 0
