"""Templates go from files into a workspace, with what the guard judges them by."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from tests.app.test_customer import ask, opened  # noqa: F401 - a fixture
from tests.pictures import jpeg, png

from dangol.app.cli import main
from dangol.content.library import parse_template

HEAD = """name: coupons
channel: email
purpose: marketing
locale: ko
subject: 이번 달 쿠폰이에요
"""
BODY = "---\n안녕하세요.\n---\n<p>안녕하세요.</p>\n"
MARKS = "topic: coupons\nexpected_value: 1200.5\nlast_chance: yes\nsimilar_goods: yes\n"


@pytest.fixture
def shop(opened) -> str:  # noqa: F811 - the fixture
    """Where a shop is that writes about coupons."""
    named = ("--title-ko", "쿠폰", "--title-en", "Coupons")
    assert main(["topic", "add", "coupons", *named]) == 0
    return opened


def file(folder: Path, marks: str = "", *, name: str = "coupons") -> str:
    path = folder / f"{name}.ko.liquid"
    path.write_text(HEAD.replace("coupons", name) + marks + BODY, encoding="utf-8")
    return str(path)


def kept(shop: str) -> list[tuple]:
    return ask(
        shop,
        "select template.name, topic.name, expected_value::float, last_chance,"
        " template.similar_goods from template left join topic on topic_id = topic.id"
        " where template.name in ('coupons', 'other') order by 1",
    )


def test_what_a_file_says_is_kept_listed_and_taken_back(shop, tmp_path, capsys):
    assert main(["template", "apply", "-f", file(tmp_path, MARKS)]) == 0
    assert kept(shop) == [("coupons", "coupons", 1200.5, True, True)]
    capsys.readouterr()

    assert main(["template", "list", "--json"]) == 0
    (listed,) = [one for one in json.loads(capsys.readouterr().out) if one["name"] == "coupons"]
    assert {name: listed[name] for name in ("topic", "expected_value", "last_chance")} == {
        "topic": "coupons",
        "expected_value": "1200.5",
        "last_chance": True,
    }
    assert main(["template", "list"]) == 0
    assert (
        "coupons (email, marketing, ko); topic coupons; expected value 1200.5; last chance; "
        "similar goods\n"
    ) in capsys.readouterr().out

    assert main(["template", "apply", "-f", file(tmp_path)]) == 0
    assert kept(shop) == [("coupons", None, 0, False, False)]


def test_an_unknown_topic_keeps_all_files_out(shop, tmp_path, capsys):
    good = file(tmp_path, MARKS)
    bad = file(tmp_path, "topic: shoes\n", name="other")

    assert main(["template", "apply", "-f", good, "-f", bad]) != 0

    assert kept(shop) == []
    said = capsys.readouterr().err
    assert "other.ko.liquid" in said
    assert "topic add shoes" in said


def test_what_must_be_mended_is_refused(shop, tmp_path, capsys):
    path = Path(file(tmp_path))
    path.write_text(path.read_text(encoding="utf-8").replace("안녕", "{{ 안녕"), encoding="utf-8")

    assert main(["template", "apply", "-f", str(path)]) != 0

    assert kept(shop) == []
    assert "coupons.ko.liquid" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("last_chance: maybe", "last_chance is 'maybe'; write yes or no"),
        ("similar_goods: true", "similar_goods is 'true'; write yes or no"),
        ("expected_value: 1,200", "expected_value is '1,200'; write"),
        ("expected_value: -1", "expected_value is '-1'; write"),
        ("expected_value: NaN", "expected_value is 'NaN'; write"),
        ("expected_value: 1e99", "expected_value is '1e99'; write"),
        ("last_chanse: yes", "a field 'last_chanse', which there is not; the fields are"),
    ],
)
def test_a_field_that_cannot_be_is_refused_by_name(line, said):
    with pytest.raises(ValueError, match=said):
        parse_template(f"{HEAD}{line}\n{BODY}")


TEXT = (
    HEAD.replace("email", "sms").replace("coupons", "sale") + "image: {}\n---\n새 옷이에요.\n---\n"
)


def text_with(folder: Path, image: str, content: bytes | None = None) -> str:
    """A text message's file, and the picture that it names beside it."""
    if content is not None:
        (folder / image).write_bytes(content)
    path = folder / "sale.ko.liquid"
    path.write_text(TEXT.format(image), encoding="utf-8")
    return str(path)


