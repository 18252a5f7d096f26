"""Anchors in an S3-compatible store are those that were written there."""

from collections.abc import Iterator

import pytest
from tests.store.object_store import CREDENTIALS, open_store

from dangol.app.anchors import Written, open_anchors
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.consent.verify import ANCHOR


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with open_store() as address:
        yield address


def settings_for(endpoint: str, folder: str) -> Settings:
    return Settings(
        anchor_folder=folder,
        lake_endpoint=endpoint,
        lake_region=CREDENTIALS["region"],
        lake_access_key=CREDENTIALS["access_key"],
        lake_secret_key=CREDENTIALS["secret_key"],
    )


def anchor(seq: int) -> Written:
    at = "2027-03-02T03:00:00.000000Z"
    return Written(dangol=ANCHOR, workspace=1, seq=seq, hash="ab" * 32, at=at)


def test_anchors_are_kept_in_a_bucket(endpoint: str) -> None:
    place = open_anchors(settings_for(endpoint, "s3://lake/anchors/"))
    before = place.read()

    addresses = [place.keep(anchor(seq)) for seq in (20, 3)]

    again = open_anchors(settings_for(endpoint, "s3://lake/anchors"))
    assert before == []
    assert addresses[1] == "s3://lake/anchors/consent-1-000000000003-20270302T030000Z.json"
    assert again.read() == [anchor(3), anchor(20)]


def test_a_bucket_that_is_not_there_says_what_to_do(endpoint: str) -> None:
    place = open_anchors(settings_for(endpoint, "s3://missing/anchors"))

    with pytest.raises(ProblemError, match="Set DANGOL_ANCHOR_FOLDER to a place"):
        place.keep(anchor(1))
