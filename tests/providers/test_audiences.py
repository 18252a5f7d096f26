"""Whom ad networks are told of: hashed by each one's own rules, in batches, and taken out again."""

import asyncio
from collections.abc import Iterator
from hashlib import sha256

import pytest
from tests.providers.pushing import Clock

from dangol.providers.audience import BATCH, Change, Person, Synced
from dangol.providers.fcm.fake import FakeFcm
from dangol.providers.google import Tokens, read_account
from dangol.providers.googleads.fake import FakeGoogleAds
from dangol.providers.googleads.people import identify, plain_email
from dangol.providers.googleads.sender import Audience as GoogleAudience
from dangol.providers.googleads.sender import sync as sync_google
from dangol.providers.meta.fake import FakeMeta
from dangol.providers.meta.people import hash_person, plain_name
from dangol.providers.meta.sender import Audience as MetaAudience
from dangol.providers.meta.sender import sync as sync_meta
from dangol.providers.vendor import FaultKind

MINJI = Person(
    email=" Min.Ji@Gmail.com ",
    phone="+821012345678",
    given_name="민지",
    family_name="김",
    country="KR",
)
# Of nothing: what everybody would share.
EMPTY = sha256(b"").hexdigest()


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_meta_wants_the_phone_without_a_plus_and_google_with_one():
    assert hash_person(MINJI)[1] == digest("821012345678")
    assert {"phoneNumber": digest("+821012345678")} in identify(MINJI)


def test_hangul_names_stay_what_they_are():
    assert hash_person(MINJI)[2:4] == [digest("민지"), digest("김")]
    assert identify(MINJI)[-1] == {
        "address": {"givenName": digest("민지"), "familyName": digest("김"), "regionCode": "KR"}
    }
    # Decomposed, as some systems write them, they are still the same.
    assert plain_name("\u1106\u1175\u11ab\u110c\u1175") == "민지"
    assert plain_name(" O'Neil-Park 2 ") == "oneilpark2"


def test_google_takes_no_dot_for_a_dot_in_its_own_mail_and_meta_does():
    assert hash_person(MINJI)[0] == digest("min.ji@gmail.com")
    assert identify(MINJI)[0] == {"emailAddress": digest("minji@gmail.com")}
    assert plain_email("Min.Ji@shop.example") == "min.ji@shop.example"


def test_what_is_not_known_is_left_empty_and_never_the_hash_of_nothing():
    assert hash_person(Person()) == [""] * 5
    assert identify(Person()) == []
    assert EMPTY not in hash_person(Person(given_name="!!!", email=" "))


@pytest.fixture
def graph() -> Iterator[FakeMeta]:
    with FakeMeta() as fake:
        yield fake


def meta_audience(fake: FakeMeta, *, name: str = "regulars", token: str = "token") -> MetaAudience:  # noqa: S107
    return MetaAudience(audience_id=name, token=token, url=fake.url, loopback=True)


def meta_sync(
    audience: MetaAudience, everybody: list[Person], *, change: Change = Change.ADD
) -> Synced:
    return asyncio.run(sync_meta(audience, [*map(hash_person, everybody)], change=change))


def people(count: int) -> list[Person]:
    return [Person(email=f"customer{number}@shop.example") for number in range(count)]


def test_meta_gets_batches_of_one_session_and_gives_up_whom_it_is_told_to(graph):
    everybody = people(2 * BATCH + 5)
    audience = meta_audience(graph)

    added = meta_sync(audience, everybody)
    sessions = list(graph.batches)
    removed = meta_sync(audience, everybody[5:], change=Change.REMOVE)

    assert added == Synced(taken=2 * BATCH + 5, understood=2 * BATCH + 5)
    assert [one.batch_seq for one in sessions] == [1, 2, 3]
    assert [one.last_batch_flag for one in sessions] == [False, False, True]
    assert len({one.session_id for one in sessions}) == 1
    assert removed.fault is None
    assert graph.members["regulars"] == {tuple(hash_person(one)) for one in everybody[:5]}


def test_meta_says_whom_it_did_not_understand(graph):
    synced = meta_sync(meta_audience(graph), [MINJI, Person()])

    assert (synced.taken, synced.understood) == (2, 1)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (2, FaultKind.TRANSIENT),
        (17, FaultKind.THROTTLED),
        (80003, FaultKind.THROTTLED),
        (100, FaultKind.CONTENT),
        (200, FaultKind.CONFIGURATION),
        (471, FaultKind.CONFIGURATION),
        (99_999, FaultKind.TRANSIENT),
    ],
)
def test_an_error_of_metas_says_what_follows(graph, code, fault):
    audience = meta_audience(graph, name=f"error-{code}")

    synced = meta_sync(audience, [MINJI])

    assert (synced.taken, synced.fault, synced.code) == (0, fault, str(code))


