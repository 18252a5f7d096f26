"""Alimtalk templates are registered by a command, and vendors asked how far they are."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.test_customer import ask, opened  # noqa: F401 - a fixture

from dangol.app.cli import main
from dangol.app.clock import machine_time
from dangol.app.sending_chores import template_chores
from dangol.app.settings import Settings
from dangol.app.vendor_templates import ask_templates, template_desks
from dangol.providers.nhn.fake import FakeNhn
from dangol.providers.solapi.fake import KEY, SECRET, FakeSolapi
from dangol.store.connect import connect

FILE = """name: order_received
channel: kakao_alimtalk
purpose: informational
locale: ko
subject: 주문 안내
buttons: [{"kind": "WL", "name": "보기", "mobile_url": "https://shop.example/#{주문번호}"}]
---
TEXT
---
"""


@pytest.fixture
def solapi(monkeypatch) -> Iterator[FakeSolapi]:
    with FakeSolapi(clock=machine_time) as fake:
        for name, value in fake.settings().items():
            monkeypatch.setenv(name, value)
        yield fake


def settings_of(fake: FakeSolapi, **others: object) -> Settings:
    return Settings(
        solapi_key=KEY,
        solapi_secret=SECRET,
        solapi_channel="KA01PF1",
        solapi_url=fake.url,
        **others,
    )


def apply(folder: Path, text: str = "#{이름}님, 주문을 받았어요.") -> None:
    path = folder / "order.ko.liquid"
    path.write_text(FILE.replace("TEXT", text), encoding="utf-8")
    assert main(["template", "apply", "-f", str(path)]) == 0


@pytest.fixture
def shop(opened, tmp_path, capsys) -> str:  # noqa: F811 - the fixture
    """Where a shop is that has written an Alimtalk."""
    apply(tmp_path)
    capsys.readouterr()
    return opened


def listed(capsys) -> dict:
    capsys.readouterr()
    assert main(["template", "list", "--json"]) == 0
    (found,) = [
        one for one in json.loads(capsys.readouterr().out) if one["name"] == "order_received"
    ]
    return found


def ask_again(shop: str, fake: FakeSolapi) -> int:
    with connect(shop) as connection:
        return ask_templates(connection, template_desks(settings_of(fake)))


@pytest.mark.usefixtures("shop")
def test_a_template_is_registered_once_and_its_code_kept(solapi, tmp_path, capsys):
    for _ in range(2):
        assert main(["template", "register", "order_received"]) == 0
    (code,) = solapi.shelf.kept

    # The file says no code, and takes none away.
    apply(tmp_path)

    said = listed(capsys)
    assert said["vendor_code"] == code
    assert [(one["vendor"], one["state"]) for one in said["vendors"]] == [("solapi", "inspecting")]


def test_a_registration_whose_answer_was_lost_is_found_again(shop, solapi, capsys):
    main(["template", "register", "order_received"])
    with connect(shop) as connection:
        connection.execute("update template set vendor_code = '', name = name")
        connection.commit()

    assert main(["template", "register", "order_received"]) == 0

    (code,) = solapi.shelf.kept
    assert listed(capsys)["vendor_code"] == code


def test_what_the_reviewer_says_is_polled_and_shown(shop, solapi, capsys):
    main(["template", "register", "order_received"])
    solapi.do("reject", next(iter(solapi.shelf.kept)))

    assert ask_again(shop, solapi) == 1

    capsys.readouterr()
    main(["template", "list"])
    assert "solapi: rejected (광고성 문구가 있어 반려합니다.)" in capsys.readouterr().out


@pytest.mark.usefixtures("shop")
def test_a_rejected_template_is_mended_under_its_code(solapi, tmp_path, capsys):
    main(["template", "register", "order_received"])
    solapi.do("reject", next(iter(solapi.shelf.kept)))
    apply(tmp_path, "#{이름}님, 주문이 들어왔어요.")

    assert main(["template", "register", "order_received"]) == 0

    (kept,) = solapi.shelf.kept.values()
    assert kept.said["content"] == "#{이름}님, 주문이 들어왔어요."
    assert listed(capsys)["vendors"][0]["state"] == "inspecting"


def test_a_difference_from_what_was_approved_is_shown_and_not_sent(shop, solapi, tmp_path, capsys):
    main(["template", "register", "order_received"])
    solapi.do("approve", next(iter(solapi.shelf.kept)))
    apply(tmp_path, "#{이름}님, 주문을 받았습니다.")
    ask_again(shop, solapi)

    (vendor,) = listed(capsys)["vendors"]
    assert vendor["state"] == "approved"
    assert vendor["differences"] == [
        "letter 15: ours '이름}님, 주문을 받았습니다.', theirs '이름}님, 주문을 받았어요.'"
    ]
    assert main(["template", "register", "order_received"]) == 1
    assert "cannot be changed" in capsys.readouterr().err


def test_a_template_that_is_no_longer_listed_is_gone(shop, solapi, capsys):
    main(["template", "register", "order_received"])
    solapi.shelf.kept.clear()

    ask_again(shop, solapi)

    assert listed(capsys)["vendors"][0]["state"] == "gone"


def test_a_vendor_that_does_not_answer_changes_nothing(shop, solapi, capsys):
    main(["template", "register", "order_received"])
    solapi.stop()

    assert ask_again(shop, solapi) == 0

    assert listed(capsys)["vendors"][0]["state"] == "inspecting"
    solapi.start()


def test_the_working_process_asks(shop, solapi):
    main(["template", "register", "order_received"])
    solapi.do("approve", next(iter(solapi.shelf.kept)))
    (chore,) = template_chores(settings_of(solapi))

    with connect(shop) as connection:
        chore.do(connection)

    assert ask(shop, "select provider, state::text from vendor_template") == [
        ("solapi", "approved")
    ]


@pytest.mark.usefixtures("shop", "solapi")
def test_of_two_vendors_one_is_named(monkeypatch, capsys):
    with FakeNhn(clock=machine_time) as nhn:
        for name, value in nhn.settings().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("DANGOL_NHN_SENDER_KEY", "channel")

        assert main(["template", "register", "order_received"]) == 1
        assert "--vendor solapi or nhn" in capsys.readouterr().err
        assert main(["template", "register", "order_received", "--vendor", "nhn"]) == 0

        assert list(nhn.shelf.kept) == ["order_received"]


@pytest.mark.usefixtures("shop")
def test_without_a_vendor_there_is_nowhere_to_register(capsys):
    assert main(["template", "register", "order_received"]) == 1
    assert "docs/guides/vendors.md" in capsys.readouterr().err


@pytest.mark.usefixtures("solapi")
def test_what_must_be_mended_is_not_registered(shop, capsys):
    with connect(shop) as connection:
        connection.execute("update template set body_text = '할인' where name = 'order_received'")
        connection.commit()

    assert main(["template", "register", "order_received"]) == 1
    assert "promotes" in capsys.readouterr().err
    assert main(["template", "register", "nobody"]) == 1


@pytest.mark.usefixtures("opened")
def test_the_free_number_stands_where_texts_end(capsys):
    assert main(["workspace", "opt-out-phone", "080-123-4567"]) == 0
    assert "무료수신거부 080-123-4567" in capsys.readouterr().out
    assert main(["workspace", "opt-out-phone", "02-120"]) == 1


BRAND = """name: new_coats
channel: kakao_brand
purpose: marketing
locale: ko
subject: 새 코트
---
TEXT
---
"""


@pytest.fixture
def nhn(monkeypatch) -> Iterator[FakeNhn]:
    with FakeNhn(clock=machine_time) as fake:
        for name, value in fake.settings().items():
            monkeypatch.setenv(name, value)
        yield fake


def apply_brand(folder: Path, text: str) -> None:
    path = folder / "coats.ko.liquid"
    path.write_text(BRAND.replace("TEXT", text), encoding="utf-8")
    assert main(["template", "apply", "-f", str(path)]) == 0


def register_brand(*more: str) -> int:
    return main(["template", "register", "new_coats", "--channel", "kakao_brand", *more])


def test_a_brand_message_is_kept_at_nhn_and_changed_there(shop, nhn, tmp_path, capsys):
    apply_brand(tmp_path, "#{이름}님, 새 코트예요.")
    assert register_brand() == 0
    apply_brand(tmp_path, "#{이름}님, 새 코트가 왔어요.")

    assert register_brand() == 0

    ((code, kept),) = nhn.brand.kept.items()
    assert kept.said["content"] == "#{이름}님, 새 코트가 왔어요."
    assert "approved" in capsys.readouterr().out
    rows = "select provider, channel::text, code, state::text from vendor_template"
    assert ask(shop, rows) == [("nhn", "kakao_brand", code, "approved")]


def test_both_kinds_are_asked_about_and_neither_makes_the_other_gone(shop, nhn, tmp_path):
    apply_brand(tmp_path, "#{이름}님, 새 코트예요.")
    register_brand()
    main(["template", "register", "order_received"])
    nhn.do("approve", "order_received")
    nhn.do("stop", next(iter(nhn.brand.kept)))
    settings = Settings(
        nhn_kakao_app_key="fake-nhn-app",
        nhn_kakao_secret="fake-nhn-secret",  # noqa: S106 - of a fake
        nhn_kakao_url=nhn.url,
        nhn_sender_key="channel",
    )
    (chore,) = template_chores(settings)

    with connect(shop) as connection:
        chore.do(connection)

    rows = "select channel::text, state::text from vendor_template order by 1"
    assert ask(shop, rows) == [("kakao_alimtalk", "approved"), ("kakao_brand", "stopped")]


@pytest.mark.usefixtures("shop", "solapi")
@pytest.mark.parametrize("vendor", ["solapi", "bizgo", ""])
def test_where_no_brand_message_is_kept_it_says_why(vendor, tmp_path, capsys):
    apply_brand(tmp_path, "#{이름}님, 새 코트예요.")

    assert register_brand(*(("--vendor", vendor) if vendor else ())) == 1

    said = " ".join(capsys.readouterr().err.split())
    assert "kept at NHN alone" in said
    assert "Bizgo sends no" in said if vendor != "solapi" else "SOLAPI has no call" in said


@pytest.mark.usefixtures("shop", "nhn")
def test_a_brand_message_of_free_form_is_not_registered(tmp_path, capsys):
    apply_brand(tmp_path, '{{ customer.name | default: "고객" }}님, 새 코트예요.')

    assert register_brand() == 1

    assert "written #{name}" in capsys.readouterr().err
