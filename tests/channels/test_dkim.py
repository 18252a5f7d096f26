"""Signatures, judged by an implementation that is not ours."""

from datetime import UTC, datetime

import dkim
import pytest
from tests.build import TEST_VAULT, template
from tests.channels.sending import POST, allowed_message, claim

from dangol.channels.dkim import Signer, make_key, public_record, read_key, signers_for, write_key
from dangol.channels.links import find_links
from dangol.channels.mould import Post, cast_mould
from dangol.channels.render import render
from dangol.content.template import read_templates
from dangol.store.workspace import read_workspace

# A signature from the future would not hold yet.
PAST = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
KEYS = {kind: make_key(kind) for kind in ("rsa", "ed25519")}
SUBJECT = "{{ customer.name }}님, 아주 긴 제목이라 여러 줄로 접혀야 하는 인사말을 보내 드려요"


def signer(kind: str) -> Signer:
    return Signer(domain="shop.example", selector=kind, key=KEYS[kind])


def signed(connection, workspace, *kinds: str, **parts: str) -> bytes:
    """A signed mail of the shop."""
    used = template(connection, workspace, **parts)
    allowed_message(connection, workspace, template_id=used)
    (claimed,) = claim(connection, workspace)
    post = Post(
        base_url=POST.base_url,
        bounce_domain=POST.bounce_domain,
        signers=tuple(signer(kind) for kind in kinds),
    )
    mould = cast_mould(
        read_templates(connection, template_ids=[used])[used],
        workspace=read_workspace(connection, workspace_id=workspace),
        post=post,
    )
    links = find_links(connection, workspace_id=workspace, urls=mould.links)
    return render(
        claimed, mould=mould, post=post, link_ids=links, vault=TEST_VAULT, now=PAST
    ).as_mail()


def records(name: bytes, **_: object) -> bytes | None:
    """The DNS, as far as it matters here."""
    found = {f"{kind}._domainkey.shop.example.": key for kind, key in KEYS.items()}
    key = found.get(name.decode())
    return public_record(key).encode() if key else None


def holds(mail: bytes, *, number: int = 0) -> bool:
    try:
        return dkim.DKIM(mail).verify(idx=number, dnsfunc=records)
    except dkim.ValidationError:
        return False


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
@pytest.mark.parametrize("purpose", ["marketing", "informational"])
def test_a_receiver_finds_the_signature_good(connection, workspace, kind, purpose):
    assert holds(signed(connection, workspace, kind, purpose=purpose, subject=SUBJECT))


def test_a_domain_with_two_keys_signs_with_both(connection, workspace):
    mail = signed(connection, workspace, "rsa", "ed25519")

    assert mail.count(b"DKIM-Signature:") == 2
    assert holds(mail, number=0)
    assert holds(mail, number=1)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click", b"List-Unsubscribe-Post: no"),
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
        (b"List-Unsubscribe: <https://dangol", b"List-Unsubscribe: <https://elsewhere"),
        (b"To: minji@", b"To: jiwoo@"),
        (b"Feedback-ID: ", b"Feedback-ID: 9"),
        (b"boundary=", b"x=1; boundary="),
        (b"\r\n\r\n", b"\r\n\r\nMore.\r\n"),
        (b"Subject: ", b"Subject: Again\r\nSubject: "),
        (b"From: ", b"From: other@shop.example\r\nFrom: "),
    ],
)
def test_whoever_alters_a_mail_breaks_its_signature(connection, workspace, was, becomes):
    mail = signed(connection, workspace, "rsa")
    assert was in mail

    assert not holds(mail.replace(was, becomes, 1))


def test_nobody_can_add_a_way_out_to_a_mail_without_one(connection, workspace):
    mail = signed(connection, workspace, "rsa", purpose="informational")

    added = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nDate: "

    assert not holds(mail.replace(b"Date: ", added, 1))


def test_lines_folded_anew_on_the_way_change_nothing(connection, workspace):
    mail = signed(connection, workspace, "rsa", subject=SUBJECT)

    assert holds(mail.replace(b"=?=\r\n =?", b"=?=\r\n\t =?"))


def test_a_mail_of_a_domain_without_a_key_is_not_signed(connection, workspace):
    assert b"DKIM-Signature" not in signed(connection, workspace)


def test_the_nearest_domain_signs():
    above, own = signer("rsa"), Signer(domain="news.shop.example", selector="s", key=KEYS["rsa"])

    assert signers_for("news.shop.example", [above, own]) == (own,)
    assert signers_for("other.shop.example", [above, own]) == (above,)
    assert signers_for("shop.example.com", [above, own]) == ()


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_key_is_read_as_it_was_written(kind):
    assert public_record(read_key(write_key(KEYS[kind]))) == public_record(KEYS[kind])


def test_a_file_that_is_no_key_is_refused():
    with pytest.raises(ValueError, match=r"key|PEM|deserialize"):
        read_key(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
