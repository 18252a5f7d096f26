"""The commands about the pages that customers see, as a table."""

from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command

TOPIC: Final = Argument(name="name", help="the topic's name: small letters, digits and hyphens")

PAGE_COMMANDS: Final = (
    Command(
        name="topic add",
        summary="Add a topic that customers may switch off, or give it new titles",
        explanation=(
            "Customers see the title on their page of choices, in their language. Whoever says\n"
            "nothing gets every topic. docs/guides/customer-pages.md."
        ),
        examples=('dangol topic add new-arrivals --title-ko 신상품 --title-en "New arrivals"',),
        runs="dangol.app.topics:run_topic_add",
        arguments=(
            TOPIC,
            Argument(name="--title-ko", required=True, help="what Korean customers read"),
            Argument(name="--title-en", required=True, help="what English customers read"),
            WORKSPACE,
        ),
    ),
    Command(
        name="topic list",
        summary="List the topics customers may switch off",
        explanation="Shows each topic's name and its titles.",
        examples=("dangol topic list", "dangol topic list --json"),
        runs="dangol.app.topics:run_topic_list",
        arguments=(JSON, WORKSPACE),
    ),
    Command(
        name="topic remove",
        summary="Remove a topic",
        explanation=(
            "Forgets who had switched it off. A topic that a template is of stays until the\n"
            "template has another."
        ),
        examples=("dangol topic remove new-arrivals",),
        runs="dangol.app.topics:run_topic_remove",
        arguments=(TOPIC, WORKSPACE),
    ),
)