def test_a_wrong_token_is_ours_to_mend_and_stands_in_no_text(graph):
    audience = meta_audience(graph, token="a-secret")  # noqa: S106 - nobody's

    synced = meta_sync(audience, [MINJI])

    assert synced.fault is FaultKind.CONFIGURATION
    assert "a-secret" not in f"{synced} {audience}"


@pytest.fixture
def google() -> Iterator[tuple[FakeGoogleAds, FakeFcm]]:
    """Lend the stand-in for audiences, and one that lends Google's tokens."""
    with FakeGoogleAds() as ads, FakeFcm(scope="datamanager") as signing_in:
        yield ads, signing_in


def google_sync(
    google: tuple[FakeGoogleAds, FakeFcm],
    everybody: list[Person],
    *,
    change: Change = Change.ADD,
    name: str = "regulars",
) -> Synced:
    ads, signing_in = google
    audience = GoogleAudience(account_id="1234567890", audience_id=name, url=ads.url, loopback=True)
    scope = "https://www.googleapis.com/auth/datamanager"
    tokens = Tokens(read_account(signing_in.account_file), scope=scope, clock=Clock())
    return asyncio.run(
        sync_google(audience, [*map(identify, everybody)], change=change, tokens=tokens)
    )


def test_google_gets_hashes_with_consent_and_gives_up_whom_it_is_told_to(google):
    everybody = [MINJI, *people(BATCH)]

    added = google_sync(google, everybody)
    _ = google_sync(google, everybody[1:], change=Change.REMOVE)

    ads, _ = google
    assert added == Synced(taken=BATCH + 1, understood=BATCH + 1)
    assert [len(one.audience_members) for one in ads.calls[:2]] == [BATCH, 1]
    assert ads.calls[0].consent["adUserData"] == "CONSENT_GRANTED"
    assert ads.members["regulars"] == {
        digest("minji@gmail.com"),
        digest("+821012345678"),
        digest("민지"),
        digest("김"),
    }


def test_whom_google_could_not_match_is_left_out(google):
    synced = google_sync(google, [MINJI, Person(country="KR")])

    assert (synced.taken, synced.understood) == (2, 1)


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (400, FaultKind.CONTENT),
        (403, FaultKind.CONFIGURATION),
        (429, FaultKind.THROTTLED),
        (503, FaultKind.TRANSIENT),
    ],
)
def test_an_answer_of_googles_says_what_follows(google, status, fault):
    synced = google_sync(google, [MINJI], name=f"error-{status}")

    assert (synced.taken, synced.fault) == (0, fault)


def test_a_refused_account_of_googles_is_ours_to_mend(google):
    google[1].refuses_sign_in = True

    assert google_sync(google, [MINJI]).fault is FaultKind.CONFIGURATION


def test_networks_take_so_many_calls_and_then_a_pause_is_wanted(graph, google):
    audience = meta_audience(graph, name="limit-1")

    by_meta = [meta_sync(audience, [MINJI]) for _ in range(3)]
    by_google = [google_sync(google, [MINJI], name="limit-1") for _ in range(3)]

    for answers, code in ((by_meta, "80003"), (by_google, "429")):
        assert [one.fault for one in answers] == [None, FaultKind.THROTTLED, None]
        assert answers[1].code == code


def test_a_token_that_expires_on_the_way_is_ours_to_mend(graph, google):
    everybody = people(2 * BATCH)

    by_meta = meta_sync(meta_audience(graph, name="expire-1"), everybody)
    by_google = google_sync(google, everybody, name="expire-1")

    assert (by_meta.taken, by_meta.fault, by_meta.code) == (BATCH, FaultKind.CONFIGURATION, "190")
    assert (by_google.taken, by_google.fault) == (BATCH, FaultKind.CONFIGURATION)
    assert by_google.code == "401"


def test_meta_may_understand_a_part(graph):
    synced = meta_sync(meta_audience(graph, name="partial-3"), people(10))

    assert (synced.taken, synced.understood, synced.fault) == (10, 7, None)
    assert len(graph.members["partial-3"]) == 7
