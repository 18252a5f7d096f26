"""What the doctor finds at vendors in Korea, each of which is a fake that is not in order."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from tests.build import NOON, template

from dangol.app.clock import machine_time
from dangol.app.doctor_vendors import examine_templates, examine_vendors
from dangol.app.settings import Settings, load_settings
from dangol.channels.approvals import keep_templates
from dangol.providers.bizgo.fake import FakeBizgo
from dangol.providers.nhn.fake import FakeNhn
from dangol.providers.solapi.fake import FakeSolapi
from dangol.providers.template_desk import VendorTemplate
from dangol.providers.wire.fake import FakeVendor
from dangol.store.vocabulary import TemplateState

CHANNELS = {"solapi": "KA01PF-OTHER", "nhn": "0" * 40, "bizgo": "other"}


@pytest.fixture
def fakes() -> Iterator[dict[str, FakeVendor]]:
    with ExitStack() as stack:
        opened = [
            stack.enter_context(make(clock=machine_time))
            for make in (FakeSolapi, FakeNhn, FakeBizgo)
        ]
        opened[0].numbers.add("021201234")
        yield {fake.name: fake for fake in opened}


def settings_of(fakes: dict[str, FakeVendor], tmp_path, **changes: str) -> Settings:
    named = {name: value for fake in fakes.values() for name, value in fake.settings().items()}
    return load_settings(named | changes, folder=tmp_path)


def examine(settings: Settings) -> dict[str, tuple[str, str]]:
    return {check: (found, remedy) for check, found, remedy in examine_vendors(settings)}


def amiss(settings: Settings) -> dict[str, str]:
    return {check: found for check, (found, remedy) in examine(settings).items() if remedy}


def test_what_is_in_order_needs_nobody(fakes, tmp_path):
    told = examine(settings_of(fakes, tmp_path))

    assert [check for check, (_, remedy) in told.items() if remedy] == []
    assert told["solapi account"][0] == "lets us in; 1,000,000 KRW left"
    assert told["solapi sender number"][0] == "02-120-1234 is registered"
    assert {f"{name} Kakao channel" for name in fakes} <= set(told)
    assert {f"{name} clock" for name in fakes} <= set(told)


def test_without_vendors_nothing_is_asked():
    assert examine_vendors(Settings()) == []


def test_a_clock_that_is_wrong_is_found_at_every_vendor(fakes, tmp_path):
    for fake in fakes.values():
        fake.ahead = timedelta(minutes=5)

    told = amiss(settings_of(fakes, tmp_path))

    assert set(told) == {f"{name} clock" for name in fakes}
    assert all("-30" in found or "-299" in found for found in told.values())


def test_an_account_that_runs_dry_is_to_be_charged(fakes, tmp_path):
    fakes["solapi"].balance = 9_999.0

    assert amiss(settings_of(fakes, tmp_path)) == {"solapi account": "lets us in; 9,999 KRW left"}


def test_a_number_that_is_not_registered_is_found(fakes, tmp_path):
    fakes["solapi"].numbers = {"021200000"}
    fakes["nhn"].numbers.clear()

    assert set(amiss(settings_of(fakes, tmp_path))) == {
        "solapi sender number", "nhn sender number",
    }  # fmt: skip


def test_a_channel_that_is_another_is_found(fakes, tmp_path):
    told = amiss(
        settings_of(
            fakes,
            tmp_path,
            DANGOL_SOLAPI_CHANNEL=CHANNELS["solapi"],
            DANGOL_NHN_SENDER_KEY=CHANNELS["nhn"],
            DANGOL_BIZGO_SENDER_KEY=CHANNELS["bizgo"],
        )
    )

    assert set(told) == {"solapi Kakao channel", "nhn kakao", "bizgo account"}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"block": True}, "is blocked"),
        ({"dormant": True}, "is dormant"),
        ({"profileStatus": "C", "kakaoProfileStatus": "C"}, "is not active (C)"),
    ],
)
def test_a_channel_that_may_not_send_is_found(fakes, tmp_path, said, found):
    for name in ("nhn", "bizgo"):
        fakes[name].channel.update(said)

    told = amiss(settings_of(fakes, tmp_path))

    assert set(told) == {"nhn Kakao channel", "bizgo Kakao channel"}
    assert all(one.endswith(found) for one in told.values())


def test_a_console_that_sends_texts_instead_is_found(fakes, tmp_path):
    fakes["nhn"].channel["alimtalk"] = {"isResend": True}

    assert set(amiss(settings_of(fakes, tmp_path))) == {"nhn fallback"}


def test_a_wrong_key_says_which_setting_to_look_at(fakes, tmp_path):
    told = examine(
        settings_of(
            fakes,
            tmp_path,
            DANGOL_SOLAPI_SECRET="other",  # noqa: S106 - a wrong one
            DANGOL_NHN_KAKAO_SECRET="other",  # noqa: S106 - a wrong one
            DANGOL_NHN_SMS_SECRET="other",  # noqa: S106 - a wrong one
            DANGOL_BIZGO_KEY="other",
        )
    )

    assert "DANGOL_SOLAPI_SECRET" in told["solapi account"][1]
    assert "DANGOL_NHN_KAKAO_SECRET" in told["nhn kakao"][1]
    assert "DANGOL_NHN_SMS_SECRET" in told["nhn sms"][1]
    assert "DANGOL_BIZGO_KEY" in told["bizgo account"][1]


def test_what_is_not_set_is_named(fakes, tmp_path):
    told = amiss(
        settings_of(
            fakes,
            tmp_path,
            DANGOL_SOLAPI_NUMBER="",
            DANGOL_NHN_SENDER_KEY="",
            DANGOL_BIZGO_SENDER_KEY="",
        )
    )

    assert told == {
        "solapi sender number": "none is set",
        "nhn Kakao channel": "none is set",
        "bizgo Kakao channel": "none is set",
    }


def test_a_vendor_that_is_away_is_said_to_be(fakes, tmp_path):
    settings = settings_of({"bizgo": fakes["bizgo"]}, tmp_path)
    fakes["bizgo"].stop()

    assert set(amiss(settings)) == {"bizgo clock", "bizgo account"}
    fakes["bizgo"].start()


@pytest.mark.parametrize(
    ("code", "state", "text", "said"),
    [
        ("", TemplateState.APPROVED, "안녕", "no vendor keeps it"),
        ("OTHER", TemplateState.APPROVED, "안녕", "no vendor lists OTHER"),
        ("T1", TemplateState.INSPECTING, "안녕", "solapi: inspecting"),
        ("T1", TemplateState.REJECTED, "안녕", "solapi: rejected (광고)"),
        ("T1", TemplateState.APPROVED, "안뇽", "solapi keeps another text: letter 2"),
        ("T1", TemplateState.APPROVED, "안녕", "all are approved"),
    ],
)
def test_templates_are_compared_with_what_vendors_keep(
    connection, workspace, fakes, tmp_path, code, state, text, said
):
    template(
        connection,
        workspace,
        name="order",
        channel="kakao_alimtalk",
        purpose="informational",
        body_text="안녕",
    )
    connection.execute("update template set vendor_code = %s where name = 'order'", (code,))
    comment = "광고" if state is TemplateState.REJECTED else ""
    kept = VendorTemplate(code="T1", name="order", text=text, state=state, comment=comment)
    keep_templates(connection, [kept], provider="solapi", now=NOON)

    ((_, found, remedy),) = examine_templates(
        connection, settings_of(fakes, tmp_path), workspace_ids=[workspace]
    )

    assert found.startswith(said)
    assert bool(remedy) == (said != "all are approved")
