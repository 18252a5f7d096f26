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
    Command(
        name="workspace brand",
        summary="Give customer pages the shop's colour and logo",
        explanation=(
            "A colour that could not be read is darkened, and in the dark lightened, until it\n"
            "can. The logo is loaded from its own address, 40 pixels high. What is left out is\n"
            "taken away."
        ),
        examples=(
            "dangol workspace brand --colour '#7a3e9d' --logo https://shop.example/logo.png",
            "dangol workspace brand",
        ),
        runs="dangol.app.topics:run_brand",
        arguments=(
            Argument(name="--colour", help="a # and six hexadecimal digits"),
            Argument(name="--logo", help="the address of a picture; https only"),
            WORKSPACE,
        ),
    ),
    Command(
        name="note add",
        summary="Tell customers what changed because of them",
        explanation=(
            "Customers read it on the page about their own data, in their language. Name what\n"
            "changed, never the person who asked for it."
        ),
        examples=(
            'dangol note add --ko "알림을 하루 앞당겼어요." --en "Notices come a day earlier."',
        ),
        runs="dangol.app.notes:run_note_add",
        arguments=(
            Argument(name="--ko", required=True, help="the note in Korean"),
            Argument(name="--en", required=True, help="the note in English"),
            WORKSPACE,
        ),
    ),
    Command(
        name="note list",
        summary="List what customers were told has changed",
        explanation="The newest first, each with its number.",
        examples=("dangol note list",),
        runs="dangol.app.notes:run_note_list",
        arguments=(WORKSPACE,),
    ),
    Command(
        name="note remove",
        summary="Take a note back",
        explanation="Customers see it no longer.",
        examples=("dangol note remove 3",),
        runs="dangol.app.notes:run_note_remove",
        arguments=(
            Argument(name="id", kind=int, help="its number in `dangol note list`"),
            WORKSPACE,
        ),
    ),
    Command(
        name="exits",
        summary="Count who stopped promotions, and why",
        explanation=(
            "Whoever stops may say why with one word of a list; most say nothing. Counts those\n"
            "whom a message made stop, and the answers."
        ),
        examples=("dangol exits", "dangol exits --days 90 --json"),
        runs="dangol.app.notes:run_exits",
        arguments=(
            Argument(name="--days", kind=int, default=30, help="count this many days back"),
            JSON,
            WORKSPACE,
        ),
    ),
)
