"""The words for somebody with a telephone, and for a message on its way to it."""

from tests.build import NOON, TEST_VAULT, customer, customer_key, one, plan_message

from dangol.guard.decide import recheck_messages
from dangol.store.connect import Connection

NUMBER = "+821012345678"
HOME_NUMBER = "01012345678"
KAKAO_USER = "1234567890"


def phone_customer(
    connection: Connection,
    workspace: int,
    *,
    name: str = "minji",
    number: str = NUMBER,
    channel: str = "sms",
    kakao_user: str = "",
) -> int:
    """A customer with a number, reachable and consenting on one channel."""
    made = customer(connection, workspace, name=name, email=None)
    key = TEST_VAULT.key(workspace, "phone", number)
    sealed = customer_key(connection, workspace, customer_id=made).seal("phone", number)
    connection.execute(
        "insert into identifier (workspace_id, kind, key, sealed, key_of, customer_id,"
        " first_seen_at, acts) values (%s, 'phone', %s, %s, %s, %s, %s, false)"
        " on conflict do nothing",
        (workspace, key, sealed, made, made, NOON),
    )
    connection.execute(
        "insert into address (workspace_id, customer_id, channel, key, sealed, key_of, changed_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (workspace, made, channel, key, sealed, made, NOON),
    )
    entry = one(
        connection,
        "insert into consent_entry (workspace_id, customer_id, channel, purpose, action, source,"
        " occurred_at, recorded_at) values (%(workspace)s, %(made)s, %(channel)s, 'marketing',"
        " 'grant', 'sign-up form', %(now)s, %(now)s) returning id",
        workspace=workspace,
        made=made,
        channel=channel,
        now=NOON,
    )
    connection.execute(
        "insert into consent (workspace_id, customer_id, channel, purpose, state, since,"
        " confirmed_at, entry_id) values (%s, %s, %s, 'marketing', 'granted', %s, %s, %s)",
        (workspace, made, channel, NOON, NOON, entry),
    )
    if kakao_user:
        connection.execute(
            "update customer set traits = jsonb_build_object('kakao_user_id', %s::text)"
            " where id = %s",
            (kakao_user, made),
        )
    connection.commit()
    return made


def phone_message(
    connection: Connection, workspace: int, *, customer_id: int, channel: str = "sms"
) -> int:
    """An advertisement that a sender may take."""
    made = plan_message(connection, workspace, customer_id=customer_id, state="allowed")
    connection.execute("update template set channel = %s", (channel,))
    connection.execute("update message set channel = %s where id = %s", (channel, made))
    connection.commit()
    return made


def may_leave(connection: Connection, workspace: int, message_id: int) -> bool:
    """Ask the guard at the door, as a delivery does in its last moment."""
    with connection.transaction():
        allowed = recheck_messages(
            connection, workspace_id=workspace, message_ids=[message_id], now=NOON
        )
    return message_id in allowed


def call(connection: Connection, workspace: int, message_id: int, *, number: str = NUMBER) -> int:
    """A call to a vendor that is under way."""
    made = one(
        connection,
        "insert into delivery (workspace_id, message_id, customer_id, attempt, channel, provider,"
        " address_key, state, claimed_by, claimed_at, lease_until) select workspace_id, id,"
        " customer_id, 1, channel, 'solapi', %(key)s, 'calling', 'w', %(now)s, %(now)s"
        " from message where id = %(message_id)s returning id",
        key=TEST_VAULT.key(workspace, "phone", number),
        now=NOON,
        message_id=message_id,
    )
    connection.commit()
    return made


def consents(connection: Connection, customer_id: int) -> dict[str, str]:
    """What stands in the fold of the ledger, by channel."""
    rows = connection.execute(
        "select channel, state from consent where customer_id = %s", (customer_id,)
    ).fetchall()
    connection.commit()
    return dict(rows)
