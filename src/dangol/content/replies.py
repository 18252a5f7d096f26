"""What somebody means who answers a message: by a few rules that can be read, in two languages.

Only the kind is kept, never the words. Whether they want no more is for ``reply_words`` to say.
"""

import re
import unicodedata
from typing import Final

from dangol.store.vocabulary import ReplyKind

LONGEST: Final = 2_000
COMPLAINT: Final = re.compile(
    r"불만|짜증|화(?:가\s*)?(?:나|납|났)|실망|최악|엉망|별로(?:예요|에요|네요|입니다|다)|불쾌|사기|고장|"
    r"파손|깨(?:졌|져|진)|하자|불량|늦(?:어요|네요|었|게\s*왔)|신고(?:하|할)|소비자원|클레임|안\s*좋|"
    r"잘못\s*(?:왔|배송|보내|된)|(?:안|못)\s*(?:왔|와요|오네|받았)|마음에\s*(?:안|들지)|맘에\s*(?:안|들지)|"
    r"만족스럽지|왜\s*이렇게|너무하|"
    r"disappoint|terrible|awful|horrible|worst|angry|annoy|unacceptable|broken|damaged|defective|"
    r"(?:never|not|n'?t)\s+(?:yet\s+)?(?:arriv|receive|work|get|got|come)|wrong\s+(?:item|size|order|"
    r"address|colou?r)|scam|fraud|rip-?off|complain|unhappy|not\s+(?:great|good|happy|satisfied|ok)|"
    r"too\s+(?:late|slow)",
    re.IGNORECASE,
)
QUESTION: Final = re.compile(
    r"[?]|궁금|문의|알려\s*(?:주|줘)|어떻게|언제|어디|얼마|몇\s|가능(?:한가|할까|한지|해요)|"
    r"(?:나요|까요|가요|ㄴ지요|는지)\s*[.!~]*\s*$|환불|교환|반품|취소\s*(?:해|하고)|"
    r"^\s*(?:what|when|where|who|why|how|which|can|could|do|does|did|is|are|will|would|may|should)\b|"
    r"\bhow\s+(?:much|many|do|can|long)|wonder|let me know|please\s+(?:tell|advise)|refund|"
    r"exchange",
    re.IGNORECASE | re.MULTILINE,
)
THANKS: Final = re.compile(
    r"감사|고마|고맙|좋아요|좋네|좋았|최고|마음에\s*들|맘에\s*들|만족|잘\s*(?:받았|쓰|먹|입)|예뻐|이뻐|"
    r"thank|thx|\bgreat\b|\blove|perfect|awesome|appreciate|wonderful|happy with",
    re.IGNORECASE,
)
# The first that fits: whoever is cross and asks is cross, whoever thanks and asks wants an answer.
RULES: Final = (
    (ReplyKind.COMPLAINT, COMPLAINT),
    (ReplyKind.QUESTION, QUESTION),
    (ReplyKind.THANKS, THANKS),
)


def judge_reply(reply: str) -> ReplyKind:
    """Say what kind of answer this is; what no rule knows is other."""
    text = unicodedata.normalize("NFKC", reply[:LONGEST])
    return next((kind for kind, words in RULES if words.search(text)), ReplyKind.OTHER)
