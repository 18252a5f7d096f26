"""The commands about what customers see: topics to switch off, and the look of their pages."""

import argparse
import json
from dataclasses import asdict

from dangol.app.clock import shifted_clock
from dangol.app.manage import CONSOLE, find_workspace, open_connection
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.consent.topics import TopicError, list_topics, remove_topic, save_topic
from dangol.store.workspace import set_brand


def run_topic_add(options: argparse.Namespace, settings: Settings) -> int:
    """Add a topic, or give it new titles."""
    with open_connection(settings) as connection:
        try:
            topic = save_topic(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                name=options.name,
                title_ko=options.title_ko,
                title_en=options.title_en,
                now=shifted_clock(connection),
            )
        except TopicError as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(f"{topic.name}: {topic.title_ko} / {topic.title_en}")
    return 0


def run_topic_list(options: argparse.Namespace, settings: Settings) -> int:
    """List the topics."""
    with open_connection(settings) as connection:
        workspace_id = find_workspace(connection, name=options.workspace)
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
    with open_connection(settings) as connection:
        try:
            remove_topic(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                name=options.name,
            )
        except TopicError as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(f"Topic {options.name} is removed.")
    return 0


def run_brand(options: argparse.Namespace, settings: Settings) -> int:
    """Give customer pages the shop's look."""
    with open_connection(settings) as connection:
        try:
            set_brand(
                connection,
                workspace_id=find_workspace(connection, name=options.workspace),
                colour=options.colour,
                logo_url=options.logo,
            )
        except ValueError as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print("Customer pages have the new look.")
    return 0
