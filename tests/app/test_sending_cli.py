"""Whether anything is sent, on the command line and over HTTP."""

import json

import pytest
from tests.app.test_customer import opened  # noqa: F401 - a fixture
from tests.app.test_topics import client, keys  # noqa: F401 - fixtures
from tests.build import NOON, customer, open_shop, plan_message
from tests.channels.test_dead import CONTENT, GONE, dead_letter

from dangol.app.cli import main
from dangol.app.clock import freeze_clock
from dangol.app.doctor_sending import examine_sending
from dangol.app.fence import Fence, open_fence
from dangol.app.providers import known_vendors
from dangol.app.settings import PREFIX, Settings
from dangol.channels.domains import limit_domain, rest_domains
from dangol.channels.warm_up import set_warm_up
from dangol.store.connect import connect
from dangol.store.vocabulary import ApiKeyScope


@pytest.mark.usefixtures("opened")
def test_sending_is_paused_shown_and_resumed(capsys):
    assert main(["migrate"]) == 0
    assert main(["sending", "status"]) == 0
    assert main(["sending", "pause", "--because", "we move"]) == 0
    capsys.readouterr()
    assert main(["sending", "status", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "sends": False,
        "because": "we move",
        "overdue": [],
    }
    assert main(["sending", "status"]) == 1
    assert "dangol sending resume" in capsys.readouterr().out
    assert main(["sending", "resume"]) == 0
    assert main(["sending", "status"]) == 0


@pytest.mark.usefixtures("opened")
def test_a_pause_needs_a_reason(capsys):
    assert main(["sending", "pause", "--because", " "]) == 1
    assert "say why" in capsys.readouterr().err


def test_a_server_is_told_whether_anything_is_sent(client, keys, dsn):  # noqa: F811
    read = {"auth": (keys[ApiKeyScope.JOURNEYS_READ], "")}
    assert client.get("/v1/sending", **read).json() == {
        "sends": True,
        "because": "",
        "by_hand": False,
        "overdue": [],
        "lanes": [],
    }
    with connect(dsn) as connection:
        connection.execute(
            "insert into installation (identity, paused_at, paused_because)"
            " values (gen_random_uuid(), '2027-03-02', 'we move')"
        )

    told = client.get("/v1/sending", **read).json()

    assert (told["sends"], told["because"]) == (False, "we move")


def test_a_server_pauses_and_resumes_and_its_key_is_named(client, keys, connection, tmp_path):  # noqa: F811
    read, write = (
        {"auth": (keys[scope], "")}
        for scope in (ApiKeyScope.JOURNEYS_READ, ApiKeyScope.JOURNEYS_WRITE)
    )
    open_fence(Settings(data_folder=tmp_path)).meet(connection)
    wish = {"because": "we move"}

    refused = client.post("/v1/sending/pause", json=wish, **read)
    paused = client.post("/v1/sending/pause", json=wish, **write).json()
    resumed = client.post("/v1/sending/resume", json={"overdue": "send"}, **write).json()

    assert refused.status_code == 403
    assert (paused["sends"], paused["by_hand"]) == (False, True)
    assert paused["because"].startswith("we move (key ")
    assert (resumed["sends"], resumed["because"]) == (True, "")


def test_a_server_sees_vendors_and_sets_what_they_get(client, keys):  # noqa: F811
    read, write = (
        {"auth": (keys[scope], "")}
        for scope in (ApiKeyScope.JOURNEYS_READ, ApiKeyScope.JOURNEYS_WRITE)
    )
    at = "/v1/providers/smtp"
    warm_up = {"start": 200, "growth": 1.5, "goal": 50000}

    listed = client.get("/v1/providers", **read).json()["vendors"]
    limited = client.put(f"{at}/limit", json={"per_second": 20}, **write).json()
    to = client.put(f"{at}/receivers/hanmail.net", json={"per_second": 5}, **write).json()
    warmed = client.put(f"{at}/warm-up", json=warm_up, **write).json()
    ended = client.delete(f"{at}/warm-up", **write).json()
    resumed = client.post(f"{at}/resume", **write).json()

    names = ["smtp", "solapi", "nhn", "bizgo", "push", "ses", "mail_service"]
    assert [one["name"] for one in listed] == names
    assert (limited["per_second"], resumed["health"]) == (20, "well")
    assert [one["domain"] for one in to["receivers"]] == ["daum.net"]
    assert (warmed["warm_up"]["day"], warmed["warm_up"]["most"], ended["warm_up"]) == (1, 200, None)
    assert client.put(f"{at}/limit", json={"per_second": 20}, **read).status_code == 403
    assert client.post("/v1/providers/nobody/resume", **write).status_code == 404


def test_a_shop_among_several_changes_no_vendor(client, keys, connection):  # noqa: F811
    open_shop(connection, name="another shop")
    write = {"auth": (keys[ApiKeyScope.JOURNEYS_WRITE], "")}

    answer = client.put("/v1/providers/smtp/limit", json={"per_second": 20}, **write)

    assert answer.status_code == 403
    assert "dangol provider" in answer.json()["message"]


def test_vendors_name_settings_there_are_and_whether_they_are_set_well(tmp_path):
    described = tmp_path / "service.json"
    described.write_text("{}")
    settings = Settings(solapi_key="key", smtp_url="nonsense://shop", mail_service=str(described))

    vendors = {one.name: one for one in known_vendors(settings)}

    known = {f"{PREFIX}{name.upper()}" for name in Settings.__struct_fields__}
    assert all(one.settings and set(one.settings) <= known for one in vendors.values())
    assert {name: (one.is_set, one.is_wrong) for name, one in vendors.items()} == {
        "smtp": (True, True),
        "solapi": (True, False),
        "nhn": (False, False),
        "bizgo": (False, False),
        "push": (False, False),
        "ses": (False, False),
        "mail_service": (True, True),
    }


def doctor(connection, tmp_path):
    fence = Fence(path=tmp_path / "dangol.fence", machine={"host": "shop-1"})
    return {check: (found, remedy) for check, found, remedy in examine_sending(connection, fence)}


def test_the_doctor_tells_of_receivers_that_rest_and_what_helps_where_it_is_often(
    connection,
    tmp_path,
):
    limit_domain(connection, provider="smtp", domain="gmail.com", per_second=5)
    rest_domains(connection, ["naver.com"], provider="smtp", now=NOON)
    once = doctor(connection, tmp_path)
    connection.execute("update provider_domain set failures = 4 where domain = 'naver.com'")

    often = doctor(connection, tmp_path)

    assert "mail to gmail.com by smtp" not in often
    assert once["mail to naver.com by smtp"] == (
        "rests until 2027-03-02 03:00:30Z: it said 1 times in a row that it was too much",
        "",
    )
    assert "--domain naver.com" in often["mail to naver.com by smtp"][1]


def test_the_doctor_tells_of_a_warm_up_for_which_more_waits_than_its_day_takes(
    connection, workspace, tmp_path
):
    with connection.transaction():
        freeze_clock(connection, at=NOON)
        set_warm_up(connection, provider="smtp", start=1, growth=2, goal=3)
    before = doctor(connection, tmp_path)["warm-up of smtp"]
    for name in ("minji", "jiwoo"):
        found = customer(connection, workspace, name=name, email=f"{name}@shop.example")
        plan_message(connection, workspace, customer_id=found, state="allowed")

    behind = doctor(connection, tmp_path)["warm-up of smtp"]
    connection.execute("update provider_warm_up set days_before = 9")
    over = doctor(connection, tmp_path)["warm-up of smtp"]

    assert before == ("0 of 1 today, growing by 2 a day up to 3", "")
    assert behind[0].endswith("; 2 mails wait")
    assert "write to fewer" in behind[1]
    assert over == ("over, 3 a day are reached", "")


def test_the_doctor_counts_dead_letters_that_may_be_tried_again_and_no_others(
    connection, workspace, tmp_path
):
    with connection.transaction():
        freeze_clock(connection, at=NOON)
    dead_letter(connection, workspace, GONE, name="jiwoo")
    none = doctor(connection, tmp_path)
    dead_letter(connection, workspace, CONTENT)

    found, remedy = doctor(connection, tmp_path)["dead letters"]

    assert "dead letters" not in none
    assert found == "1 surely did not arrive and may be tried again"
    assert "dangol delivery retry" in remedy
