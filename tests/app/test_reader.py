from collections import Counter

from dangol.app.reader import CLICKED, OPENED, UNSUBSCRIBED, Mailbag, find_links, wishes_for

MANY = 20_000
MAIL = (
    b"Message-ID: <abc@shop.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b'<a href="http://127.0.0.1:8700/c/tok-en_1">x</a>'
    b'<a href="http://127.0.0.1:8700/u/tok-en_2">y</a>'
    b'<img src="http://127.0.0.1:8700/o/tok-en_3.gif">'
)


def test_the_same_mail_always_has_the_same_reader():
    assert [wishes_for(str(i)) for i in range(100)] == [wishes_for(str(i)) for i in range(100)]


def test_readers_keep_to_the_stated_shares():
    counts = Counter(wish for i in range(MANY) for wish in wishes_for(f"<{i}@shop.example>"))

    shares = {wish: count / MANY for wish, count in counts.items()}
    assert abs(shares["opened"] - OPENED) < 0.01
    assert abs(shares["clicked"] - CLICKED) < 0.01
    assert abs(shares["unsubscribed"] - UNSUBSCRIBED) < 0.005


def test_a_mails_tracked_links_are_found_by_kind():
    assert dict(find_links(MAIL)) == {
        "c": "http://127.0.0.1:8700/c/tok-en_1",
        "u": "http://127.0.0.1:8700/u/tok-en_2",
        "o": "http://127.0.0.1:8700/o/tok-en_3.gif",
    }


def test_a_mail_is_found_by_what_we_called_it_also_when_it_arrives_later(tmp_path):
    mailbag = Mailbag(folder=tmp_path)
    before = mailbag.find("<abc@shop.example>")

    (tmp_path / "00000001-a.eml").write_bytes(b"X-Envelope-To: a@b.example\r\n" + MAIL)

    assert before is None
    assert mailbag.find("abc@shop.example") == tmp_path / "00000001-a.eml"
