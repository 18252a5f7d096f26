"""Lists of customers, as a file names them."""

from datetime import timedelta

from tests.build import NOON, TEST_VAULT, customer

from dangol.segments.upload import Uploaded, upload_list
from dangol.store.connect import Connection
from dangol.store.vocabulary import IdentifierKind


def upload(
    connection: Connection,
    workspace: int,
    *given: str,
    kind: IdentifierKind = IdentifierKind.EMAIL,
    name: str = "vip",
) -> Uploaded:
    with connection.transaction():
        return upload_list(
            connection,
            given,
            name=name,
            kind=kind,
            workspace_id=workspace,
            vault=TEST_VAULT,
            now=NOON + timedelta(days=1),
        )


def listed(connection: Connection) -> set[int]:
    return {row[0] for row in connection.execute("select customer_id from list_entry")}


def test_a_list_is_found_by_email_however_it_is_written(
    connection: Connection, workspace: int
) -> None:
    minji = customer(connection, workspace)

    report = upload(
        connection, workspace, " Minji@shop.example", "nobody@shop.example", "", "minji@"
    )

    assert report == Uploaded(rows=4, customers=1, unknown=[1], unreadable=[2, 3])
    assert listed(connection) == {minji}


def test_a_list_is_found_by_the_shops_own_ids(connection: Connection, workspace: int) -> None:
    minji = customer(connection, workspace)
    jiwoo = customer(connection, workspace, name="jiwoo", email=None)

    report = upload(connection, workspace, "minji", "jiwoo", "minji", kind=IdentifierKind.EXTERNAL)

    assert report == Uploaded(rows=3, customers=2, unknown=[], unreadable=[])
    assert listed(connection) == {minji, jiwoo}


def test_the_same_name_again_replaces_the_list(connection: Connection, workspace: int) -> None:
    customer(connection, workspace)
    jiwoo = customer(connection, workspace, name="jiwoo", email="jiwoo@shop.example")
    upload(connection, workspace, "minji@shop.example")

    upload(connection, workspace, "jiwoo@shop.example")

    assert listed(connection) == {jiwoo}


def test_an_address_that_several_people_share_leads_to_nobody(
    connection: Connection, workspace: int
) -> None:
    customer(connection, workspace)
    connection.execute("update identifier set customer_id = null where kind = 'email'")

    report = upload(connection, workspace, "minji@shop.example")

    assert (report.customers, report.unknown) == (0, [0])
