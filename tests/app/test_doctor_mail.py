"""Will receivers believe our mail? Asked of a DNS that this test writes."""

from dataclasses import dataclass, field

import pytest

from dangol.app.dkim import record_of
from dangol.app.dkim_files import add_key, dkim_folder, use_key
from dangol.app.doctor_mail import Zone, examine_mail
from dangol.app.settings import Settings
from dangol.app.zone import ZoneError, is_same_record, read_tags

DOMAIN = "dangol.kr"
SPF = "v=spf1 include:relay.example -all"


@dataclass
class Records:
    """What stands in the DNS."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    servers: list[str] = field(default_factory=lambda: ["mx.dangol.kr."])

    def zone(self) -> Zone:
        return Zone(
            texts=lambda name: self.texts.get(name, []), mail_servers=lambda _: self.servers
        )


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(data_folder=tmp_path, smtp_url="smtp://localhost", bounce_domain=f"b.{DOMAIN}")


@pytest.fixture
def good(settings) -> Records:
    """Everything as it should be."""
    folder, shop = dkim_folder(settings), {"domain": DOMAIN, "selector": "ed"}
    name, value = record_of(DOMAIN, "ed", add_key(folder, **shop, kind="ed25519"))
    use_key(folder, **shop)
    return Records(
        texts={
            f"b.{DOMAIN}": ["other=1", SPF],
            name: [value.replace("; ", ";")],
            f"_dmarc.{DOMAIN}": ["v=DMARC1; p=quarantine; adkim=s"],
        }
    )


def examine(connection, settings, records: Records) -> dict[str, tuple[str, str]]:
    connection.execute("update workspace set sender_email = %s", (f"hello@{DOMAIN}",))
    told = examine_mail(connection, settings, records.zone())
    return {check.split(" ")[0]: (found, remedy) for check, found, remedy in told}


@pytest.mark.usefixtures("workspace")
def test_where_all_is_well_nothing_is_to_be_done(connection, settings, good):
    told = examine(connection, settings, good)

    assert {remedy for _, remedy in told.values()} == {""}
    assert list(told) == ["SPF", "DKIM", "DMARC", "return"]


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("name", "texts", "check", "remedy"),
    [
        (f"b.{DOMAIN}", [], "SPF", f'Set b.{DOMAIN}. TXT "v=spf1'),
        (f"b.{DOMAIN}", [SPF, SPF], "SPF", "Join the 2 records"),
        (f"b.{DOMAIN}", ["v=spf1 +all"], "SPF", "-all"),
        (f"ed._domainkey.{DOMAIN}", [], "DKIM", f"Set ed._domainkey.{DOMAIN}. TXT"),
        (f"ed._domainkey.{DOMAIN}", ["v=DKIM1; p=AAAA"], "DKIM", "p="),
        (f"_dmarc.{DOMAIN}", [], "DMARC", f'Set _dmarc.{DOMAIN}. TXT "v=DMARC1'),
    ],
)
def test_what_is_missing_is_named_with_the_record_to_set(
    connection, settings, good, name, texts, check, remedy
):
    good.texts[name] = texts

    told = examine(connection, settings, good)

    assert remedy in told[check][1]


@pytest.mark.usefixtures("workspace")
def test_without_a_key_a_foreign_return_path_is_not_aligned(connection, tmp_path):
    settings = Settings(
        data_folder=tmp_path, smtp_url="smtp://localhost", bounce_domain="relay.example.net"
    )
    records = Records(texts={f"_dmarc.{DOMAIN}": ["v=DMARC1; p=reject"]})

    told = examine(connection, settings, records)

    assert f"dangol dkim make {DOMAIN}" in told["DKIM"][1]
    assert "aligned" in told["DMARC"][0]


@pytest.mark.usefixtures("workspace")
def test_a_key_that_waits_is_told_how_to_be_used(connection, settings):
    add_key(dkim_folder(settings), domain=DOMAIN, selector="ed", kind="ed25519")

    told = examine(connection, settings, Records())

    assert f"dangol dkim use {DOMAIN} --selector ed" in told["DKIM"][1]


@pytest.mark.usefixtures("workspace")
def test_where_nothing_takes_returned_mail_that_is_said(connection, settings, good):
    good.servers = []

    assert "MX 10" in examine(connection, settings, good)["return"][1]


@pytest.mark.usefixtures("workspace")
def test_without_a_resolver_nothing_is_claimed(connection, settings):
    def silent(name: str) -> list[str]:
        raise ZoneError(f"No name server answered for {name}.")

    connection.execute("update workspace set sender_email = %s", (f"hello@{DOMAIN}",))
    told = list(examine_mail(connection, settings, Zone(texts=silent)))

    assert [(check, remedy) for check, _, remedy in told] == [(f"mail of {DOMAIN}", "")]


@pytest.mark.usefixtures("workspace")
def test_a_demonstrations_domain_is_not_asked_about(connection, settings):
    connection.execute("update workspace set sender_email = 'hello@shop.example'")

    assert list(examine_mail(connection, settings, Records().zone())) == []


@pytest.mark.parametrize(
    ("found", "same"),
    [
        ("v=DKIM1;k=rsa;p=AB CD", True),
        ("p=ABCD", True),
        ("v=DKIM1; k=rsa; p=", False),
        ("v=DKIM1; k=rsa; p=ABCE", False),
    ],
)
def test_a_key_record_is_the_same_however_it_is_spaced(found, same):
    assert is_same_record(found, "v=DKIM1; k=rsa; p=ABCD") is same
    assert not is_same_record(found, "v=DKIM1; k=rsa; p=")


def test_of_equal_tags_the_first_counts():
    assert read_tags("v=DMARC1; p=none; p=reject") == {"v": "DMARC1", "p": "none"}
