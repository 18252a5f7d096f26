"""Why a message was or was not sent, in plain Korean and English.

A marketer reads these, so each says what happened and what can be done, without our vocabulary.
Sentences may use {until}, {cap_messages}, {cap_days}, {quiet_from} and {quiet_until}.
"""

from dataclasses import dataclass
from typing import Final

from dangol.console.answers import Text
from dangol.store.vocabulary import DecisionReason, DeliveryState, MessageState


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One reason: the question the guard asks, what a yes means, and what to do about it."""

    question: Text
    explanation: Text
    advice: Text


def say(ko: str, en: str) -> Text:
    return Text(ko=ko, en=en)


NOTHING_TO_DO: Final = say("따로 하실 일은 없어요.", "There is nothing you need to do.")

REASONS: Final = {
    DecisionReason.ALLOWED: Words(
        question=say("모든 확인을 통과했나요?", "Did it pass every check?"),
        explanation=say(
            "동의와 보낼 수 있는 시간, 최근에 보낸 횟수까지 모두 확인했고 막는 이유가 없었어요.",
            "Consent, the hour and the number of recent messages were all fine.",
        ),
        advice=NOTHING_TO_DO,
    ),
    DecisionReason.SUPPRESSED: Words(
        question=say("보내면 안 되는 주소인가요?", "Is the address on the do-not-send list?"),
        explanation=say(
            "이 주소는 메일이 되돌아왔거나 스팸으로 신고되어, 더는 아무것도 보내지 않아요.",
            "Mail to this address bounced or was reported as spam, so nothing is sent to it.",
        ),
        advice=say(
            "고객이 새 주소를 알려 주면 그 주소로 다시 보낼 수 있어요.",
            "If the customer gives a new address, messages go there again.",
        ),
    ),
    DecisionReason.ERASED: Words(
        question=say("정보가 삭제된 고객인가요?", "Has the customer been erased?"),
        explanation=say(
            "고객의 정보가 삭제되어 연락할 수 없어요.",
            "The customer's data was erased, so nobody can be reached.",
        ),
        advice=NOTHING_TO_DO,
    ),
    DecisionReason.NO_ADDRESS: Words(
        question=say("연락할 주소가 없나요?", "Is there no address to write to?"),
        explanation=say(
            "이 채널로 연락할 수 있는 주소가 없어요.",
            "There is no address on this channel that takes messages.",
        ),
        advice=say(
            "주문이나 가입 때 이메일을 함께 받으면 다음부터 보낼 수 있어요.",
            "Ask for an e-mail at sign-up or checkout, and the next message can go out.",
        ),
    ),
    DecisionReason.NO_CONSENT: Words(
        question=say("광고 수신에 동의하지 않았나요?", "Is consent to advertising missing?"),
        explanation=say(
            "광고성 메시지를 받겠다고 동의하지 않았거나, 동의를 거둬들였어요.",
            "The customer never agreed to advertising, or took the consent back.",
        ),
        advice=say(
            "동의는 고객만 할 수 있어요. 가입이나 주문 화면에서 이유와 함께 물어봐 주세요.",
            "Only the customer can agree. Ask kindly at sign-up or checkout, and say why.",
        ),
    ),
    DecisionReason.JOURNEY_STOPPED: Words(
        question=say("여정이 끝났나요?", "Has the journey been stopped?"),
        explanation=say(
            "보내기 전에 여정이 종료되었어요.",
            "The journey was stopped before this could be sent.",
        ),
        advice=say(
            "계속 보내고 싶다면 여정을 새로 시작해 주세요.",
            "To go on sending, start the journey anew.",
        ),
    ),
    DecisionReason.JOURNEY_PAUSED: Words(
        question=say("여정이나 발송이 멈춰 있나요?", "Is the journey, or all sending, paused?"),
        explanation=say(
            "여정 또는 전체 발송이 일시 중지되어 {until}에 다시 확인해요.",
            "The journey, or all sending, is paused; it is looked at again at {until}.",
        ),
        advice=say(
            "준비가 되면 다시 시작해 주세요. 그때 이어서 보내요.",
            "Resume it when you are ready, and it goes on from there.",
        ),
    ),
    DecisionReason.JUST_BOUGHT: Words(
        question=say("얼마 전에 주문했나요?", "Has the customer just bought something?"),
        explanation=say(
            "주문한 지 얼마 되지 않아 {until}에 다시 확인해요.",
            "The customer has just bought something; it is looked at again at {until}.",
        ),
        advice=say(
            "할 일이 없어요. 여정의 구매 후 쉬는 기간이 지나면 이어서 보내요.",
            "Nothing to do: it goes on once the journey's quiet time after a purchase is over.",
        ),
    ),
    DecisionReason.ALREADY_CONVERTED: Words(
        question=say("바라던 행동을 이미 했나요?", "Has the customer already done it?"),
        explanation=say(
            "고객이 이미 바라던 행동을 해서 더 말을 걸 필요가 없어요.",
            "The customer has already done what the message hoped for.",
        ),
        advice=say("좋은 소식이에요. 하실 일은 없어요.", "Good news. There is nothing to do."),
    ),
    DecisionReason.OVER_CAP: Words(
        question=say("최근에 너무 자주 보냈나요?", "Were there too many messages lately?"),
        explanation=say(
            "{cap_days}일 동안 {cap_messages}통까지만 보내기로 했고, 이미 그만큼 보냈어요.",
            "At most {cap_messages} messages go out in {cap_days} days, and that many have.",
        ),
        advice=say(
            "자주 보낼수록 떠나는 고객이 늘어요. 정말 필요할 때만 상한을 올려 주세요.",
            "People leave when messages pile up. Raise the limit only if you must.",
        ),
    ),
    DecisionReason.QUIET_HOURS: Words(
        question=say("고객이 쉬는 시간인가요?", "Is it the customer's quiet time?"),
        explanation=say(
            "{quiet_from}부터 {quiet_until}까지는 쉬는 시간이라 {until}에 다시 확인해요.",
            "It was quiet time ({quiet_from} to {quiet_until}); it is looked at again at {until}.",
        ),
        advice=NOTHING_TO_DO,
    ),
    DecisionReason.EXPIRED: Words(
        question=say("보내기에 너무 늦었나요?", "Is it too late to be worth sending?"),
        explanation=say(
            "기다리는 동안 알맞은 때가 지나서 보내지 않았어요.",
            "While it waited, the right moment passed, so it was not sent.",
        ),
        advice=say(
            "자주 일어나면 메시지의 유효 기간을 늘려 주세요.",
            "If this happens often, let the message stay valid for longer.",
        ),
    ),
    DecisionReason.RENEWAL_OVERDUE: Words(
        question=say("동의를 다시 알려야 하나요?", "Should the consent have been confirmed again?"),
        explanation=say(
            "동의를 받은 지 2년이 되어 다시 알려야 하는데, 아직 알리지 않았어요.",
            "The consent is two years old, and the notice that the law asks for has not gone out.",
        ),
        advice=say(
            "동의 재확인 안내를 보내 주세요. 그 뒤로는 다시 보낼 수 있어요.",
            "Send the notice that confirms consents; advertising goes on after it.",
        ),
    ),
    DecisionReason.CHANNEL_FORBIDDEN: Words(
        question=say("광고를 보낼 수 없는 채널인가요?", "May the channel carry no advertising?"),
        explanation=say(
            "이 채널로는 정보성 메시지만 보낼 수 있어요.",
            "Only information may be sent over this channel.",
        ),
        advice=say(
            "광고는 고객이 동의한 다른 채널로 보내 주세요.",
            "Advertise over another channel that the customer agreed to.",
        ),
    ),
    DecisionReason.TEMPLATE_UNAPPROVED: Words(
        question=say("템플릿이 승인되지 않았나요?", "Is its template not approved?"),
        explanation=say(
            "카카오가 이 메시지의 템플릿을 승인하지 않았거나 사용을 막아서 보내지 않았어요.",
            "Kakao has not approved this message's template, or has stopped it.",
        ),
        advice=say(
            "`dangol template list`에서 상태와 검수 의견을 확인하고 고쳐서 다시 등록해 주세요.",
            "See its state and what the reviewer wrote with `dangol template list`, mend it and "
            "register it again.",
        ),
    ),
    DecisionReason.ALREADY_ARRIVED: Words(
        question=say("앞선 메시지가 이미 도착했나요?", "Has the one before it arrived already?"),
        explanation=say(
            "실패로 알려졌던 앞선 메시지가 나중에 도착한 것으로 확인되어 대신 보내지 않았어요.",
            "The message before it, first reported as failed, arrived after all.",
        ),
        advice=say(
            "따로 할 일이 없어요. 고객은 같은 내용을 이미 받았습니다.",
            "There is nothing to do: the customer has it already.",
        ),
    ),
    DecisionReason.NIGHT_LAW: Words(
        question=say("법으로 정한 야간인가요?", "Is it night by law?"),
        explanation=say(
            "법이 광고를 막는 시간이고 야간 수신 동의가 없어서 {until}에 다시 확인해요.",
            "The law forbids advertising at this hour without a consent of its own; it is looked "
            "at again at {until}.",
        ),
        advice=NOTHING_TO_DO,
    ),
    DecisionReason.TOPIC_REFUSED: Words(
        question=say("고객이 끈 주제인가요?", "Did the customer switch this topic off?"),
        explanation=say(
            "고객이 이 주제의 소식은 받지 않겠다고 했어요.",
            "The customer does not want to hear about this topic.",
        ),
        advice=say(
            "고객이 고른 다른 주제로 이야기해 주세요.",
            "Write about the topics the customer has left on.",
        ),
    ),
    DecisionReason.SNOOZED: Words(
        question=say("고객이 잠시 쉬고 있나요?", "Did the customer ask for a rest?"),
        explanation=say(
            "고객이 잠시 쉬고 싶다고 했어요. 쉬는 동안의 메시지는 나중에도 보내지 않아요.",
            "The customer asked for a rest; what falls into it is not sent later, either.",
        ),
        advice=NOTHING_TO_DO,
    ),
    DecisionReason.SUNSET: Words(
        question=say("오랫동안 반응이 없었나요?", "Has there been no reaction for long?"),
        explanation=say(
            "이 채널로 보낸 광고에 오랫동안 반응이 없어서 더 보내지 않아요.",
            "For long the customer has reacted to nothing on this channel, so it stays silent.",
        ),
        advice=say(
            "마지막 인사 메시지를 한 번 보낼 수 있어요. 고객이 반응하면 다시 이어져요.",
            "One last-chance message may still go. Once the customer reacts, it goes on.",
        ),
    ),
    DecisionReason.MESSAGE_STOPPED: Words(
        question=say("수신 거부가 많아 멈춘 메시지인가요?", "Did too many opt out of it?"),
        explanation=say(
            "이 메시지를 받고 수신을 거부한 고객이 너무 많아 멈췄어요. {until}에 다시 확인해요.",
            "Too many who got this message opted out, so it was stopped; it is looked at again at "
            "{until}.",
        ),
        advice=say(
            "내용과 대상을 살펴본 뒤 괜찮으면 다시 보내기로 해 주세요.",
            "Look at what it says and to whom, then let it go on if you are sure.",
        ),
    ),
    DecisionReason.HOLDOUT: Words(
        question=say("광고를 받지 않는 비교 고객인가요?", "Does the customer get no advertising?"),
        explanation=say(
            "광고 효과를 재기 위해 광고를 보내지 않는 고객에 속해요.",
            "They belong to the share that gets none, so that its effect can be measured.",
        ),
        advice=NOTHING_TO_DO,
    ),
    DecisionReason.OVER_WISH: Words(
        question=say("고객이 원한 횟수를 넘나요?", "Is it more than the customer wants in a week?"),
        explanation=say(
            "고객이 일주일에 받고 싶다고 한 만큼 이미 보냈어요.",
            "The customer already got as many messages this week as they want.",
        ),
        advice=NOTHING_TO_DO,
    ),
    DecisionReason.REDUCED: Words(
        question=say(
            "반응 없이 방문만 하는 고객인가요?", "Do they visit without reacting to messages?"
        ),
        explanation=say(
            "모든 채널에 반응하지 않지만 가게에는 들르는 고객이라 드물게만 보내요.",
            "They ignore every channel but still visit, so they hear from us only now and then.",
        ),
        advice=say(
            "방문했을 때 화면에서 맞이해 주세요.",
            "Greet them where they are: on the page they visit.",
        ),
    ),
    DecisionReason.ATTENTION_BUDGET: Words(
        question=say("오늘 충분히 연락했나요?", "Have they heard enough today?"),
        explanation=say(
            "오늘 보낼 수 있는 만큼 더 알맞은 메시지가 나가서 {until}에 다시 확인해요.",
            "Better messages used up what one day allows; it is looked at again at {until}.",
        ),
        advice=say(
            "더 중요한 여정이라면 우선순위를 높여 주세요.",
            "If this journey matters more, give it a higher priority.",
        ),
    ),
    DecisionReason.SEND_TIME: Words(
        question=say(
            "고객이 주로 반응하는 시간인가요?", "Is it the time at which the customer reacts?"
        ),
        explanation=say(
            "이 고객이 이 채널에서 주로 반응하는 시간인 {until}에 다시 확인해요.",
            "The customer usually reacts at another time of day; it is looked at again at {until}.",
        ),
        advice=NOTHING_TO_DO,
    ),
    DecisionReason.MERGED: Words(
        question=say(
            "합쳐진 고객이 같은 여정에 있었나요?",
            "Was the customer in the journey twice before a merge?",
        ),
        explanation=say(
            "같은 사람으로 합쳐진 고객이 이 여정에 먼저 들어와 있어서, 한쪽만 이어 가요.",
            "Customers who proved to be one person were both in this journey; the one who entered "
            "first goes on, and this message was the other's.",
        ),
        advice=NOTHING_TO_DO,
    ),
}

HEADLINES: Final = {
    MessageState.PLANNED: say("아직 확인하기 전이에요", "Not checked yet"),
    MessageState.HELD: say("{until}까지 기다리고 있어요", "Waiting until {until}"),
    MessageState.SKIPPED: say("보내지 않았어요", "Not sent"),
    MessageState.ALLOWED: say("곧 보내요", "About to be sent"),
    MessageState.HANDED: say("보내고 있어요", "Being sent"),
    MessageState.FAILED: say("보내지 못했어요", "Could not be sent"),
}

# What became of the last attempt outranks the message's own state.
DELIVERED: Final = {
    DeliveryState.ACCEPTED: say("보냈어요", "Sent"),
    DeliveryState.REJECTED: say("받는 쪽에서 거절했어요", "Refused by the mail server"),
    DeliveryState.UNKNOWN: say("보냈는지 확실하지 않아요", "Perhaps sent, perhaps not"),
}

NOT_LOOKED_AT: Final = Words(
    question=say("확인했나요?", "Was it checked?"),
    explanation=say(
        "계획만 되어 있어요. 보낼 때가 되면 동의와 시간, 횟수를 확인해요.",
        "It is only planned. Consent, hour and number are checked when its time comes.",
    ),
    advice=NOTHING_TO_DO,
)

ATTEMPTS: Final = {
    DeliveryState.REJECTED: Words(
        question=say("거절되었나요?", "Was it refused?"),
        explanation=say(
            "보내도 되는 메시지였지만, 받는 메일 서버가 거절했어요.",
            "The message was allowed, but the receiving mail server refused it.",
        ),
        advice=say(
            "없는 주소라면 다음부터는 자동으로 보내지 않아요.",
            "If the address does not exist, nothing is sent to it from now on.",
        ),
    ),
    DeliveryState.UNKNOWN: Words(
        question=say("응답이 없었나요?", "Was there no answer?"),
        explanation=say(
            "도중에 연결이 끊겨 도착했는지 몰라요. 두 번 받지 않도록 다시 보내지 않아요.",
            "The connection broke while sending. It is not repeated, so nobody gets it twice.",
        ),
        advice=NOTHING_TO_DO,
    ),
}
