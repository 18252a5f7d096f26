"""What the page about somebody's own data shows, in the words of one language."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from dangol.channels.render import name_of
from dangol.content.liquid import TemplateError, parse
from dangol.feedback.notes import Note
from dangol.pages.history_facts import Facts, Held, Told
from dangol.pages.history_texts import HistoryTexts
from dangol.pages.history_words import (
    ACTIONS,
    AD_ACTIONS,
    DELIVERIES,
    ENTRIES,
    KINDS,
    NOTICES,
    SOURCES,
    STATES,
    VIEWERS,
    say_event,
    say_reason,
)
from dangol.pages.visitor import Visitor
from dangol.store.vocabulary import MessageState

Row = Mapping[str, object]
MOST_ROWS: Final = 12


def say_history(words: HistoryTexts, facts: Facts, *, visitor: Visitor) -> Row:
    """Return the fields of ``history.liquid``, without its links and notes."""
    shop, zone = visitor.workspace.sender_name, visitor.workspace.zone
    return {
        "intro": words.intro.format(shop=shop, email=visitor.email),
        "parts": [
            say_part(
                words,
                (words.who_title, words.who_why, words.who_source),
                [say_identifier(words, held, zone=zone) for held in facts.identifiers],
            ),
            say_part(
                words,
                (words.traits_title, words.traits_why, words.traits_source.format(shop=shop)),
                [say_trait(words, held, zone=zone) for held in facts.traits],
            ),
            say_part(
                words,
                (words.did_title, words.did_why, words.did_source.format(shop=shop)),
                [say_activity(words, held, zone=zone) for held in facts.activity],
            ),
            say_part(
                words,
                (words.allowed_title, words.allowed_why, words.allowed_source),
                [say_consent(words, held, zone=zone) for held in facts.consents],
            ),
            say_part(
                words,
                (words.seen_title, words.seen_why, words.seen_source),
                [
                    {
                        "name": VIEWERS[role or kind].in_(words.locale),
                        "value": words.did_row.format(n=count, when=say_day(words, at, zone=zone)),
                        "note": "",
                    }
                    for kind, role, count, at in facts.viewers
                ],
            ),
        ],
        "told": [say_told(words, told, facts=facts, visitor=visitor) for told in facts.told],
    }


def say_part(words: HistoryTexts, about: tuple[str, str, str], rows: Sequence[Row]) -> Row:
    title, why, source = about
    hidden = len(rows) - MOST_ROWS
    return {
        "title": title,
        "why": why,
        "source": source,
        "rows": rows[:MOST_ROWS],
        "more": words.hidden.format(n=hidden) if hidden > 0 else "",
    }


def say_identifier(words: HistoryTexts, held: Held, *, zone: ZoneInfo) -> Row:
    since = say_day(words, held.at, zone=zone)
    noted = words.since.format(when=since) if since else ""
    return {
        "name": KINDS[held.name].in_(words.locale),
        "value": held.value or noted,
        "note": noted if held.value else "",
    }


def say_trait(words: HistoryTexts, held: Held, *, zone: ZoneInfo) -> Row:
    return {
        "name": held.name,
        "value": held.value,
        "note": say_day(words, held.at, zone=zone),
    }


def say_activity(words: HistoryTexts, held: Held, *, zone: ZoneInfo) -> Row:
    return {
        "name": say_event(held.name, locale=words.locale) if words.locale == "ko" else held.name,
        "value": words.did_row.format(n=held.count, when=say_day(words, held.at, zone=zone)),
        "note": "",
    }


def say_consent(words: HistoryTexts, held: Held, *, zone: ZoneInfo) -> Row:
    action = {**ACTIONS, **AD_ACTIONS}.get(held.name)
    source = SOURCES.get(held.value)
    return {
        "name": say_day(words, held.at, zone=zone),
        "value": action.in_(words.locale) if action else held.name,
        "note": source.in_(words.locale) if source else held.value,
    }


def say_told(words: HistoryTexts, told: Told, *, facts: Facts, visitor: Visitor) -> Row:
    zone = visitor.workspace.zone
    delivered = DELIVERIES.get(told.delivery_state)
    is_over = told.state in (MessageState.HANDED, MessageState.FAILED)
    state = delivered if delivered and is_over else STATES[told.state]
    until = told.settled_at or told.act_at or told.planned_at
    event = say_event(told.entry_event, locale=words.locale)
    is_marketing = told.purpose == "marketing"
    return {
        "subject": say_subject(told, facts=facts, visitor=visitor),
        "purpose": words.marketing if is_marketing else words.informational,
        "when": say_day(words, told.planned_at, zone=zone),
        "state": state.in_(words.locale).format(until=say_hour(words, until, zone=zone)),
        "mark": "on" if told.delivery_state == "accepted" else "off",
        "reason": say_reason(
            told.reason, purpose=told.purpose, locale=words.locale, notice=told.notice
        ),
        "cause": (NOTICES.get(told.notice) or ENTRIES[told.entry_kind])
        .in_(words.locale)
        .format(event=event),
    }


def say_notes(words: HistoryTexts, notes: Sequence[Note], *, visitor: Visitor) -> list[Row]:
    """Return what changed because of customers."""
    zone = visitor.workspace.zone
    return [
        {
            "text": note.text_ko if words.locale == "ko" else note.text_en,
            "when": say_day(words, note.published_at, zone=zone),
        }
        for note in notes
    ]


def say_subject(told: Told, *, facts: Facts, visitor: Visitor) -> str:
    """Write a message's subject as it went out; as the template has it where it cannot be."""
    shop = visitor.workspace
    fields = {
        "customer": {"name": name_of(facts.called), "traits": facts.called},
        "shop": {"name": shop.sender_name, "email": "", "phone": "", "postal": ""},
        "links": {"shop": "", "unsubscribe": "", "preferences": ""},
    }
    try:
        return parse("subject", told.subject, escape=False).render(fields)
    except TemplateError:
        return told.subject


def say_day(words: HistoryTexts, moment: datetime | None, *, zone: ZoneInfo) -> str:
    return "" if moment is None else words.day_form.format(moment.astimezone(zone))


def say_hour(words: HistoryTexts, moment: datetime, *, zone: ZoneInfo) -> str:
    return words.hour_form.format(moment.astimezone(zone))
