"""What the page of choices shows, in the words of one language."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from dangol.consent.preferences import WEEKLY, Wishes
from dangol.consent.purposes import Collection
from dangol.feedback.ways import Way
from dangol.pages.ads import Ad, name_address, say_ad
from dangol.pages.choices_change import Action, Change, holds, read_done, undone
from dangol.pages.choices_texts import ChoiceTexts
from dangol.pages.nights import PLACES, Night, name_channel, say_night
from dangol.pages.visitor import Visitor
from dangol.pages.ways import say_way

Row = Mapping[str, object]


def say_choices(
    words: ChoiceTexts,
    *,
    visitor: Visitor,
    ways: Sequence[Way],
    shown: Sequence[Way],
    wishes: Wishes,
    collections: Sequence[Collection],
    nights: Sequence[Night],
    ads: Sequence[Ad],
    done: str,
    now: datetime,
) -> Row:
    """Return the fields of ``choices.liquid``; those of ``ways`` in ``shown`` have a switch."""
    shop = visitor.workspace.sender_name
    change, is_slow = read_done(done)
    if change is not None and not holds(
        change,
        wishes=wishes,
        ways=ways,
        collections=collections,
        nights=nights,
        ads=ads,
        now=now,
    ):
        change = None
    return {
        "said": say_done(
            words,
            change,
            visitor=visitor,
            wishes=wishes,
            purpose=title_of_purpose(words, change, collections),
            channel=channel_of(words, change, nights),
            address=address_of(words, change, ads),
            by=way_of(words, change, ways),
            is_slow=is_slow,
        ),
        "undo": say_undo(change),
        "for_whom": say_whom(words, visitor),
        "ways": say_ways(words, shown, visitor=visitor),
        "nights": say_nights(words, nights, visitor=visitor),
        "ads": say_ads(words, ads, visitor=visitor),
        "topics": say_topics(words, wishes),
        "collections": say_collections(words, collections, visitor=visitor),
        "often": say_often(words, wishes),
        "rest": say_rest(words, wishes, visitor=visitor, now=now),
        "is_on": any(way.is_on for way in ways),
        "all_body": words.all_body.format(shop=shop),
    }


def say_whom(words: ChoiceTexts, visitor: Visitor) -> str:
    """Say whose choices these are; a message on another channel names no address."""
    text = words.for_whom if visitor.email else words.for_whom_unnamed
    return text.format(email=visitor.email, shop=visitor.workspace.sender_name)


def say_ways(words: ChoiceTexts, ways: Sequence[Way], *, visitor: Visitor) -> list[Row]:
    rows: list[Row] = []
    for way in ways:
        since = ""
        if way.subscription.since is not None:
            since = words.since.format(when=day_of(words, way.subscription.since, visitor))
        label = words.way_off if way.is_on else words.way_on
        rows.append(
            {
                "id": PLACES[way.channel],
                "body": say_way(words.way_wording, words, visitor, way),
                "state": " · ".join(filter(None, (words.on if way.is_on else words.off, since))),
                "mark": "on" if way.is_on else "off",
                "action": Action.WAY_OFF if way.is_on else Action.WAY_ON,
                "label": say_way(label, words, visitor, way),
                "short": words.stop if way.is_on else words.get,
            }
        )
    return rows


def way_of(words: ChoiceTexts, change: Change | None, ways: Sequence[Way]) -> str:
    found = (way for way in ways if change and PLACES[way.channel] == change.value)
    return next((words.ways_by[way.channel] for way in found), "")


def say_nights(words: ChoiceTexts, nights: Sequence[Night], *, visitor: Visitor) -> list[Row]:
    rows: list[Row] = []
    for night in nights:
        label = words.night_off if night.is_on else words.night_on
        rows.append(
            {
                "id": night.place,
                "body": say_night(words.night_body, words, visitor, night),
                "state": words.on if night.is_on else words.off,
                "mark": "on" if night.is_on else "off",
                "action": Action.NIGHT_OFF if night.is_on else Action.NIGHT_ON,
                "label": say_night(label, words, visitor, night),
                "short": words.stop if night.is_on else words.get,
            }
        )
    return rows


def say_ads(words: ChoiceTexts, ads: Sequence[Ad], *, visitor: Visitor) -> list[Row]:
    return [
        {
            "id": ad.place,
            "body": say_ad(words.ad_body, words, visitor, ad),
            "state": words.collect_on_state if ad.is_on else words.ad_off_state,
            "mark": "on" if ad.is_on else "off",
            "action": Action.ADS_OFF if ad.is_on else Action.ADS_ON,
            "label": say_ad(words.ad_off if ad.is_on else words.ad_on, words, visitor, ad),
            "short": words.ad_stop if ad.is_on else words.ad_allow,
        }
        for ad in ads
    ]


def address_of(words: ChoiceTexts, change: Change | None, ads: Sequence[Ad]) -> str:
    found = (ad for ad in ads if change and ad.place == change.value)
    return next((name_address(words, ad) for ad in found), "")


def channel_of(words: ChoiceTexts, change: Change | None, nights: Sequence[Night]) -> str:
    found = (night for night in nights if change and night.place == change.value)
    return next((name_channel(words, night) for night in found), "")


def say_topics(words: ChoiceTexts, wishes: Wishes) -> list[Row]:
    rows: list[Row] = []
    for topic in wishes.topics:
        title = title_of(words, wishes, topic.id)
        is_on = topic.id not in wishes.refused
        label = words.topic_off if is_on else words.topic_on
        rows.append(
            {
                "id": topic.id,
                "title": title,
                "state": words.on if is_on else words.off,
                "mark": "on" if is_on else "off",
                "action": Action.TOPIC_OFF if is_on else Action.TOPIC_ON,
                "label": label.format(topic=title),
                "short": words.stop if is_on else words.get,
            }
        )
    return rows


def say_collections(
    words: ChoiceTexts, collections: Sequence[Collection], *, visitor: Visitor
) -> list[Row]:
    rows: list[Row] = []
    for one in collections:
        title = purpose_title(words, one)
        since = ""
        if one.since is not None:
            since = words.since.format(when=day_of(words, one.since, visitor))
        state = words.collect_on_state if one.is_on else words.collect_off_state
        rows.append(
            {
                "id": one.purpose.id,
                "title": title,
                "why": one.purpose.why_ko if words.locale == "ko" else one.purpose.why_en,
                "state": " · ".join(filter(None, (state, since))),
                "mark": "on" if one.is_on else "off",
                "action": Action.COLLECT_OFF if one.is_on else Action.COLLECT_ON,
                "label": (words.collect_off if one.is_on else words.collect_on).format(
                    purpose=title
                ),
                # Who stopped before may still have deleted what was kept then.
                "erase": Action.COLLECT_ERASE if one.state is not None else "",
                "erase_label": words.collect_erase.format(purpose=title),
                "short": words.collect_stop if one.is_on else words.collect_allow,
            }
        )
    return rows


def purpose_title(words: ChoiceTexts, one: Collection) -> str:
    return one.purpose.title_ko if words.locale == "ko" else one.purpose.title_en


def title_of_purpose(
    words: ChoiceTexts, change: Change | None, collections: Sequence[Collection]
) -> str:
    found = (one for one in collections if change and one.purpose.id == change.value)
    return next((purpose_title(words, one) for one in found), "")


def say_often(words: ChoiceTexts, wishes: Wishes) -> list[Row]:
    chosen = wishes.weekly_messages or 0
    rows: list[Row] = [{"value": 0, "label": words.often_any, "chosen": chosen == 0}]
    for number in WEEKLY:
        label = words.often_weekly.format(n=number)
        rows.append({"value": number, "label": label, "chosen": chosen == number})
    return rows


def say_rest(words: ChoiceTexts, wishes: Wishes, *, visitor: Visitor, now: datetime) -> Row:
    if wishes.snoozed_until is not None and wishes.rests(now):
        body = words.rest_until.format(when=day_of(words, wishes.snoozed_until, visitor))
        return {"body": body, "action": Action.WAKE, "label": words.rest_off}
    return {"body": words.rest_body, "action": Action.REST, "label": words.rest_on}


def say_done(
    words: ChoiceTexts,
    change: Change | None,
    *,
    visitor: Visitor,
    wishes: Wishes,
    purpose: str,
    channel: str,
    address: str,
    by: str,
    is_slow: bool,
) -> str:
    """Say what holds since the last press; empty where nothing was pressed."""
    if change is None:
        return ""
    weekly = words.said_weekly if change.value else words.said_weekly_any
    said = {
        Action.WAY_ON: words.said_way_on,
        Action.WAY_OFF: words.said_way_off,
        Action.ALL_ON: words.said_all_on,
        Action.ALL_OFF: words.said_all_off,
        Action.TOPIC_ON: words.said_topic_on,
        Action.TOPIC_OFF: words.said_topic_off,
        Action.WEEKLY: weekly,
        Action.NIGHT_ON: words.said_night_on,
        Action.NIGHT_OFF: words.said_night_off,
        Action.ADS_ON: words.said_ad_on,
        Action.ADS_OFF: words.said_ad_off,
        Action.REST: words.said_rest,
        Action.WAKE: words.said_wake,
        Action.COLLECT_ON: words.said_collect_on,
        Action.COLLECT_OFF: words.said_collect_off,
        Action.COLLECT_ERASE: words.said_collect_erase,
    }[change.action].format(
        shop=visitor.workspace.sender_name,
        topic=title_of(words, wishes, change.value),
        n=change.value,
        purpose=purpose,
        channel=channel,
        address=address,
        by=by,
        when=day_of(words, wishes.snoozed_until, visitor) if wishes.snoozed_until else "",
    )
    return f"{said} {words.slow}" if is_slow else said


def say_undo(change: Change | None) -> Row:
    back = undone(change) if change else None
    if back is None:
        return {}
    return {"action": back.action, "value": back.value}


def title_of(words: ChoiceTexts, wishes: Wishes, topic_id: int) -> str:
    is_korean = words.locale == "ko"
    found = (topic for topic in wishes.topics if topic.id == topic_id)
    return next((topic.title_ko if is_korean else topic.title_en for topic in found), "")


def day_of(words: ChoiceTexts, moment: datetime, visitor: Visitor) -> str:
    return words.day_form.format(moment.astimezone(visitor.workspace.zone))
