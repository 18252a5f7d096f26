"""On what a customer did something, as clients of many kinds tell it."""

import json

import pytest
from tests.ingest.calls import PHONE, read_batch, read_call

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0"
SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CALL = {"type": "page", "messageId": "m1", "userId": "minji"}


def device_in(context: dict, **call: object) -> object:
    body = json.dumps(CALL | call | {"context": context}).encode()
    return read_call(body, path_type=str(call.get("type", "page"))).properties.get("device")


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "mobile"),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) {SAFARI} Mobile/15E148",
            "mobile",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 13; wv) {CHROME} Mobile Safari/537.36;KAKAOTALK 2410",
            "mobile",
        ),
        (f"Mozilla/5.0 (Linux; Android 12; CUBOT X30) {CHROME} Mobile Safari/537.36", "mobile"),
        ("Dalvik/2.1.0 (Linux; U; Android 13; SM-S911N Build/TP1A.220624.014)", "mobile"),
        ("Dalvik/2.1.0 (Linux; U; Android 13; SM-X900 Build/TP1A.220624.014)", "tablet"),
        (f"Mozilla/5.0 (Linux; Android 13; SM-X900) {CHROME} Safari/537.36", "tablet"),
        (f"Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) {SAFARI} Mobile/15E148", "tablet"),
        ("Mozilla/5.0 (Android 13; Tablet; rv:120.0) Gecko/120.0 Firefox/120.0", "tablet"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/120", "desktop"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Version/17 Safari", "desktop"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36", "desktop"),
        (f"Mozilla/5.0 (Linux; Android 9; BRAVIA 4K) {CHROME} Safari/537.36", "other"),
        ("Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) SamsungBrowser/2.2 TV Safari/537.36", "other"),
        (
            f"Mozilla/5.0 (Linux; Android 6.0.1) {CHROME} Mobile (compatible; Googlebot/2.1)",
            "other",
        ),
        ("Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)", "other"),
        ("python-requests/2.31", "other"),
        ("", None),
        (None, None),
        (17, None),
        (["Mozilla"], None),
    ],
)
def test_a_browser_tells_its_device(agent, device):
    assert device_in({"userAgent": agent}) == device


@pytest.mark.parametrize(
    ("machine", "device"),
    [
        ({"type": "ios", "model": "iPhone15,2"}, "mobile"),
        ({"type": "ios", "model": "iPad13,4"}, "tablet"),
        ({"type": "android", "model": "SM-S911N"}, "mobile"),
        ({"type": "android", "model": "Galaxy Tab S8"}, "tablet"),
        ({"type": " Desktop "}, "desktop"),
        ({"type": "tvos"}, "other"),
        ({"type": "unheard of"}, None),
        ({"type": 5}, None),
        ("iPhone", None),
    ],
)
def test_an_app_tells_its_device(machine, device):
    assert device_in({"device": machine}) == device


def test_client_hints_know_better_than_the_browsers_text():
    reduced = f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Safari/537.36"

    assert device_in({"userAgent": reduced, "userAgentData": {"mobile": True}}) == "mobile"
    assert device_in({"userAgentData": {"mobile": False, "platform": "Android"}}) == "tablet"
    assert device_in({"userAgentData": {"mobile": False, "platform": "Windows"}}) == "desktop"
    assert device_in({"userAgent": PHONE, "userAgentData": {"mobile": "no"}}) == "mobile"


def test_an_app_knows_better_than_the_hints():
    context = {"device": {"type": "ios"}, "userAgentData": {"mobile": False}}

    assert device_in(context) == "mobile"


@pytest.mark.parametrize("said", ["kiosk", None, {"kind": "x"}])
def test_what_the_client_calls_its_device_stays(said):
    assert device_in({"userAgent": PHONE}, properties={"device": said}) == said


@pytest.mark.parametrize("kind", ["identify", "group", "alias"])
def test_only_what_somebody_does_happens_on_a_device(kind):
    call = {"type": kind, "groupId": "g", "previousId": "p"}

    assert device_in({"userAgent": PHONE}, **call) is None


def test_a_batch_tells_the_device_of_calls_that_tell_none():
    ipad = {"device": {"type": "ipados"}}
    batch = [CALL, CALL | {"context": ipad}, CALL | {"context": {"device": {"type": "odd"}}}]
    body = json.dumps({"batch": batch, "context": {"userAgent": PHONE}}).encode()

    events = read_batch(body).events

    assert [events[place].properties["device"] for place in range(3)] == [
        "mobile",
        "tablet",
        "mobile",
    ]