def test_a_picture_beside_a_template_is_kept_once_and_linted_from_there(shop, tmp_path):
    file = text_with(tmp_path, "sale.jpg", jpeg(640, 480))

    assert main(["template", "apply", "-f", file]) == 0
    assert main(["template", "apply", "-f", file]) == 0

    held = "select kind, width, height, content from picture"
    assert [(*row[:3], bytes(row[3])) for row in ask(shop, held)] == [
        ("jpeg", 640, 480, jpeg(640, 480))
    ]
    shown = "select encode(picture_hash, 'hex') from template where name = 'sale'"
    ((name,),) = ask(shop, shown)
    assert name == sha256(jpeg(640, 480)).hexdigest()
    # Another file may name it by its hash, without the picture.
    assert main(["template", "apply", "-f", text_with(tmp_path, name)]) == 0
    assert ask(shop, shown) == [(name,)]
    assert main(["lint"]) == 0


@pytest.mark.parametrize(
    ("image", "content", "said"),
    [
        ("sale.jpg", png(), "image: it is PNG. Export it as JPEG: an MMS shows no other."),
        ("sale.jpg", b"GIF89a", "neither JPEG nor PNG"),
        ("sale.jpg", None, "image: sale.jpg cannot be read"),
        ("../sale.jpg", None, "put the picture beside the template"),
        ("0" * 64, None, "the shop has no picture"),
        ("sale.jpg", jpeg(size=20_000_001), "is larger than 20,000,000 bytes"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_named_and_nothing_kept(
    shop, tmp_path, capsys, image, content, said
):
    assert main(["template", "apply", "-f", text_with(tmp_path, image, content)]) == 1

    assert said in " ".join(capsys.readouterr().err.split())
    assert ask(shop, "select 1 from picture") == []


BUBBLE = """name: knit
channel: kakao_brand
purpose: marketing
locale: ko
subject: 니트
image: knit.png
bubble: commerce
targeting: consented_and_friends
commerce: {"title": "니트", "regular_price": 39000}
buttons: [{"kind": "WL", "name": "보기", "mobile_url": "https://shop.example/knit"}]
---
무료 배송
---
"""


@pytest.mark.usefixtures("shop")
def test_a_vendor_that_has_no_word_for_whom_it_is_for_is_named(tmp_path, capsys, monkeypatch):
    (tmp_path / "knit.png").write_bytes(png(800, 800))
    path = tmp_path / "knit.ko.liquid"
    path.write_text(BUBBLE, encoding="utf-8")

    assert main(["lint", "-f", str(path)]) == 0
    monkeypatch.setenv("DANGOL_SOLAPI_KEY", "key")
    assert main(["lint", "-f", str(path)]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "targeting: SOLAPI has no word for consented_and_friends." in said
    monkeypatch.setenv("DANGOL_BIZGO_KEY", "key")
    assert main(["lint", "-f", str(path)]) == 0
    assert "advice: SOLAPI has no word" in " ".join(capsys.readouterr().out.split())


def test_a_preview_shows_the_picture_the_bubble_and_the_mark(shop, tmp_path, capsys):
    (tmp_path / "knit.png").write_bytes(png(800, 800))
    path = tmp_path / "knit.ko.liquid"
    path.write_text(BUBBLE, encoding="utf-8")
    both = ("-f", str(path), "-f", text_with(tmp_path, "sale.jpg", jpeg(640, 480)))
    assert main(["template", "apply", *both]) == 0
    capsys.readouterr()

    assert main(["template", "preview", "knit", "--save", str(tmp_path / "out.png")]) == 0
    size = len(png(800, 800))
    assert capsys.readouterr().out.splitlines() == [
        "knit: kakao_brand, commerce bubble, for consented_and_friends",
        f"[png 800 x 800, {size:,} bytes]",
        "니트  39,000 KRW",
        "무료 배송",
        "[보기] https://shop.example/knit",
    ]
    assert (tmp_path / "out.png").read_bytes() == png(800, 800)
    assert main(["template", "preview", "sale"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("sale: MMS\n[jpeg 640 x 480, ")
    assert "(광고)" in said
    assert main(["template", "list"]) == 0
    listed = capsys.readouterr().out
    assert "picture 800 x 800; commerce bubble; for consented_and_friends" in listed
    assert ask(shop, "select count(*) from picture") == [(2,)]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing",), "There is no template 'nothing'"),
        (("coupons", "--save", "x.png"), "coupons shows no picture"),
    ],
)
def test_what_cannot_be_previewed_is_named(tmp_path, capsys, arguments, said):
    assert main(["template", "apply", "-f", file(tmp_path)]) == 0

    assert main(["template", "preview", *arguments]) == 1
    assert said in " ".join(capsys.readouterr().err.split())
