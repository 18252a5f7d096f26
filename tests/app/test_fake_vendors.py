"""The fakes in one process: where they are, what they took, what they are told to do."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from tests.app.phones import NUMBER

from dangol.app.fake_vendors import lines_of, open_fakes
from dangol.app.problem import ProblemError
from dangol.app.settings import load_settings
from dangol.app.vendors import solapi_account
from dangol.providers.solapi.sender import SolapiSender
from dangol.providers.vendor import Fate, Outgoing, TextNote


@pytest.fixture
def opened() -> Iterator:
    with ExitStack() as stack:
        yield open_fakes(stack, port=0)


def printed(fakes, front) -> dict[str, str]:
    return dict(line.split("=", 1) for line in lines_of(fakes, front) if not line.startswith("#"))


def text(number: str = NUMBER) -> Outgoing:
    return Outgoing(
        delivery_id=1, vendor_id="key-1", sender="", recipient=number, content=TextNote(text="hi")
    )


def test_the_settings_it_prints_lead_to_the_fakes(opened, tmp_path):
    fakes, front = opened

    settings = load_settings(printed(fakes, front), folder=tmp_path)
    account = solapi_account(settings)
    (outcome,) = asyncio.run(SolapiSender(account).send([text()]))

    assert outcome.fate is Fate.ACCEPTED
    received = httpx.get(f"{front.url}/received", params={"vendor": "solapi"}).json()
    assert [one["to"] for one in received["solapi"]] == ["01012345678"]
    assert "01012345678" in httpx.get(front.url).text


def test_a_mishap_befalls_the_next_call(opened, tmp_path):
    fakes, front = opened
    account = solapi_account(load_settings(printed(fakes, front), folder=tmp_path))

    httpx.post(f"{front.url}/solapi/mishap", json={"mishap": "throttled"}).raise_for_status()
    outcomes = [asyncio.run(SolapiSender(account).send([text()]))[0].fate for _ in range(2)]

    assert outcomes == [Fate.RETRYABLE, Fate.ACCEPTED]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("solapi/mishap", {"mishap": "other"}),
        ("nobody/mishap", {"mishap": "lost"}),
        ("solapi/hook", {"url": "ftp://x"}),
        ("solapi/person", {"act": "dance", "who": "1"}),
    ],
)
def test_what_it_does_not_know_it_refuses(opened, path, body):
    _, front = opened

    assert httpx.post(f"{front.url}/{path}", json=body).status_code == 400


def test_a_person_calls_080(opened):
    fakes, front = opened

    done = httpx.post(
        f"{front.url}/solapi/person", json={"act": "call-080", "who": "01012345678"}
    ).raise_for_status()

    assert done.json() == {"done": "call-080"}
    assert [one["recipientNumber"] for one in fakes[0].denials] == ["01012345678"]


def test_a_taken_port_is_named(opened):
    _, front = opened

    with ExitStack() as stack, pytest.raises(ProblemError, match=str(front.port)):
        open_fakes(stack, port=front.port)
