"""The commands about what customers see: topics to switch off, and the look of their pages."""

import argparse
import json
from dataclasses import asdict

from dangol.app.manage import CONSOLE, asked
from dangol.app.settings import Settings
from dangol.consent.topics import TopicError, list_topics, remove_topic, save_topic
from dangol.store.workspace import set_brand


def run_topic_add(options: argparse.Namespace, settings: Settings) -> int:
    """Add a topic, or give it new titles."""
    with asked(options, settings, TopicError) as (connection, workspace_id, now):
        topic = save_topic(
            connection,
            workspace_id=workspace_id,
            name=options.name,
            title_ko=options.title_ko,
            title_en=options.title_en,
            now=now,
        )
    CONSOLE.print(f"{topic.name}: {topic.title_ko} / {topic.title_en}")
    return 0


def run_topic_list(options: argparse.Namespace, settings: Settings) -> int:
    """List the topics."""
    with asked(options, settings) as (connection, workspace_id, _):
        topics = list_topics(connection, workspace_id=workspace_id)
    if options.json:
        CONSOLE.print(json.dumps([asdict(topic) for topic in topics], ensure_ascii=False))
        return 0
    for topic in topics:
        CONSOLE.print(f"{topic.name}: {topic.title_ko} / {topic.title_en}")
    if not topics:
        CONSOLE.print("There is no topic yet. Add one with `dangol topic add`.")
    return 0


def run_topic_remove(options: argparse.Namespace, settings: Settings) -> int:
    """Remove a topic."""
    with asked(options, settings, TopicError) as (connection, workspace_id, _):
        remove_topic(connection, workspace_id=workspace_id, name=options.name)
    CONSOLE.print(f"Topic {options.name} is removed.")
    return 0


def run_brand(options: argparse.Namespace, settings: Settings) -> int:
    """Give customer pages the shop's look."""
    with asked(options, settings, ValueError) as (connection, workspace_id, _):
        set_brand(
            connection, workspace_id=workspace_id, colour=options.colour, logo_url=options.logo
        )
    CONSOLE.print("Customer pages have the new look.")
    return 0
