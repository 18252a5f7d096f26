"""A new master key takes the old one's place, and nothing is lost on the way."""

from datetime import timedelta

import pytest
from tests.build import NOON
from tests.ingest.words import told

from dangol.app import doctor
from dangol.app.keyfile import open_vault, read_ring
from dangol.app.rotation import ON_ITS_WAY, meet_keys, rotate
from dangol.audiences.members import SEALED_AS
from dangol.ingest.contacts import seal_contact
from dangol.ingest.inbox import write_events
from dangol.ingest.shops.connections import add_shop, find_shop
from dangol.ingest.tick import take_events
from dangol.store import crash
from dangol.store.connect import StoreError
from dangol.store.vault import MissingKeyError, Vault, version_of
from dangol.store.vocabulary import ShopPlatform

LATER = NOON + ON_ITS_WAY
POINTS = (
    "rotate.after_added",
    "rotate.after_batch",
    "rotate.after_resealed",
    "rotate.after_dropped",
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "dangol.key"


@pytest.fixture
def vault(path):
    return open_vault(path)


@pytest.fixture
def sealed(connection, workspace, vault):
    """A customer, a shop with an order of somebody's, and an event that has not acted yet."""
    for number, name in enumerate(("minji", "jiwoo")):
        contacts = [seal_contact(vault, workspace, "email", f"{name}@shop.example")]
        write_events(
            connection,
            [told_as(f"m{number}", name, contacts)],
            workspace_id=workspace,
            received_at=NOON,
        )
        connection.commit()
        if name == "minji":
            with connection.transaction():
                take_events(connection, workspace_id=workspace, vault=vault, now=NOON, batch=10)
    hook = add_shop(
        connection,
        workspace_id=workspace,
        platform=ShopPlatform.SHOPIFY,
        name="main",
        secret="shop-secret",  # noqa: S106 - planted
        vault=vault,
        now=NOON,
    )
    connection.execute(
        "insert into shop_reference (connection_id, reference, contacts, told_at)"
        " select id, 'order:1', (select contacts from event where user_id = 'jiwoo'), %s"
        " from shop_connection",
        (NOON,),
    )
    connection.commit()
    return hook.rpartition("/")[2]


def told_as(message_id, name, contacts):
    made = told(message_id, user=name)
    return type(made)(
        **{field: getattr(made, field) for field in made.__struct_fields__ if field != "contacts"},
        contacts=contacts,
    )


def versions(connection):
    """The master keys that anything sealed needs."""
    rows = connection.execute(
        "select wrapped from customer_key union all select sealed_secret from shop_connection"
        " union all select decode(contact ->> 'sealed', 'base64') from event,"
        " jsonb_array_elements(contacts) as contact"
        " union all select decode(contact ->> 'sealed', 'base64') from shop_reference,"
        " jsonb_array_elements(contacts) as contact"
    ).fetchall()
    connection.commit()
    return {version_of(row[0]) for row in rows}


def opens(connection, workspace, vault, token):
    """Everything that was sealed, opened."""
    rows = connection.execute(
        "select address.sealed, customer_key.wrapped from address"
        " join customer_key on address.key_of = customer_key.customer_id order by address.key_of"
    ).fetchall()
    contacts = connection.execute(
        "select decode(contacts -> 0 ->> 'sealed', 'base64') from event order by id"
    ).fetchall()
    shop = find_shop(connection, token=token, vault=vault, now=NOON)
    connection.commit()
    return (
        [vault.open_for(workspace, "email", value, key) for value, key in rows],
        [vault.open(workspace, "email", value) for (value,) in contacts],
        shop.secret if shop else None,
    )


def rotate_through(connection, vault, path):
    rotate(connection, vault, path=path, now=NOON)
    rotate(connection, vault, path=path, now=LATER)


OPENED = (
    ["minji@shop.example"],
    ["minji@shop.example", "jiwoo@shop.example"],
    "shop-secret",
)


def test_after_a_rotation_everything_is_under_the_new_key_and_opens(
    connection, workspace, vault, path, sealed
):
    first = rotate(connection, vault, path=path, now=NOON)
    second = rotate(connection, vault, path=path, now=LATER)

    assert (first.version, first.kept_until, second.kept_until) == (2, LATER, None)
    assert first.resealed == 5
    assert versions(connection) == {2}
    assert opens(connection, workspace, vault, sealed) == OPENED
    assert set(read_ring(path).masters) == {2}


@pytest.mark.usefixtures("sealed")
def test_the_old_key_stays_until_what_was_on_its_way_is_sealed_anew(
    connection, workspace, vault, path
):
    stale = Vault(path.read_bytes())
    rotate(connection, vault, path=path, now=NOON)
    contacts = [seal_contact(stale, workspace, "email", "late@shop.example")]
    write_events(
        connection, [told_as("late", "late", contacts)], workspace_id=workspace, received_at=NOON
    )
    connection.commit()

    assert set(read_ring(path).masters) == {1, 2}
    rotation = rotate(connection, vault, path=path, now=LATER)

    assert (rotation.version, rotation.resealed) == (2, 1)
    assert versions(connection) == {2}


@pytest.mark.usefixtures("sealed")
def test_what_ad_networks_were_told_can_still_be_taken_back(connection, workspace, vault, path):
    connection.execute(
        "with made as (insert into segment (workspace_id, name, title_ko, title_en, created_at)"
        " values (%(shop)s, 'a', 'a', 'a', %(now)s) returning id), fed as (insert into audience"
        " (workspace_id, name, segment_id, network, network_ref, channels, most, ends_at,"
        " created_at, due_at) select %(shop)s, 'a', id, 'meta', '1', '{email}', 9, %(now)s,"
        " %(now)s, %(now)s from made returning id) insert into audience_member (workspace_id,"
        " audience_id, customer_id, channel, address_key, hashed, changed_at) select %(shop)s,"
        " id, 1, 'email', 'k', %(hashed)s, %(now)s from fed",
        {
            "shop": workspace,
            "now": NOON,
            "hashed": vault.seal(workspace, SEALED_AS, "the hash"),
        },
    )
    connection.commit()

    rotate_through(connection, vault, path)

    [(hashed,)] = connection.execute("select hashed from audience_member").fetchall()
    assert version_of(hashed) == 2
    assert open_vault(path).open(workspace, SEALED_AS, hashed) == "the hash"


@pytest.mark.parametrize("point", POINTS)
def test_a_rotation_that_is_killed_anywhere_goes_on(
    connection, workspace, vault, path, sealed, monkeypatch, point
):
    def die(name: str) -> None:
        if name == point:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(crash, "_handlers", [die])
        with pytest.raises(KeyboardInterrupt):
            rotate_through(connection, vault, path)
    connection.rollback()
    assert opens(connection, workspace, open_vault(path), sealed) == OPENED
    if set(read_ring(path).masters) != {2}:
        rotate(connection, open_vault(path), path=path, now=NOON)
        rotate(connection, open_vault(path), path=path, now=LATER + timedelta(hours=1))

    assert versions(connection) == {2}
    assert opens(connection, workspace, open_vault(path), sealed) == OPENED
    assert set(read_ring(path).masters) == {2}


@pytest.mark.usefixtures("sealed")
def test_the_dropped_key_opens_nothing_and_lookups_stay(connection, vault, path, workspace):
    before = vault.key(workspace, "email", "minji@shop.example")
    old = vault.seal(workspace, "email", "minji@shop.example")
    rotate(connection, vault, path=path, now=NOON)
    rotate(connection, vault, path=path, now=LATER)

    fresh = open_vault(path)

    assert fresh.key(workspace, "email", "minji@shop.example") == before
    with pytest.raises(MissingKeyError):
        fresh.open(workspace, "email", old)


@pytest.mark.usefixtures("sealed")
def test_contacts_nobody_can_open_stop_no_rotation(connection, vault, path):
    connection.execute(
        'update event set contacts = \'[{"kind": "email", "key": "a", "sealed": "AAAB"}]\''
        " where user_id = 'jiwoo'"
    )
    connection.commit()
    rotate(connection, vault, path=path, now=NOON)

    assert rotate(connection, vault, path=path, now=LATER).kept_until is None


def test_another_key_file_is_refused_at_the_start(connection, vault):
    meet_keys(connection, vault, now=NOON)

    with pytest.raises(StoreError, match="not the one of this database"):
        meet_keys(connection, Vault(bytes(32)), now=NOON)


def test_a_key_file_from_before_a_rotation_is_refused(connection, vault, path):
    old = Vault(path.read_bytes())
    rotate(connection, vault, path=path, now=NOON)

    with pytest.raises(StoreError, match="master key 2 is missing"):
        meet_keys(connection, old, now=NOON)


@pytest.mark.usefixtures("sealed")
def test_the_doctor_says_that_a_rotation_is_under_way(connection, vault, path):
    meet_keys(connection, vault, now=NOON)
    before = doctor.check_keys(connection)
    connection.commit()
    rotate(connection, vault, path=path, now=NOON)

    during = doctor.check_keys(connection)
    connection.commit()
    rotate(connection, vault, path=path, now=LATER)

    assert (before.found, before.remedy) == ("key 1 seals; 1 customers' keys under key 1", "")
    assert "dangol vault rotate" in during.remedy
    assert doctor.check_keys(connection).remedy == ""
