"""What can be wrong with a condition, in words for the person who wrote it."""

import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Locale = Literal["ko", "en"]


class Words(NamedTuple):
    """The same sentence in both languages; in braces, what it is about."""

    ko: str
    en: str


FAULTS: Final[Mapping[str, Words]] = {
    "not_json": Words(
        "JSON이 아닙니다({said}). JSON 객체 하나를 보내 주세요.",
        "This is not JSON ({said}). Send one JSON object.",
    ),
    "too_deep": Words(
        "조건은 {most}단계까지만 안에 넣을 수 있습니다.", "Nest conditions at most {most} deep."
    ),
    "too_many": Words(
        "세그먼트 하나에 조건은 {most}개까지 쓸 수 있습니다.",
        "Use at most {most} conditions in one segment.",
    ),
    "version": Words(
        "이 Dangol은 버전 {version}만 읽습니다. “version”에 {version}을 적어 주세요.",
        "This Dangol writes and reads version {version}: write {version}.",
    ),
    "missing": Words("“{field}”이(가) 없습니다. 추가해 주세요.", "`{field}` is missing. Add it."),
    "unknown_field": Words(
        "“{field}”(이)라는 항목은 여기에 없습니다. 지우거나 철자를 확인해 주세요.",
        "There is no `{field}` here. Remove it, or check its spelling.",
    ),
    "choice": Words(
        "“{value}”은(는) 쓸 수 없습니다. 다음 중 하나를 쓰세요: {choices}.",
        "“{value}” cannot be used here. Use one of: {choices}.",
    ),
    "kind_of_value": Words(
        "필요한 것은 {expected}인데, 적힌 것은 {got}입니다.", "Write {expected}, not {got}."
    ),
    "at_least": Words("{least} 이상이어야 합니다.", "Use {least} or more."),
    "at_most": Words("{most} 이하여야 합니다.", "Use {most} or less."),
    "above": Words("{least}보다 커야 합니다.", "Use more than {least}."),
    "empty": Words("비어 있습니다. 하나 이상 적어 주세요.", "This is empty. Give at least one."),
    "too_long": Words(
        "{most}개(자)까지 쓸 수 있습니다.", "Use at most {most} (letters, or entries)."
    ),
    "date": Words(
        "날짜는 2027-03-02처럼 적어 주세요.", "Write a date that exists, like 2027-03-02."
    ),
    "date_far": Words(
        "1900년부터 2200년까지의 날짜를 적어 주세요.", "Use a date between the years 1900 and 2200."
    ),
    "number": Words(
        "수는 정수 부분 14자리, 소수점 아래 4자리까지 쓸 수 있습니다: {value}.",
        "{value} is no number we can keep: use up to 14 digits and 4 decimals.",
    ),
    "nul": Words("문자 U+0000은 쓸 수 없습니다.", "Remove the character U+0000."),
    "path": Words(
        "“{name}”에 빈 이름이 있습니다. 이름 사이에 점을 하나만 쓰세요: campaign.source.",
        "“{name}” has an empty name in it. Put one dot between names: campaign.source.",
    ),
    "swapped": Words(
        "앞의 값({first})이 뒤의 값({last})보다 큽니다. 서로 바꾸세요.",
        "The first ({first}) is above the last ({last}): nobody fits. Swap them.",
    ),
    "no_bound": Words(
        "at_least, at_most 또는 둘 다 적어 주세요.", "Give at_least, at_most or both."
    ),
    "hours_or_days": Words(
        "days와 hours 중 하나만 적어 주세요.", "Give either days or hours, exactly one of them."
    ),
    "both_limits": Words(
        "within_days와 within_hours 중 하나만 적어 주세요.",
        "Give within_days or within_hours, not both.",
    ),
    "first_limit": Words(
        "첫 단계 앞에는 아무것도 없어 시간 제한을 둘 수 없습니다. 지워 주세요.",
        "Nothing comes before the first step: remove its time limit.",
    ),
    "one_step": Words(
        "한 단계만으로는 순서가 되지 않습니다. 단계를 더하거나 then_not을 적어 주세요.",
        "One step is no sequence: add another, or then_not.",
    ),
    "needs_of": Words(
        "{measure}에는 “of”가 필요합니다. 예: revenue.",
        "{measure} needs `of`, the property it is about; for instance revenue.",
    ),
    "no_of": Words(
        "{measure}에는 “of”를 쓰지 않습니다. 지워 주세요.", "{measure} takes no `of`. Remove it."
    ),
    "not_for_measure": Words(
        "{measure}에는 {comparison}을(를) 쓸 수 없습니다. 다음 중 하나를 쓰세요: {choices}.",
        "{measure} cannot be compared with {comparison}. Use one of: {choices}.",
    ),
    "no_products": Words(
        "{measure}은(는) 이벤트 전체를 봅니다. products를 지우고, where에 any_product를 쓰세요.",
        "{measure} looks at whole events: remove `products`, and use any_product in `where`.",
    ),
    "product_in_product": Words(
        "상품 안에는 상품이 없습니다. any_product 대신 그 안의 조건을 바로 적어 주세요.",
        "There are no products inside a product: write what stands in any_product without it.",
    ),
    "range": Words(
        "{value}은(는) 나올 수 없는 값입니다. {least}부터 {most}까지 적어 주세요.",
        "It can never be {value}: use a number from {least} to {most}.",
    ),
    "fact": Words(
        "“{trait}”은(는) 없습니다. $로 시작하는 것은 다음뿐입니다: {choices}.",
        "There is no “{trait}”. With $ begin only: {choices}.",
    ),
    "stages": Words(
        "cooling_days, inactive_days, lost_days 순서로 커져야 합니다.",
        "cooling_days, inactive_days and lost_days must grow in this order.",
    ),
    "percent": Words(
        "소수점 아래 두 자리까지 쓸 수 있습니다.", "Use at most two decimals, like 12.5."
    ),
    "cycle": Words(
        "세그먼트가 자기 자신에 속하는지 묻게 됩니다: {names}. 고리를 끊어 주세요.",
        "Segments ask for one another in a circle: {names}. Break it.",
    ),
    "no_segment": Words(
        "“{name}” 세그먼트가 없습니다. 먼저 만들거나 이름을 확인해 주세요.",
        "There is no segment “{name}”. Make it first, or check the name.",
    ),
    "no_list": Words(
        "“{name}” 명단이 없습니다. 먼저 올리거나 이름을 확인해 주세요.",
        "There is no list “{name}”. Upload it first, or check the name.",
    ),
    "no_journey": Words(
        "“{name}” 여정이 없습니다. 이름을 확인해 주세요.",
        "There is no journey “{name}”. Check the name.",
    ),
    "not_at_once": Words(
        "이 조건은 바로 답할 수 없습니다: {reason}. 이 조건으로 세그먼트를 만들고, 여기서는 그 "
        "세그먼트에 속하는지 물어보세요.",
        "This cannot be answered at once: {reason}. Make a segment of it, and ask here whether "
        "they belong to that.",
    ),
    "other": Words("고칠 곳이 있습니다: {said}.", "{said}."),
}
# What a decoder calls a kind of value.
KINDS_OF_VALUE: Final[Mapping[str, Words]] = {
    "str": Words("글자", "a text"),
    "int": Words("정수", "a whole number"),
    "int | float": Words("수", "a number"),
    "float": Words("수", "a number"),
    "bool": Words("참/거짓", "true or false"),
    "null": Words("빈 값", "nothing"),
    "array": Words("목록", "a list"),
    "object": Words("객체", "an object"),
    "date": Words("날짜", "a date"),
}


