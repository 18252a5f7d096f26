"""Bad input gets a sentence that says what to do, and loses nothing."""

import socket
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.build import one, unpack

from dangol.app import cli
from dangol.app.clock import machine_time
from dangol.app.database import prepare_database, url_of
from dangol.app.http import LARGEST_BODY, create_app
from dangol.app.settings import Settings
from dangol.ingest.keys import create_api_key
from dangol.store.connect import connect
from dangol.store.embedded import EmbeddedPostgres
from dangol.store.vocabulary import ApiKeyKind
from dangol.store.workspace import create_workspace

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
HEADER = "order_no,order_date,sku,product,category,quantity,unit_price,member_no,email\n"
SOURCE = "[source]\ntime_zone = 'Asia/Seoul'\ncurrency = 'KRW'\n"
ORDER = "A1,2026-01-02 10:00,S1,Tea,Drinks,1,12000,7,kim@shop.example\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A server that keeps what it confirms, as the commands demand, with one workspace on it."""
    server = EmbeddedPostgres.start(tmp_path_factory.mktemp("shop") / "pg")
    url = url_of(server)
    prepare_database(url)
    open_workspace(url)
    yield url
    server.stop()


def open_workspace(url: str) -> str:
    """Create a workspace; return a server key of it."""
    with connect(url) as connection, connection.transaction():
        workspace = create_workspace(
            connection,
            name="단골 상점",
            time_zone="Asia/Seoul",
            default_locale="ko",
            sender_name="단골 상점",
            sender_email="hello@shop.example",
            sender_postal="서울특별시 중구 세종대로 110",
            sender_phone="02-120",
            now=machine_time(),
        )
        return create_api_key(
            connection, workspace_id=workspace, kind=ApiKeyKind.SERVER, now=machine_time()
        )


