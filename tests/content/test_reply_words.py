"""Which replies ask for no more."""

import pytest

from dangol.content.reply_words import STOP_WORDS, means_stop


@pytest.mark.parametrize(
    "reply",
    [
        *sorted(STOP_WORDS),
        " STOP! ",
        "Stop.",
        "수신 거부",
        "[수신거부]",
        "그만 보내세요!!",
        "ＳＴＯＰ",  # noqa: RUF001 - as a Korean keyboard types it
        "앞으로 광고는 수신 거부 하겠습니다",
        "please unsubscribe me",
        "수신을 거부합니다",
    ],
)
def test_these_ask_for_no_more(reply):
    assert means_stop(reply)


@pytest.mark.parametrize(
    "reply",
    ["", "네", "감사합니다", "배송 언제 오나요?", "stop by the shop", "거부감 없는 향이네요", "1"],
)
def test_these_do_not(reply):
    assert not means_stop(reply)
