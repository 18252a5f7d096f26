"""What can be wrong with a journey, in words for the person who wrote it.

Each entry: the problem and the remedy in English, and all of it in Korean.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from dangol.journeys.steps import Fault


class Said(NamedTuple):
    """A fault in both languages; in braces, what it is about."""

    problem: str
    remedy: str
    ko: str


WORDS: Final[Mapping[str, Said]] = {
    "name": Said(
        "{value!r} is not a name",
        "Use up to 64 small letters, digits, - and _, such as cart-reminder",
        "“{value}”은(는) 이름으로 쓸 수 없습니다. 영문 소문자, 숫자, -, _를 64자까지 쓰세요. "
        "예: cart-reminder",
    ),
    "other_name": Said(
        "is {value!r}, but the address says {name!r}",
        "Write the same name in both, or leave it out here",
        "“{value}”인데 주소에는 “{name}”(이)라고 되어 있습니다. 같은 이름을 쓰거나 여기서 "
        "지워 주세요.",
    ),
    "no_part": Said(
        "is not a part of a journey",
        "Correct its spelling, or remove it; the parts are {names}",
        "여정에 없는 항목입니다. 철자를 고치거나 지워 주세요. 쓸 수 있는 항목: {names}.",
    ),
    "empty_title": Said(
        "is empty", "Write what people will read", "비어 있습니다. 화면에 보일 제목을 적어 주세요."
    ),
    "empty_goal": Said(
        "is empty",
        "Name an event, or leave goal out",
        "비어 있습니다. 이벤트 이름을 적거나 goal을 지워 주세요.",
    ),
    "empty_event": Said("is empty", "Name an event", "비어 있습니다. 이벤트 이름을 적어 주세요."),
    "too_long": Said(
        "is {length} long",
        "Keep it to {most}",
        "길이가 {length}입니다. {most}까지만 쓸 수 있습니다.",
    ),
    "one_entry": Said(
        "needs exactly one of event, segment, date, schedule and call, and has {found}",
        "Write what opens the journey, such as `event: Order Completed`; for a second way in, "
        "make a second journey",
        "event, segment, date, schedule, call 중 정확히 하나가 있어야 하는데 {found}입니다. "
        "무엇이 여정을 시작하는지 하나만 적고, 시작이 둘이면 여정을 둘로 만드세요.",
    ),
    "only_with": Said(
        "goes only with {kinds}",
        "Leave it out, or begin the journey with {kinds}",
        "{kinds}(으)로 시작하는 여정에만 쓸 수 있습니다. 지우거나 시작을 바꿔 주세요.",
    ),
    "first_of_segment": Said(
        "counts events, and nothing else opens this journey",
        "Leave it out: without reentry_days nobody enters twice",
        "이벤트를 세는 설정인데 이 여정은 이벤트로 시작하지 않습니다. 지워 주세요. "
        "reentry_days가 없으면 아무도 두 번 들어오지 않습니다.",
    ),
    "reentry": Said(
        "{value} is not a number of days from 0 to {most}",
        "Write 0 for every time, 90 for once in 90 days, or leave it out for once",
        "{value}은(는) 0에서 {most} 사이의 일수가 아닙니다. 매번은 0, 90일에 한 번은 90, 한 번만은 "
        "지워 주세요.",
    ),
    "per_day": Said(
        "{value} is not a number of customers from 1 to {most}",
        "Write how many may enter a day, or leave it out for everybody",
        "{value}은(는) 1에서 {most} 사이의 사람 수가 아닙니다. 하루에 들어올 사람 수를 적거나, "
        "모두 들어오게 하려면 지워 주세요.",
    ),
    "duration": Said(
        "{value!r} is not a length of time of at most ten years",
        'Write a number and a unit: "30 minutes", "12 hours", "14 days" or "2 weeks"',
        "“{value}”은(는) 10년 이내의 기간이 아닙니다. 수와 단위를 적어 주세요: 30 minutes, "
        "12 hours, 14 days, 2 weeks.",
    ),
    "quiet": Said(
        "{value!r} is neither a length of time nor none",
        'Write "3 days", or none to turn it off',
        "“{value}”은(는) 기간도 none도 아닙니다. 3 days처럼 적거나, 끄려면 none을 적어 주세요.",
    ),
    "time": Said(
        "{value!r} is not a time of the day",
        'Write hours and minutes in quotes: "09:30", "20:00"',
        '“{value}”은(는) 시각이 아닙니다. 시와 분을 따옴표 안에 적어 주세요: "09:30", "20:00".',
    ),
    "moment": Said(
        "{value!r} is not a day and a time",
        'Write a day that exists and a time, in quotes: "2027-03-02 10:00", or add `every`',
        "“{value}”은(는) 날짜와 시각이 아닙니다. 있는 날짜와 시각을 따옴표 안에 적거나 "
        '("2027-03-02 10:00") every를 더해 주세요.',
    ),
    "both_sides": Said(
        "has both before and after",
        "Leave one of them out",
        "before와 after가 함께 있습니다. 하나를 지워 주세요.",
    ),
    "on_of_week": Said(
        "is only for every: week",
        "Write `every: week`, or leave `on` out",
        "every: week에만 쓸 수 있습니다. every: week로 바꾸거나 on을 지워 주세요.",
    ),
    "week_needs_on": Said(
        "needs the days of the week",
        "Add `on`, such as `on: [mon, thu]`",
        "요일이 없습니다. on을 더해 주세요. 예: on: [mon, thu]",
    ),
    "day_of_month": Said(
        "is only for every: month",
        "Write `every: month`, or leave `day` out",
        "every: month에만 쓸 수 있습니다. every: month로 바꾸거나 day를 지워 주세요.",
    ),
    "month_needs_day": Said(
        "needs the day of the month",
        "Add `day`, from 1 to 31; a shorter month counts its last day",
        "며칠인지 없습니다. day를 1에서 31 사이로 더해 주세요. 그 날이 없는 달에는 "
        "마지막 날입니다.",
    ),
    "bad_day": Said(
        "{value} is no day of a month",
        "Write a number from 1 to 31; a shorter month counts its last day",
        "{value}일은 없습니다. 1에서 31 사이로 적어 주세요. 그 날이 없는 달에는 마지막 날입니다.",
    ),
    "twice": Said(
        "names {value!r} twice",
        "Name each once",
        "“{value}”이(가) 두 번 있습니다. 하나를 지워 주세요.",
    ),
    "trait": Said(
        "{value!r} is no name of a trait",
        "Write up to {most} characters, no $ at the beginning and no dot",
        "“{value}”은(는) 속성 이름이 될 수 없습니다. {most}자까지, $로 시작하지 않고 점 없이 "
        "적어 주세요.",
    ),
    "steps": Said(
        "has {found} steps",
        "Write between 1 and {most} steps",
        "단계가 {found}개입니다. 1개에서 {most}개까지 적어 주세요.",
    ),
    "empty_name": Said("is empty", "Name the step", "비어 있습니다. 단계의 이름을 적어 주세요."),
    "same_name": Said(
        "{value!r} names {found} steps",
        "Give each step a name of its own",
        "단계 {found}개의 이름이 “{value}”입니다. 단계마다 다른 이름을 주세요.",
    ),
    "no_step": Said(
        "there is no step {value!r}",
        "Name one of {names}",
        "“{value}” 단계가 없습니다. 다음 중 하나를 적어 주세요: {names}.",
    ),
    "unreachable": Said(
        "no step leads to {value!r}",
        "Lead one there, or remove it",
        "“{value}”(으)로 가는 단계가 없습니다. 가는 길을 만들거나 지워 주세요.",
    ),
    "restless": Said(
        "{value!r} leads back to itself without a wait",
        "Put a wait into the circle",
        "“{value}”에서 기다리지 않고 제자리로 돌아옵니다. 그 사이에 기다리는 단계를 넣어 주세요.",
    ),
    "endless": Said(
        "from {value!r} there is no way to the end",
        "Lead a check_event in the circle to an exit",
        "“{value}”에서는 끝으로 가는 길이 없습니다. 고리 안의 check_event에서 나가는 길을 만들어 "
        "주세요.",
    ),
    "waits_for_nothing": Said(
        "says neither how long nor until when",
        'Add one of: `for: 2 days`, `until: {{at: "20:00"}}`, `until_date: {{trait: renews_on}}`',
        "얼마나, 언제까지 기다릴지 없습니다. for, until, until_date 중 하나를 더해 주세요.",
    ),
    "date_alone": Said(
        "stands beside another wait",
        "Make it a step of its own",
        "다른 기다림과 함께 쓸 수 없습니다. 따로 한 단계로 만들어 주세요.",
    ),
    "no_limit": Said(
        "is missing: nobody may wait for ever",
        "Add how long at most, such as `at_most: 3 days`",
        "없습니다. 끝없이 기다릴 수는 없습니다. 최대 기간을 더해 주세요. 예: at_most: 3 days",
    ),
    "one_reason": Said(
        "needs an event or a condition, and only one of them",
        "Write `event: Order Completed`, or a condition",
        "event와 condition 중 하나만 있어야 합니다. 하나를 적거나 지워 주세요.",
    ),
    "where_of_event": Said(
        "looks at the properties of an event, and there is none",
        "Add the event, or leave `where` out",
        "이벤트의 속성을 보는 설정인데 이벤트가 없습니다. event를 더하거나 where를 지워 주세요.",
    ),
    "ways": Said(
        "has {found} ways",
        "Write between {least} and {most} ways",
        "갈림길이 {found}개입니다. {least}개에서 {most}개까지 적어 주세요.",
    ),
    "share": Said(
        "{value} is no share",
        "Write a whole number from 1 to 100",
        "{value}은(는) 비율이 될 수 없습니다. 1에서 100 사이의 정수를 적어 주세요.",
    ),
    "shares": Said(
        "the shares add up to {found}, not to 100",
        "Change them so that they do",
        "비율의 합이 100이 아니라 {found}입니다. 합이 100이 되게 고쳐 주세요.",
    ),
    "no_change": Said(
        "changes nothing",
        "Add set, unset, add_tags or remove_tags",
        "아무것도 바꾸지 않습니다. set, unset, add_tags, remove_tags 중 하나를 더해 주세요.",
    ),
    "too_many": Said(
        "has {found} entries",
        "Keep it to {most}",
        "{found}개입니다. {most}개까지만 쓸 수 있습니다.",
    ),
    "both_ways": Said(
        "both writes and removes {value!r}",
        "Do only one of them",
        "“{value}”을(를) 쓰면서 지웁니다. 하나만 하세요.",
    ),
    "tags_by_tags": Said(
        "tags are a list that set would replace",
        "Use add_tags and remove_tags",
        "태그는 set으로 쓰지 않습니다. add_tags와 remove_tags를 쓰세요.",
    ),
    "trait_value": Said(
        "{value!r} is no value of a trait",
        "Write a text, a number, true or false, or a list of texts",
        "“{value}”은(는) 속성 값이 될 수 없습니다. 글자, 수, true/false, 글자의 목록 중 하나를 "
        "적어 주세요.",
    ),
    "tag": Said(
        "{value!r} is no tag",
        "Write between 1 and {most} characters",
        "“{value}”은(는) 태그가 될 수 없습니다. 1자에서 {most}자까지 적어 주세요.",
    ),
    "enters_itself": Said(
        "a journey cannot enter itself",
        "Lead a step back to an earlier one instead, with a wait between",
        "여정이 자기 자신에 들어갈 수는 없습니다. 대신 기다리는 단계를 두고 앞 단계로 이어 주세요.",
    ),
    "no_endpoint": Said(
        "there is no webhook endpoint {value!r}",
        "Add it with `dangol webhook add` first, or correct its name",
        "웹훅을 받을 곳 “{value}”이(가) 없습니다. 먼저 `dangol webhook add`로 등록하거나 이름을 "
        "고쳐 주세요.",
    ),
    "next_of_answer": Said(
        "the answer is waited for, and leads to then or to otherwise",
        "Leave next out, or leave at_most out to go on at once",
        "응답을 기다리면 then이나 otherwise로 이어집니다. next를 지우거나, 바로 지나가려면 "
        "at_most를 지워 주세요.",
    ),
    "answer_not_awaited": Said(
        "leads somewhere by an answer that is not waited for",
        "Add at_most, how long to wait for it, or leave this out",
        "응답을 기다리지 않으므로 쓸 수 없습니다. at_most에 기다릴 시간을 적거나 지워 주세요.",
    ),
    "liquid": Said(
        "is no Liquid: {problem}",
        "Correct it, or write the braces another way",
        "Liquid로 읽을 수 없습니다({problem}). 고치거나 중괄호를 다르게 적어 주세요.",
    ),
    "no_template": Said(
        "there is no template {value!r} for {channel!s}",
        "Save the template first, or correct its name or the channel",
        "{channel!s} 템플릿 “{value}”이(가) 없습니다. 먼저 저장하거나 이름과 채널을 확인해 주세요.",
    ),
    "other_purpose": Said(
        "is {value!s}, but template {template!r} is {purpose!s}",
        "Correct the purpose, or choose another template",
        "{value!s}(이)라고 했지만 템플릿 “{template}”은(는) {purpose!s}입니다. 목적을 고치거나 "
        "다른 템플릿을 고르세요.",
    ),
    "no_rung": Said(
        "there is no template {value!r}",
        "Save the template first, or correct its name",
        "템플릿 “{value}”이(가) 없습니다. 먼저 저장하거나 이름을 확인해 주세요.",
    ),
    "many_channels": Said(
        "template {value!r} is there for several channels: {channels}",
        "Give the one that is meant here a name of its own",
        "템플릿 “{value}”이(가) 여러 채널({channels})에 있습니다. 여기에 쓸 템플릿에 다른 이름을 "
        "붙여 주세요.",
    ),
    "same_channel": Said(
        "template {value!r} is for {channel!s}, as {other!r} above it is",
        "Leave one of them out: each rung needs a channel of its own",
        "템플릿 “{value}”은(는) 앞의 “{other}”와 같은 {channel!s} 채널입니다. 단계마다 채널이 "
        "달라야 하니 하나를 지워 주세요.",
    ),
    "rung_purpose": Said(
        "template {value!r} is {purpose!s}, but the message is {other!s}",
        "Choose a template of the same purpose: nobody gets advertising in the place of "
        "information, nor the other way",
        "템플릿 “{value}”은(는) {purpose!s}인데 이 메시지는 {other!s}입니다. 목적이 같은 템플릿을 "
        "고르세요.",
    ),
    "no_advertising": Said(
        "{value!s} carries information only, and the template is marketing",
        "Choose a template for another channel, such as kakao_brand or sms",
        "{value!s} 채널로는 정보성 메시지만 보낼 수 있는데 광고 템플릿입니다. kakao_brand나 sms "
        "같은 다른 채널의 템플릿을 고르세요.",
    ),
    "no_segment": Said(
        "there is no segment {value!r}",
        "Define it first, or correct its name",
        "“{value}” 세그먼트가 없습니다. 먼저 만들거나 이름을 확인해 주세요.",
    ),
    "no_list": Said(
        "there is no list {value!r}",
        "Upload it first, or correct its name",
        "“{value}” 명단이 없습니다. 먼저 올리거나 이름을 확인해 주세요.",
    ),
    "no_journey": Said(
        "there is no journey {value!r}",
        "Publish it first, or correct its name",
        "“{value}” 여정이 없습니다. 먼저 게시하거나 이름을 확인해 주세요.",
    ),
    "not_called": Said(
        "journey {value!r} does not begin with a call, so that nobody can be sent into it",
        "Give it `entry: {{call: true}}`, or choose another",
        "“{value}” 여정은 call로 시작하지 않아 들여보낼 수 없습니다. 그 여정의 entry를 "
        "call: true로 바꾸거나 다른 여정을 고르세요.",
    ),
    "map_needs_migrate": Said(
        "is given, but those inside are to {policy!s}",
        "Choose migrate, or leave the map out",
        "지도를 적었지만 안에 있는 고객의 처리 방식이 {policy!s}입니다. migrate를 고르거나 지도를 "
        "지워 주세요.",
    ),
    "map_to_rest": Said(
        "{value!r} is not a wait: whoever is moved there would act at once",
        "Name a wait or a wait_for, or exit",
        "“{value}”은(는) 기다리는 단계가 아니어서, 옮기자마자 실행됩니다. wait나 wait_for 단계, "
        "또는 exit를 적어 주세요.",
    ),
    "where_to_continue": Said(
        "the new version has {found} steps where the journey used to end",
        "Name the step at which they go on, one of {names}",
        "여정이 끝나던 자리에 새로 생긴 단계가 {found}개입니다. 이어서 갈 단계를 "
        "적어 주세요: {names}.",
    ),
    "restarts": Said(
        "{value!r} lets people in again by every message that comes of it: {names}",
        "Write reentry_days: 1 or more, without a key that each message has anew, or let where "
        "name another journey, template or channel",
        "{value!r}(이)면 여정이 보낸 메시지가 다시 여정을 시작해 끝없이 보냅니다: {names}. "
        "reentry_days를 1 이상으로 적고 메시지마다 달라지는 key는 지우거나, where에 다른 여정, "
        "템플릿, 채널을 적어 주세요.",
    ),
    "journey_circle": Said(
        "journeys enter one another in a circle without a wait: {names}",
        "Put a wait before one of the steps that enter",
        "여정들이 기다리지 않고 서로에게 들어갑니다: {names}. 들어가는 단계 하나 앞에 기다리는 "
        "단계를 넣어 주세요.",
    ),
}


def fault(place: str, code: str, **about: object) -> Fault:
    """Say at a place what is wrong there."""
    said = WORDS[code]
    problem, remedy, ko = (words.format(**about) for words in said)
    return Fault(place=place, problem=problem, remedy=remedy, ko=ko)
