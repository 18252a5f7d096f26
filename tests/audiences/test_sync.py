"""Ad networks get the hashes of those who agreed to exactly that, and give them up again."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import psycopg
import pytest
from tests.build import (
    NOON,
    TEST_VAULT,
    customer,
    customer_key,
    give_consent,
    one,
    plan_message,
    reach,
    template,
)
from tests.rights.words import tools as erasing

from dangol.app.ad_networks import Google, Meta
from dangol.app.audience_sync import JOIN_EVERY, Syncing, Turn, sync_all, sync_audience
from dangol.app.doctor_sending import examine_sending
from dangol.app.fence import open_fence
from dangol.app.settings import Settings
from dangol.audiences.audience import (
    Audience,
    Plan,
    create_audience,
    find_audience,
    hasten_audience,
    list_audiences,
    pause_audience,
    remove_audience,
    resume_audience,
)
from dangol.consent.ledger import withdraw
from dangol.providers.fcm.fake import FakeFcm
from dangol.providers.google import Tokens, read_account
from dangol.providers.googleads.fake import FakeGoogleAds
from dangol.providers.meta.fake import FakeMeta
from dangol.rights.erasure import BusyError, erase, list_erasures
from dangol.rights.restore import finish_erasures
from dangol.store.connect import Connection
from dangol.store.vocabulary import AdNetwork, Channel, Purpose

REF = "2385"
NUMBER = "+821012345678"
MINUTE = timedelta(minutes=1)
SUPPRESSED = """
insert into suppression select workspace_id, channel, key, 'manual', changed_at from address
"""


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def mail_row(name: str) -> tuple[str, ...]:
    return (digest(f"{name}@shop.example"), "", "", "", "")


PHONE_ROW = ("", digest(NUMBER.removeprefix("+")), "", "", "")


@pytest.fixture
def meta() -> Iterator[FakeMeta]:
    with FakeMeta() as fake:
        yield fake


@pytest.fixture
def regulars(connection, workspace) -> int:
    return one(
        connection,
        "insert into segment (workspace_id, name, title_ko, title_en, created_at)"
        " values (%(workspace)s, 'regulars', '단골', 'Regulars', %(now)s) returning id",
        workspace=workspace,
        now=NOON,
    )


def somebody(
    connection: Connection, workspace: int, regulars: int, *, name: str = "minji", agrees=True
) -> int:
    """A member of the segment with a mail address, who agreed unless said otherwise."""
    who = customer(connection, workspace, name=name, email=f"{name}@shop.example")
    if agrees:
        give_consent(connection, workspace, customer_id=who, purpose="ad_audience")
    join(connection, workspace, regulars, who)
    return who


def join(connection: Connection, workspace: int, regulars: int, who: int) -> None:
    connection.execute(
        "insert into membership (workspace_id, segment_id, customer_id, entered_at)"
        " values (%s, %s, %s, %s)",
        (workspace, regulars, who, NOON),
    )
    connection.commit()


def make(connection: Connection, workspace: int, **changed: object) -> Audience:
    given: dict[str, object] = {
        "name": "regulars",
        "segment": "regulars",
        "network": AdNetwork.META,
        "network_ref": REF,
        "most": 100,
        "ends_at": NOON + timedelta(days=30),
    }
    plan = Plan(**{**given, **changed})
    with connection.transaction():
        create_audience(connection, plan, workspace_id=workspace, now=NOON)
    return look(connection, workspace)


def look(connection: Connection, workspace: int) -> Audience:
    with connection.transaction():
        return list_audiences(connection, workspace_id=workspace)[0]


def syncing(meta: FakeMeta, *, minutes: int = 0, token: str = "token", batch: int = 100) -> Syncing:  # noqa: S107
    return Syncing(
        networks={AdNetwork.META: Meta(token=token, url=meta.url)},
        vault=TEST_VAULT,
        clock=lambda _: NOON + minutes * MINUTE,
        batch=batch,
    )


def sync(connection: Connection, workspace: int, meta: FakeMeta, **how: object) -> Turn:
    return sync_audience(connection, syncing(meta, **how), look(connection, workspace))


def members(meta: FakeMeta) -> set[tuple[str, ...]]:
    return meta.members.get(REF, set())


def take_back(connection: Connection, workspace: int, who: int, channel=Channel.EMAIL) -> None:
    with connection.transaction():
        withdraw(
            connection,
            workspace_id=workspace,
            customer_id=who,
            channel=channel,
            purpose=Purpose.AD_AUDIENCE,
            source="preference page",
            now=NOON,
        )


def test_only_who_agreed_to_exactly_that_is_added(connection, workspace, regulars, meta):
    somebody(connection, workspace, regulars)
    jiwoo = somebody(connection, workspace, regulars, name="jiwoo", agrees=False)
    give_consent(connection, workspace, customer_id=jiwoo)
    make(connection, workspace)

    turn = sync(connection, workspace, meta)

    assert members(meta) == {mail_row("minji")}
    assert (turn.added, turn.removed, turn.left_out) == (1, 0, {"no_consent": 1})
    stored = look(connection, workspace)
    assert (stored.added, stored.left_out, stored.fault) == (1, {"no_consent": 1}, "")


def test_nothing_but_the_address_that_was_agreed_to_is_told(connection, workspace, regulars, meta):
    minji = somebody(connection, workspace, regulars)
    connection.execute(
        "update customer set traits = %s, country = 'KR' where id = %s", ('{"name": "민지"}', minji)
    )
    reach(connection, workspace, customer_id=minji, channel="sms", value=NUMBER)
    make(connection, workspace, channels=(Channel.EMAIL, Channel.SMS))

    sync(connection, workspace, meta)
    assert members(meta) == {mail_row("minji")}

    give_consent(connection, workspace, customer_id=minji, channel="sms", purpose="ad_audience")
    connection.commit()
    sync(connection, workspace, meta)
    assert members(meta) == {mail_row("minji"), PHONE_ROW}

    take_back(connection, workspace, minji)
    sync(connection, workspace, meta)
    assert members(meta) == {PHONE_ROW}


@pytest.mark.parametrize(
    "change",
    [
        "update consent set state = 'withdrawn' where purpose = 'ad_audience'",
        "delete from membership",
        "delete from address",
        "update audience set ends_at = created_at",
        SUPPRESSED,
    ],
)
def test_who_may_not_be_there_any_more_is_taken_out_by_the_same_hash(
    connection, workspace, regulars, meta, change
):
    somebody(connection, workspace, regulars)
    make(connection, workspace)
    sync(connection, workspace, meta)
    connection.execute(change)
    connection.commit()

    turn = sync(connection, workspace, meta)

    assert (members(meta), turn.removed) == (set(), 1)
    assert look(connection, workspace).added == 0


def test_another_address_takes_the_place_of_the_one_that_was_given(
    connection, workspace, regulars, meta
):
    minji = somebody(connection, workspace, regulars)
    make(connection, workspace)
    sync(connection, workspace, meta)
    new = customer_key(connection, workspace, customer_id=minji).seal("email", "new@shop.example")
    connection.execute(
        "update address set key = %s, sealed = %s",
        (TEST_VAULT.key(workspace, "email", "new@shop.example"), new),
    )
    connection.commit()

    sync(connection, workspace, meta)

    assert members(meta) == {mail_row("new")}


def test_of_those_who_share_an_address_one_no_counts_and_one_leaver_does_not(
    connection, workspace, regulars, meta
):
    somebody(connection, workspace, regulars)
    jiwoo = somebody(connection, workspace, regulars, name="jiwoo")
    key = customer_key(connection, workspace, customer_id=jiwoo)
    connection.execute(
        "update address set key = %s, sealed = %s where customer_id = %s",
        (
            TEST_VAULT.key(workspace, "email", "minji@shop.example"),
            key.seal("email", "minji@shop.example"),
            jiwoo,
        ),
    )
    connection.commit()
    make(connection, workspace)
    sync(connection, workspace, meta)
    assert members(meta) == {mail_row("minji")}

    connection.execute("delete from membership where customer_id = %s", (jiwoo,))
    connection.commit()
    sync(connection, workspace, meta)
    assert members(meta) == {mail_row("minji")}

    take_back(connection, workspace, jiwoo)
    turn = sync(connection, workspace, meta)
    assert (members(meta), turn.left_out) == (set(), {"no_consent": 1})


def test_who_has_had_as_many_messages_as_the_cap_allows_is_not_added(
    connection, workspace, regulars, meta
):
    minji = somebody(connection, workspace, regulars)
    connection.execute("update workspace set cap_messages = 1, cap_days = 7")
    message = plan_message(connection, workspace, customer_id=minji, state="allowed")
    connection.execute("update message set allowed_at = %s where id = %s", (NOON, message))
    connection.commit()
    make(connection, workspace)

    full = sync(connection, workspace, meta, minutes=1)
    assert (members(meta), full.left_out) == (set(), {"over_cap": 1})

    later = sync(connection, workspace, meta, minutes=60 * 24 * 8)
    assert (len(members(meta)), later.left_out) == (1, {})


def test_who_is_in_and_then_hears_too_much_stays(connection, workspace, regulars, meta):
    minji = somebody(connection, workspace, regulars)
    make(connection, workspace)
    sync(connection, workspace, meta)
    connection.execute("update workspace set cap_messages = 1, cap_days = 7")
    message = plan_message(connection, workspace, customer_id=minji, state="allowed")
    connection.execute("update message set allowed_at = %s where id = %s", (NOON, message))
    connection.commit()

    assert sync(connection, workspace, meta, minutes=1).removed == 0
    assert members(meta) == {mail_row("minji")}


def test_there_is_room_for_so_many(connection, workspace, regulars, meta):
    for number in range(5):
        somebody(connection, workspace, regulars, name=f"customer{number}")
    make(connection, workspace, most=3)

    turn = sync(connection, workspace, meta, batch=2)

    assert (turn.added, turn.left_out) == (3, {"over_most": 2})
    assert members(meta) == {mail_row(f"customer{number}") for number in range(3)}


def test_a_call_that_fails_is_made_again_and_nobody_is_lost(connection, workspace, regulars, meta):
    minji = somebody(connection, workspace, regulars)
    make(connection, workspace)

    failed = sync(connection, workspace, meta, token="other")  # noqa: S106 - nobody's
    assert "configuration 190" in failed.fault
    assert (look(connection, workspace).adding, members(meta)) == (1, set())

    sync(connection, workspace, meta)
    assert members(meta) == {mail_row("minji")}

    take_back(connection, workspace, minji)
    sync(connection, workspace, meta, token="other")  # noqa: S106 - nobody's
    assert (look(connection, workspace).leaving, members(meta)) == (1, {mail_row("minji")})

    sync(connection, workspace, meta)
    assert (look(connection, workspace).leaving, members(meta)) == (0, set())


def test_the_doctor_says_what_a_network_was_not_told(
    connection, workspace, regulars, meta, tmp_path
):
    fence = open_fence(Settings(data_folder=tmp_path))
    fence.meet(connection)
    minji = somebody(connection, workspace, regulars)
    make(connection, workspace)
    sync(connection, workspace, meta)
    goes_on = ("sending", "goes on", "")
    assert list(examine_sending(connection, fence)) == [goes_on]

    take_back(connection, workspace, minji)
    sync(connection, workspace, meta, token="other")  # noqa: S106 - nobody's

    [first, (check, found, remedy)] = examine_sending(connection, fence)
    assert first == goes_on
    assert check.startswith("audience regulars of ")
    assert "190" in found
    assert "1 addresses wait to be taken out" in remedy


def test_who_takes_it_back_between_the_note_and_the_call_is_never_told(
    connection, workspace, regulars, meta
):
    minji = somebody(connection, workspace, regulars)
    make(connection, workspace)
    sync(connection, workspace, meta, token="other")  # noqa: S106 - nobody's
    take_back(connection, workspace, minji)

    sync(connection, workspace, meta)

    assert members(meta) == set()
    # Whether the first call had come through nobody could know: so it was taken out.
    assert [batch.batch_seq for batch in meta.batches] == [1]


def test_a_removed_audience_is_emptied_and_its_name_is_free(connection, workspace, regulars, meta):
    somebody(connection, workspace, regulars)
    make(connection, workspace)
    sync(connection, workspace, meta)

    with connection.transaction():
        remove_audience(connection, workspace_id=workspace, name="regulars", now=NOON)
    sync_all(connection, syncing(meta))

    assert members(meta) == set()
    assert (look(connection, workspace).added, look(connection, workspace).removed_at) == (0, NOON)
    make(connection, workspace)
    with pytest.raises(LookupError, match="audience list"):
        find_audience(connection, workspace_id=workspace, name="nobody")


def test_workers_look_for_leavers_at_every_turn_and_for_joiners_now_and_then(
    connection, workspace, regulars, meta
):
    minji = somebody(connection, workspace, regulars)
    make(connection, workspace)
    sync_all(connection, syncing(meta))
    somebody(connection, workspace, regulars, name="jiwoo")
    take_back(connection, workspace, minji)

    sync_all(connection, syncing(meta, minutes=1))
    assert members(meta) == set()

    sync_all(connection, syncing(meta, minutes=JOIN_EVERY // MINUTE))
    assert members(meta) == {mail_row("jiwoo")}

    somebody(connection, workspace, regulars, name="seoyeon")
    with connection.transaction():
        hasten_audience(connection, workspace_id=workspace, name="regulars", now=NOON + 16 * MINUTE)
    sync_all(connection, syncing(meta, minutes=16))
    assert mail_row("seoyeon") in members(meta)


def test_a_network_that_is_not_set_up_is_named(connection, workspace, regulars, meta):
    somebody(connection, workspace, regulars)
    make(connection, workspace, network=AdNetwork.GOOGLE)

    turn = sync(connection, workspace, meta)

    assert "DANGOL_GOOGLE_ADS_ACCOUNT_FILE" in turn.fault
    assert look(connection, workspace).fault == turn.fault


def test_while_sending_is_paused_a_network_is_told_nothing(connection, workspace, regulars, meta):
    minji = somebody(connection, workspace, regulars)
    make(connection, workspace)
    sync(connection, workspace, meta)
    somebody(connection, workspace, regulars, name="jiwoo")
    take_back(connection, workspace, minji)
    connection.execute("update workspace set sending_paused = true")
    connection.commit()

    turn = sync(connection, workspace, meta)

    # A restored copy must not take out whom the real one has.
    assert (turn.fault, members(meta)) == (
        "sending is paused for this workspace",
        {mail_row("minji")},
    )
    connection.execute("update workspace set sending_paused = false")
    connection.commit()
    sync(connection, workspace, meta)
    assert members(meta) == {mail_row("jiwoo")}


def test_google_is_told_in_its_own_way(connection, workspace, regulars):
    minji = somebody(connection, workspace, regulars)
    make(connection, workspace, network=AdNetwork.GOOGLE)
    with FakeGoogleAds() as ads, FakeFcm(scope="datamanager") as signing_in:
        tokens = Tokens(
            read_account(signing_in.account_file),
            scope="https://www.googleapis.com/auth/datamanager",
            clock=lambda: NOON,
        )
        network = Google(account_id="1234567890", tokens=tokens, url=ads.url)
        tools = Syncing(
            networks={AdNetwork.GOOGLE: network}, vault=TEST_VAULT, clock=lambda _: NOON
        )
        sync_audience(connection, tools, look(connection, workspace))
        added = set(ads.members[REF])
        take_back(connection, workspace, minji)
        sync_audience(connection, tools, look(connection, workspace))

    assert added == {digest("minji@shop.example")}
    assert ads.members[REF] == set()


def test_an_erasure_is_not_done_before_the_network_has_confirmed(
    connection, workspace, regulars, meta, lake, tmp_path
):
    minji = somebody(connection, workspace, regulars)
    make(connection, workspace)
    sync(connection, workspace, meta)
    tools = erasing(tmp_path, lake)

    with pytest.raises(BusyError, match="ad network"):
        erase(connection, tools, workspace_id=workspace, customer_id=minji, asked_by="command")
    assert one(connection, "select count(*) from customer_key") == 0
    assert [wish.state for wish in list_erasures(connection)] == ["awaited"]
    assert finish_erasures(connection, tools) == 0

    sync(connection, workspace, meta)
    assert members(meta) == set()
    assert finish_erasures(connection, tools) == 1
    assert [wish.state for wish in list_erasures(connection)] == ["done"]
    assert one(connection, "select count(*) from audience_member") == 0


@pytest.mark.parametrize("table", ["message", "template"])
def test_no_message_and_no_template_is_for_that(connection, workspace, table):
    who = customer(connection, workspace)
    plan_message(
        connection, workspace, customer_id=who, template_id=template(connection, workspace)
    )

    with pytest.raises(psycopg.errors.CheckViolation, match="is_no_ad_audience"):
        connection.execute(f"update {table} set purpose = 'ad_audience'")  # noqa: S608 - one of two


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"name": "Regulars!"}, "small letters"),
        ({"network_ref": " "}, "id of the audience"),
        ({"channels": (Channel.PUSH,)}, "email and by sms"),
        ({"channels": ()}, "email and by sms"),
        ({"most": 0}, "most is 0"),
        ({"ends_at": NOON}, "ahead"),
        ({"ends_at": NOON + timedelta(days=400)}, "within a year"),
        ({"segment": "nobody"}, "segment list"),
    ],
)
@pytest.mark.usefixtures("regulars")
def test_an_audience_that_cannot_be_is_refused(connection, workspace, changed, why):
    with pytest.raises((ValueError, LookupError), match=why):
        make(connection, workspace, **changed)


@pytest.mark.usefixtures("regulars")
def test_there_is_one_of_a_name(connection, workspace):
    make(connection, workspace)

    with pytest.raises(ValueError, match="already"):
        make(connection, workspace)


def test_nobody_comes_into_a_paused_audience_and_who_must_leave_leaves(
    connection, workspace, regulars, meta
):
    minji = somebody(connection, workspace, regulars)
    make(connection, workspace)
    sync(connection, workspace, meta)
    with connection.transaction():
        pause_audience(connection, workspace_id=workspace, name="regulars", now=NOON)
    somebody(connection, workspace, regulars, name="jiwoo")
    take_back(connection, workspace, minji)

    sync(connection, workspace, meta)
    assert members(meta) == set()

    with connection.transaction():
        resume_audience(connection, workspace_id=workspace, name="regulars", now=NOON)
    sync(connection, workspace, meta)
    assert members(meta) == {mail_row("jiwoo")}