@pytest.fixture
def dangol(monkeypatch, capsys, tmp_path, shop):
    """Run `dangol` as a terminal would: return its exit code and what it said to stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANGOL_DATABASE_URL", shop)
    monkeypatch.setenv("DANGOL_DATA_FOLDER", str(tmp_path / "data"))

    def run(*arguments: object) -> tuple[int, str]:
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            code = stopped.code
        said = capsys.readouterr().err
        assert "Traceback" not in said
        return code, said

    return run


@pytest.fixture
def stored(shop):
    """Count what is stored; every test of bad input leaves it as it was."""

    def count() -> int:
        with connect(shop) as connection:
            unpack(connection)
            return one(connection, "select count(*) from event")

    return count


@pytest.fixture
def unharmed(stored):
    """Fail if the test has stored anything."""
    before = stored()
    yield
    assert stored() == before


@pytest.fixture
def orders(tmp_path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + ORDER)
    return path


@pytest.fixture
def client(settings):
    with TestClient(create_app(settings), raise_server_exceptions=False) as running:
        yield running


def import_orders(dangol, path: object, mapping: object = EXAMPLES / "shop.toml"):
    return dangol("import", "orders", path, "--mapping", mapping)


def events(connection) -> int:
    connection.commit()
    return one(connection, "select count(*) from event")


def test_a_good_file_is_taken(dangol, stored, orders):
    before = stored()

    code, said = import_orders(dangol, orders)

    assert code == 0, said
    assert stored() > before


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize(
    ("name", "content", "remedy"),
    [
        ("none.csv", None, "Check its name"),
        ("broken.parquet", b"PAR1 and nothing more", "arquet"),
        ("latin.csv", HEADER.encode() + b"A1,2026-01-02,S1,D\xe9j\xe0,D,1,1,7,\n", "encoding"),
        ("other.csv", b"a,b,c\n1,2,3\n", "order_date"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(dangol, tmp_path, name, content, remedy):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    code, said = import_orders(dangol, path)

    assert code == 1
    assert remedy in said


@pytest.mark.usefixtures("unharmed")
def test_a_folder_is_no_file(dangol, tmp_path):
    code, said = import_orders(dangol, tmp_path)

    assert code == 1
    assert str(tmp_path) in said


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        (None, "cannot be read"),
        ("[columns\ndate =", "TOML"),
        (SOURCE + "[coulmns]\ndate = 'order_date'\n", "coulmns"),
        (SOURCE + "[columns]\ndate = 'order_date'\nproduct = 'sku'\n", "product"),
        (SOURCE + "[columns]\ndate = 'ordered_at'\nprice = 'unit_price'\n", "ordered_at"),
    ],
)
def test_a_wrong_mapping_says_what_to_correct(dangol, orders, tmp_path, text, remedy):
    mapping = tmp_path / "map.toml"
    if text is not None:
        more = "quantity = 'quantity'\n[order]\nid = '{order_no}'\n[customer]\nid = '{member_no}'\n"
        mapping.write_text(text + more)

    code, said = import_orders(dangol, orders, mapping)

    assert code == 1
    assert remedy in said


def test_a_bad_row_is_refused_alone_and_counted(dangol, shop, orders):
    bad = ORDER.replace("A1", "A2").replace("12000", "cheap")
    orders.write_text(HEADER + ORDER.replace("A1", "A3") + bad)

    code, said = import_orders(dangol, orders)

    assert code == 0, said
    with connect(shop) as connection:
        report = connection.execute(
            "select report from import_file order by id desc limit 1"
        ).fetchone()[0]
    assert (report["rows"], report["accepted"], sum(report["refused"].values())) == (2, 1, 1)


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("DANGOL_PROT", "9000", "Did you mean port?"),
        ("DANGOL_PORT", "99999", "DANGOL_PORT"),
        ("DANGOL_PORT", "eighty", "DANGOL_PORT"),
        ("DANGOL_SMTP_URL", "mail.example:25", "smtp://"),
        ("DANGOL_DATABASE_URL", "mysql://shop@db/shop", "postgresql://"),
        ("DANGOL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x?connect_timeout=2", "unset it"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(dangol, monkeypatch, variable, value, remedy):
    monkeypatch.setenv(variable, value)

    code, said = dangol("key", "create", "server")

    assert code == 1
    assert remedy in said


def test_a_taken_port_is_said_before_anything_starts(dangol):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = dangol("serve", "--port", port)

    assert code == 1
    assert f"Port {port} on 127.0.0.1 is in use" in said
    assert "DANGOL_PORT" in said


def test_a_data_folder_that_cannot_be_written_is_named(dangol, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DANGOL_DATA_FOLDER", str(tmp_path / "file" / "data"))

    code, said = dangol("migrate")

    assert code == 1
    assert "DANGOL_DATA_FOLDER" in said


def test_an_unknown_command_lists_the_commands(dangol):
    code, said = dangol("imprt")

    assert code == 2
    assert "import" in said


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{not json", 400, "malformed"),
        (b"", 400, ""),
        (b"[1, 2]", 400, ""),
        (b'{"event": "Order Completed"}', 400, "userId"),
        (b'{"userId": "minji"}', 400, "event"),
        (b'{"userId": "m", "event": "Bought", "timestamp": "yesterday"}', 400, "timestamp"),
        (b'{"userId": "m", "event": "Bought", "properties": {"revenue": "lots"}}', 400, "revenue"),
        (b"x" * LARGEST_BODY, 413, ""),
        (b"x" * (LARGEST_BODY + 1), 413, "fewer events"),
    ],
)
def test_a_bad_call_is_refused_with_the_remedy(client, connection, key, body, status, said):
    answer = client.post("/v1/track", content=body, auth=(key, ""))

    assert answer.status_code == status
    assert answer.json()["message"]
    assert said in answer.json()["message"]
    assert events(connection) == 0


def test_an_unknown_key_is_refused_with_the_command_that_makes_one(client, connection):
    answer = client.post("/v1/track", json={"userId": "m", "event": "x"}, auth=("dk_s_no", ""))

    assert answer.status_code == 401
    assert "dangol key create" in answer.json()["message"]
    assert events(connection) == 0


def test_one_bad_event_of_a_batch_is_refused_alone(client, connection, key):
    batch = [
        {"type": "track", "userId": "minji", "event": "Order Completed"},
        {"type": "track", "userId": "minji"},
    ]

    answer = client.post("/v1/batch", json={"batch": batch}, auth=(key, "")).json()

    assert answer["accepted"] == 1
    assert [refused["index"] for refused in answer["refused"]] == [1]
    assert events(connection) == 1


@pytest.fixture
def own_server(tmp_path):
    """A server of the test's own, that it may kill."""
    server = EmbeddedPostgres.start(tmp_path / "pg")
    prepare_database(url_of(server))
    yield server
    server.stop()


def test_while_postgresql_is_gone_nothing_is_confirmed_and_nothing_confirmed_is_lost(
    own_server, tmp_path
):
    url = url_of(own_server)
    key = open_workspace(url)
    call = {"userId": "minji", "event": "Order Completed"}
    settings = Settings(database_url=url, data_folder=tmp_path, pool_size=2)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        before = client.post("/v1/track", json=call | {"messageId": "1"}, auth=(key, ""))
        own_server.process.kill()
        own_server.process.wait()
        away = client.post("/v1/track", json=call | {"messageId": "2"}, auth=(key, ""))
        own_server.process = EmbeddedPostgres.start(tmp_path / "pg").process
        # As a client does, which comes back until it is answered.
        tries = (
            client.post("/v1/track", json=call | {"messageId": "2"}, auth=(key, ""))
            for _ in range(10)
        )
        again = next((answer.status_code for answer in tries if answer.status_code == 200), None)
    with connect(url) as connection:
        unpack(connection)
        kept = connection.execute("select message_id from event order by id").fetchall()

    assert (before.status_code, away.status_code, again) == (200, 503, 200)
    assert "send" in away.json()["message"].lower()
    assert away.headers["Retry-After"]
    assert kept == [("1",), ("2",)]
