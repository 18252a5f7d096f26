from tests.console.shop import fill_mailbox

from dangol.console.mailbox import PAGE

MAIL = "00000001-abcdef12"


def test_an_empty_folder_is_an_empty_mailbox(member):
    assert member.get("/api/mailbox").json() == {
        "available": True,
        "total": 0,
        "mails": [],
        "next_cursor": None,
    }


def test_without_a_demo_there_is_no_mailbox(member):
    member.app.state.mailbox_folder = None

    assert not member.get("/api/mailbox").json()["available"]
    assert not member.get("/api/session").json()["has_mailbox"]
    assert member.get(f"/api/mailbox/{MAIL}").status_code == 404


def test_mails_are_listed_newest_first_page_by_page(member, mailbox):
    fill_mailbox(mailbox, mails=PAGE + 1)

    first = member.get("/api/mailbox").json()
    second = member.get("/api/mailbox", params={"cursor": first["next_cursor"]}).json()

    assert first["total"] == PAGE + 1
    assert first["mails"][0]["subject"] == "(광고) 오랜만이에요"
    assert [mail["id"] for mail in second["mails"]] == [MAIL]
    assert second["next_cursor"] is None


def test_a_mail_is_read_as_the_customer_got_it(member, mailbox):
    fill_mailbox(mailbox)

    mail = member.get(f"/api/mailbox/{MAIL}").json()

    assert (mail["sender"], mail["to"]) == ("단골 상점 <hello@shop.example>", "minji@shop.example")
    assert mail["text"].strip() == "잘 지내셨나요?"
    assert {"name": "List-Unsubscribe", "value": "<https://shop.example/u/token>"} in mail[
        "headers"
    ]


def test_a_mails_html_can_run_nothing(member, mailbox):
    fill_mailbox(mailbox)

    page = member.get(f"/api/mailbox/{MAIL}/html")

    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert '<base target="_blank">' in page.text


def test_nothing_outside_the_folder_is_read(member, mailbox):
    fill_mailbox(mailbox)
    outside = ("..%2F..%2Fetc%2Fpasswd", "%2e%2e", ".hidden", "gone-00000000", "a%00b")

    answers = {mail: member.get(f"/api/mailbox/{mail}").status_code for mail in outside}

    assert answers == dict.fromkeys(outside, 404)


def test_a_mail_without_a_date_or_html_is_shown_all_the_same(member, mailbox):
    mailbox.mkdir()
    (mailbox / f"{MAIL}.eml").write_bytes(b"Subject: bare\r\n\r\nJust text\r\n")

    mail = member.get(f"/api/mailbox/{MAIL}").json()
    page = member.get(f"/api/mailbox/{MAIL}/html")

    assert (mail["at"], mail["has_html"], mail["text"].strip()) == (None, False, "Just text")
    assert page.text == '<base target="_blank">'
