"""What an answer means is told by rules; whoever is cross is cross, however they put it."""

import pytest

from dangol.content.replies import judge_reply
from dangol.store.vocabulary import ReplyKind

QUESTIONS = (
    "이 제품 재고 있나요?",
    "배송은 언제 되는지 궁금해요",
    "사이즈 교환 가능할까요",
    "환불하고 싶은데 어떻게 하면 되나요",
    "반품하려고 합니다",
    "감사합니다. 그런데 색상은 몇 가지예요?",
    "When will it ship?",
    "can I change the address",
    "Please let me know how long it lasts",
    "I would like a refund",
)
COMPLAINTS = (
    "배송이 너무 늦어요",
    "물건이 파손돼서 왔어요",
    "왜 아직도 안 왔나요?",
    "정말 실망했습니다",
    "마음에 안 들어요",
    "불량품을 보내셨네요",
    "화가 나네요",
    "It arrived broken.",
    "I am very disappointed, when do I get my money back?",
    "My order has not arrived",
    "You sent the wrong size",
    "not happy with this",
)
THANKS = (
    "감사합니다",
    "고마워요~ 잘 받았습니다",
    "너무 예뻐요",
    "마음에 들어요",
    "Thank you so much!",
    "love it",
    "Perfect, thanks",
)
OTHERS = ("", "네", "ok", "010-0000-0000", "내일 전화 주세요", "👍" * 3, "\x00\x01")


@pytest.mark.parametrize(
    ("kind", "reply"),
    [
        *((ReplyKind.QUESTION, text) for text in QUESTIONS),
        *((ReplyKind.COMPLAINT, text) for text in COMPLAINTS),
        *((ReplyKind.THANKS, text) for text in THANKS),
        *((ReplyKind.OTHER, text) for text in OTHERS),
    ],
)
def test_an_answer_is_of_the_kind_a_reader_would_say(kind, reply):
    assert judge_reply(reply) is kind


def test_a_wide_letter_is_read_as_the_narrow_one():
    assert judge_reply("재고 있어요\N{FULLWIDTH QUESTION MARK}") is ReplyKind.QUESTION
