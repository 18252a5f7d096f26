"""Why somebody has not entered a journey, in plain Korean and English.

Sentences may use {at} (a moment by the shop's clocks), {event}, {segment}, {trait} and {days}.
"""

from dataclasses import dataclass
from typing import Final

from dangol.console.answers import Text
from dangol.console.words import say
from dangol.journeys.entry import Answer, Hurdle


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWords:
    """One hurdle: what is asked, and what it means where it keeps somebody out or may do so."""

    question: Text
    explanation: Text


def word(ko: str, en: str, *, ko_says: str, en_says: str) -> EntryWords:
    return EntryWords(question=say(ko, en), explanation=say(ko_says, en_says))


HURDLES: Final = {
    Hurdle.NOT_RUNNING: word(
        "여정이 돌고 있나요?",
        "Is the journey running?",
        ko_says="여정이 초안이거나 멈춰 있어서 지금은 아무도 들어올 수 없어요.",
        en_says="The journey is a draft, paused or stopped, so nobody enters it now.",
    ),
    Hurdle.NOT_ACTIVE: word(
        "아직 한 사람의 고객으로 있나요?",
        "Is this still a customer of their own?",
        ko_says="정보가 삭제되었거나 다른 고객과 합쳐졌어요.",
        en_says="The customer was erased, or merged into another one.",
    ),
    Hurdle.NEVER_HAPPENED: word(
        "“{event}” 이벤트가 있었나요?",
        "Did “{event}” happen?",
        ko_says="여정을 여는 “{event}” 이벤트가 이 고객에게는 한 번도 없었어요.",
        en_says="“{event}” opens the journey, and this customer has never done it.",
    ),
    Hurdle.HAPPENED_BEFORE: word(
        "여정이 생긴 뒤의 일인가요?",
        "Was that after the journey was there?",
        ko_says="마지막 “{event}” 이벤트({at})는 여정이 생기기 전의 일이에요.",
        en_says="The last “{event}” ({at}) was before the journey was published.",
    ),
    Hurdle.NOT_THE_FIRST: word(
        "여정이 생긴 뒤에 처음 한 일인가요?",
        "Was it the first time?",
        ko_says="처음일 때만 들어오는 여정인데, 첫 “{event}” 이벤트({at})가 여정보다 먼저였어요.",
        en_says="Only the first “{event}” opens it, and that ({at}) was before the journey.",
    ),
    Hurdle.FILTER: word(
        "이벤트의 내용이 여정의 조건에 맞았나요?",
        "Did what came with the event fit the journey?",
        ko_says="“{event}” 이벤트는 {at}에 있었지만 금액이나 상품 같은 내용도 맞아야 해요. "
        "그때의 내용이 맞았는지는 여기에서 알 수 없어요.",
        en_says="“{event}” happened at {at}, but what came with it, such as the amount or the "
        "product, must fit, too. Whether it did is not known here.",
    ),
    Hurdle.NOT_IN_SEGMENT: word(
        "“{segment}” 세그먼트에 있나요?",
        "Are they in the segment “{segment}”?",
        ko_says="지금 “{segment}” 세그먼트에 없어요.",
        en_says="They are not in the segment “{segment}” now.",
    ),
    Hurdle.IN_SEGMENT_BEFORE: word(
        "여정이 생긴 뒤에 들어왔나요?",
        "Did they enter it after the journey was there?",
        ko_says="{at}부터, 여정이 생기기 전부터 “{segment}”에 있었어요. "
        "새로 들어오는 고객만 여정을 시작해요.",
        en_says="They have been in “{segment}” since {at}, before the journey was published; only "
        "those who enter it anew begin the journey.",
    ),
    Hurdle.NOT_LEFT_SEGMENT: word(
        "“{segment}” 세그먼트에서 나갔나요?",
        "Have they left the segment “{segment}”?",
        ko_says="“{segment}”에서 나갈 때 시작하는 여정인데, 나간 적이 없거나 아직 안에 있어요.",
        en_says="Leaving “{segment}” opens the journey; they never left it, or are in it.",
    ),
    Hurdle.NO_DAY: word(
        "기준이 되는 날짜를 알고 있나요?",
        "Is the day known?",
        ko_says="고객 속성 “{trait}”에 날짜가 없어서 언제 시작할지 알 수 없어요.",
        en_says="Their trait “{trait}” holds no day, so nobody knows when to begin.",
    ),
    Hurdle.DAY_AHEAD: word(
        "그날이 되었나요?",
        "Has the day come?",
        ko_says="“{trait}”에 적힌 날에 맞춰 시작해요. 이미 지났다면 다음 해를 기다리거나, "
        "한 번뿐인 날이라면 더는 시작하지 않아요.",
        en_says="It begins by the day in “{trait}”. A day that is over comes again next year, or, "
        "where it counts only once, not at all.",
    ),
    Hurdle.SCHEDULE_AHEAD: word(
        "정해진 때가 되었나요?",
        "Has its time come?",
        ko_says="다음에 시작하는 때는 {at}이에요.",
        en_says="It next begins at {at}.",
    ),
    Hurdle.SCHEDULE_OVER: word(
        "정해진 때가 남아 있나요?",
        "Is there still a time at which it begins?",
        ko_says="정해진 때가 지나서 더는 시작하지 않아요.",
        en_says="Its time is over; it does not begin again.",
    ),
    Hurdle.NOT_CALLED: word(
        "이 고객을 들여보내 달라는 요청이 있었나요?",
        "Did your server ask for this customer?",
        ko_says="다른 시스템이 고객을 지정해서 들여보내는 여정이에요. 이 고객에 대한 요청이 "
        "있었는지 그 시스템에서 확인해 주세요.",
        en_says="Another system says who enters this journey. See there whether it asked for this "
        "customer.",
    ),
    Hurdle.CONDITION: word(
        "여정의 조건에 맞나요?",
        "Do they fit the journey's condition?",
        ko_says="여정에 적힌 조건에 지금은 맞지 않아요.",
        en_says="They do not fit the condition that the journey asks of everybody, as of now.",
    ),
    Hurdle.STILL_INSIDE: word(
        "지금 여정 안에 있나요?",
        "Are they inside already?",
        ko_says="{at}에 들어와 아직 안에 있어요. 끝나야 다시 들어올 수 있어요.",
        en_says="They entered at {at} and are still inside; they may enter again once it is over.",
    ),
    Hurdle.NEVER_AGAIN: word(
        "전에 들어온 적이 있나요?",
        "Have they entered before?",
        ko_says="{at}에 들어왔고, 한 고객이 한 번만 들어오는 여정이에요.",
        en_says="They entered at {at}, and nobody enters this journey twice.",
    ),
    Hurdle.TOO_SOON: word(
        "다시 들어올 때가 되었나요?",
        "May they enter again yet?",
        ko_says="한 번 들어오면 {days}일 동안 다시 들어오지 않아요. "
        "{at}부터 다시 들어올 수 있어요.",
        en_says="Nobody enters again within {days} days; they may from {at} on.",
    ),
    Hurdle.DAY_FULL: word(
        "오늘 자리가 남아 있나요?",
        "Was there room today?",
        ko_says="하루에 들어올 수 있는 인원이 오늘 다 찼어요. "
        "이 고객도 그래서 못 들어왔을 수 있어요.",
        en_says="As many entered today as may in a day; this customer may be among those who were "
        "turned away.",
    ),
}
# What outranks the explanation where nobody can say whether the hurdle is one.
UNSURE: Final = {
    Hurdle.CONDITION: say(
        "여정의 조건을 지금은 확인할 수 없어요. 쓰인 세그먼트나 목록이 남아 있는지 봐 주세요.",
        "The journey's condition cannot be judged now. See whether its segments and lists are "
        "still there.",
    ),
}
PASSED: Final = say(
    "막는 것이 없어요. 여정을 여는 일이 생기면 다음 확인 때 들어와요.",
    "Nothing keeps them out: the next time something opens the journey, they enter.",
)
HEADLINES: Final = {
    Answer.PASSED: say("들어올 수 있어요", "They may enter"),
    Answer.STOPPED: say("들어오지 않았어요", "Not entered"),
    Answer.WAITS: say("아직 때가 아니에요", "Not yet"),
    Answer.PERHAPS: say("확실히 알 수 없어요", "Not certain"),
}
INSIDE: Final = say("들어와 있어요", "Inside")
WAS_INSIDE: Final = say("전에 들어왔어요", "Has been inside")
NO_VERSION: Final = say(
    "아직 발행되지 않은 여정이라 아무도 들어오지 않았어요.",
    "The journey has never been published, so nobody has entered.",
)
