"""A shop's server gives pictures before a template names them, and sees them again."""

from base64 import b64encode
from hashlib import sha256

import pytest
from tests.app.test_topics import client, keys
from tests.pictures import jpeg, png

from dangol.store.vocabulary import ApiKeyScope

__all__ = ["client", "keys"]

READ, WRITE = ApiKeyScope.JOURNEYS_READ, ApiKeyScope.JOURNEYS_WRITE


def give(client, keys, content: bytes, *, key: ApiKeyScope = WRITE):
    return client.post(
        "/v1/pictures", json={"content": b64encode(content).decode()}, auth=(keys[key], "")
    )


def test_a_picture_is_kept_once_and_seen_again(connection, client, keys):
    first, second = (give(client, keys, png(800, 800)) for _ in range(2))

    assert (first.status_code, second.json()) == (200, first.json())
    told = first.json()
    assert told["hash"] == sha256(png(800, 800)).hexdigest()
    assert (told["kind"], told["width"], told["height"]) == ("png", 800, 800)
    faults = {one["use"]: one["faults"] for one in told["uses"]}
    assert faults["mms"] == ["it is PNG. Export it as JPEG: an MMS shows no other."]
    assert (faults["brand"], faults["brand_wide"]) == ([], [])
    assert connection.execute("select count(*) from picture").fetchone() == (1,)
    seen = client.get(f"/v1/pictures/{told['hash']}", auth=(keys[READ], ""))
    assert (seen.content, seen.headers["content-type"]) == (png(800, 800), "image/png")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a", "neither JPEG nor PNG"),
        (png(100, 100), "No vendor takes the picture: it is 100 pixels wide."),
        (jpeg(3_000, 200), "No vendor takes the picture: it is 3,000 by 200 pixels."),
    ],
    ids=["gif", "small", "flat"],
)
def test_what_no_vendor_takes_is_refused_at_once(connection, client, keys, content, said):
    answer = give(client, keys, content)

    assert answer.status_code == 400
    assert said in answer.text
    assert connection.execute("select count(*) from picture").fetchone() == (0,)


@pytest.mark.parametrize("name", ["0" * 64, "sale.jpg"])
def test_a_picture_that_is_not_there_is_not_found(client, keys, name):
    assert client.get(f"/v1/pictures/{name}", auth=(keys[READ], "")).status_code == 404


def test_a_key_that_reads_gives_no_pictures(client, keys):
    assert give(client, keys, jpeg(), key=READ).status_code == 403