class BadCondition(ValueError):  # noqa: N818 - it is the condition that is bad
    """A condition cannot be used; ``path`` names the place, ``message`` what to change.

    ``path`` is a JSON path from ``$``. ``say`` says the message in Korean, too.
    """

    def __init__(self, path: str, fault: str, **about: object) -> None:
        """Say where, and which of ``FAULTS``, about what."""
        self.path: Final = path
        self.fault: Final = fault
        self.about: Final = about
        self.message: Final = self.say("en")
        super().__init__(f"{path}: {self.message}")

    def say(self, locale: Locale) -> str:
        """Say what to change, in one language."""
        about = {
            name: getattr(value, locale) if isinstance(value, Words) else value
            for name, value in self.about.items()
        }
        return str(getattr(FAULTS[self.fault], locale)).format(**about)


# What the decoder complains of, and which fault that is; groups are what it is about.
COMPLAINTS: Final = (
    (re.compile(r"Object missing required field `(?P<field>.*)`"), "missing"),
    (re.compile(r"Object contains unknown field `(?P<field>.*)`"), "unknown_field"),
    (re.compile(r"Expected `(?:array|str)` of length >= 1"), "empty"),
    (re.compile(r"Expected `\w+` of length <= (?P<most>\d+)"), "too_long"),
    (re.compile(r"Expected `(?:int|float)[^`]*` >= (?P<least>[-\d.]+)"), "at_least"),
    (re.compile(r"Expected `(?:int|float)[^`]*` <= (?P<most>[-\d.]+)"), "at_most"),
    (re.compile(r"Expected `(?:int|float)[^`]*` > (?P<least>[-\d.]+)"), "above"),
    (re.compile(r"Invalid RFC3339 encoded date"), "date"),
    (re.compile(r"Number out of range(?P<value>)"), "number"),
)
WRONG_KIND: Final = re.compile(r"Expected `(?P<expected>[^`]*)`(?:, got `(?P<got>\w+)`)?")
WRONG_CHOICE: Final = re.compile(r"Invalid (?:enum )?value '?(?P<value>.*?)'?", re.DOTALL)
PLACE: Final = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)


def explain(complaint: str, *, choices: Mapping[str, str], version: int) -> BadCondition:
    """Turn the decoder's complaint into a place and a remedy.

    ``choices`` holds what may stand in a field, by the end of its path.
    """
    found = PLACE.match(complaint)
    what, path = (found["what"], found["path"] or "$") if found else (complaint, "$")
    if path == "$.version":
        return BadCondition(path, "version", version=version)
    for pattern, fault in COMPLAINTS:
        if about := pattern.fullmatch(what):
            return BadCondition(path, fault, **about.groupdict())
    if chosen := WRONG_CHOICE.fullmatch(what):
        return BadCondition(path, "choice", value=chosen["value"], choices=fitting(path, choices))
    if kinds := WRONG_KIND.fullmatch(what):
        expected = [
            called(kind)
            for kind in re.split(r" [|] (?!float)", kinds["expected"])
            if kind != "null"
        ]
        either = Words(
            " 또는 ".join(one.ko for one in expected), " or ".join(one.en for one in expected)
        )
        got = called(kinds["got"]) if kinds["got"] else Words("다른 것", "something else")
        return BadCondition(path, "kind_of_value", expected=either, got=got)
    return BadCondition(path, "other", said=what)


def called(kind: str) -> Words:
    """Return what a kind of value is called."""
    return KINDS_OF_VALUE.get(kind, Words(kind, kind))


def fitting(path: str, choices: Mapping[str, str]) -> str:
    """Return what may stand at a path: the longest ending that fits."""
    plain = re.sub(r"\[[\d.]*\]", "[]", path)
    endings = sorted((end for end in choices if plain.endswith(end)), key=len)
    return choices[endings[-1]] if endings else ""
