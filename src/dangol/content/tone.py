"""Words that press, words that promote, and outputs that would leave a hole in a sentence."""

import re
from collections.abc import Iterator
from typing import Final

# Pressure and fear sell once and cost the customer. Scarcity may be said where it is true: until
# when, and how many.
PUSHY: Final = re.compile(
    r"마지막\s*기회|지금\s*당장|지금\s*바로\s*(?:구매|결제|주문)|놓치(?:면\s*후회|지\s*마)|"
    r"후회하(?:실|지)|서두르|서둘러|오늘만|딱\s*하루|(?:마감|품절|매진)\s*임박|[!！]{2}|"  # noqa: RUF001 - as it is typed in Korean
    r"last chance|act now|buy now|hurry|don['’]t miss|miss out|only today|today only|"  # noqa: RUF001 - as it is typed
    r"final (?:call|notice|hours)|before it['’]s too late|almost gone|regret|urgent",  # noqa: RUF001 - as it is typed
    re.IGNORECASE,
)
# One of these makes an advertisement of a whole message (Network Act, article 50).
PROMOTIONAL: Final = re.compile(
    r"할인|쿠폰|세일|특가|적립금|특별\s*혜택|사은품|경품|프로모션|최저가|무료\s*체험|"
    r"추천\s*상품|신상품|기획전|1\s*\+\s*1|\d+\s*% ?off|coupon|discount|sale\b|special offer|"
    r"promo(?:tion|\s*code)|voucher|free (?:gift|trial)|new arrivals|best ?sellers?",
    re.IGNORECASE,
)
OUTPUT: Final = re.compile(r"\{\{-?\s*(customer\.(?:name|traits\.[\w.]+))\s*(.*?)-?\}\}", re.DOTALL)
TAG: Final = re.compile(r"\{%-?\s*(?:if|unless|elsif|assign|for|case)\b.*?%\}", re.DOTALL)
FALLBACK: Final = re.compile(r"\|\s*default\s*:")


def find_holes(source: str) -> Iterator[str]:
    """Yield what a template puts out of a customer without saying what stands there otherwise.

    A field that some tag of the template asks about is taken to be looked after.
    """
    tags = " ".join(TAG.findall(source))
    for field, filters in OUTPUT.findall(source):
        if not FALLBACK.search(filters) and field not in tags:
            yield field
