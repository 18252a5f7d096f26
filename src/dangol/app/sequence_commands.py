"""The commands about ready-made sequences and about templates, as a table."""

from pathlib import Path
from typing import Final

from dangol.app.arguments import JSON, WORKSPACE, Argument, Command
from dangol.store.vocabulary import Channel

LOCALES: Final = ("ko", "en")
NAME: Final = Argument(name="name", help="the sequence's name; see dangol sequence list")
VARIANT: Final = Argument(name="--variant", default="", help="which variant, where it has several")

SEQUENCE_COMMANDS: Final = (
    Command(
        name="sequence list",
        summary="List the sequences that come with Dangol",
        explanation="Each is a journey with its templates and segments; docs/guides/sequences.md.",
        examples=("dangol sequence list", "dangol sequence list --json"),
        runs="dangol.app.sequences:run_list",
        arguments=(JSON,),
    ),
    Command(
        name="sequence show",
        summary="Print a sequence as a file",
        explanation=(
            "The journey, which `dangol journey apply` reads; above it, as comments, what it is\n"
            "for and what it listens to. With --templates also what its templates say."
        ),
        examples=(
            "dangol sequence show welcome --templates",
            "dangol sequence show cart --variant soon > cart.yaml",
        ),
        runs="dangol.app.sequences:run_show",
        arguments=(
            NAME,
            VARIANT,
            Argument(name="--locale", default="ko", choices=LOCALES, help="of the templates"),
            Argument(name="--templates", kind=None, help="the templates, too"),
        ),
    ),
    Command(
        name="sequence add",
        summary="Put a sequence into a workspace as a draft",
        explanation=(
            "Adds the templates, the segments and the journey, and says what it listens to.\n"
            "Nobody enters it until you let the journey run. What is there already stays as it\n"
            "is, so repeat it as you like; --replace publishes over a journey of its name."
        ),
        examples=(
            "dangol sequence add welcome",
            "dangol sequence add cart --variant soon --locale en",
        ),
        runs="dangol.app.sequences:run_add",
        arguments=(
            NAME,
            VARIANT,
            Argument(
                name="--locale",
                default="",
                choices=LOCALES,
                help="the templates' language; default: the workspace's",
            ),
            Argument(name="--replace", kind=None, help="over a journey that is there"),
            JSON,
            WORKSPACE,
        ),
    ),
    Command(
        name="template apply",
        summary="Put templates from files into a workspace",
        explanation=(
            "Replaces what stands there under the same name and channel, all of it or nothing;\n"
            "what `dangol lint` says must be mended is refused. A file begins with name, channel,\n"
            "purpose, locale and subject and may say topic, expected_value, last_chance and\n"
            "similar_goods (yes or no), vendor_code and buttons, image (a file beside it, or the\n"
            "hash of one that was uploaded), bubble, targeting, image_url, coupon and commerce;\n"
            "what it does not say is taken back. docs/guides/guard.md, docs/guides/vendors.md."
        ),
        examples=("dangol template apply -f coupons.ko.liquid",),
        runs="dangol.app.templates:run_apply",
        arguments=(
            Argument(
                name="-f",
                kind=Path,
                many=True,
                required=True,
                help="a template's file; may be given again",
            ),
            WORKSPACE,
        ),
    ),
    Command(
        name="template list",
        summary="List the templates with what the guard goes by",
        explanation=(
            "Channel, purpose, topic, expected value, and what it is marked as. Of an Alimtalk\n"
            "also how far Kakao is with it at each vendor, what the reviewer wrote, and where\n"
            "what the vendor keeps differs from ours. docs/guides/vendors.md."
        ),
        examples=("dangol template list", "dangol template list --json"),
        runs="dangol.app.templates:run_list",
        arguments=(JSON, WORKSPACE),
    ),
    Command(
        name="template preview",
        summary="Show how a message will look, for a made-up customer",
        explanation=(
            "What it leaves as (SMS, LMS, MMS, which bubble and for whom), its picture, text with\n"
            "mark and way out, goods, buttons and coupon. docs/guides/vendors.md."
        ),
        examples=(
            "dangol template preview sale",
            "dangol template preview sale --channel sms --save sale.jpg",
        ),
        runs="dangol.app.template_preview:run_preview",
        arguments=(
            Argument(name="name", help="the template's name"),
            Argument(name="--channel", choices=tuple(Channel), help="where several have the name"),
            Argument(name="--save", kind=Path, help="write its picture to this file"),
            WORKSPACE,
        ),
    ),
    Command(
        name="template register",
        summary="Send a Kakao template to a vendor, an Alimtalk for Kakao's inspection",
        explanation=(
            "What `dangol lint` says must be mended is refused. The vendor's code is kept with\n"
            "the template. Run it again after a rejection, once the text is mended, or whenever\n"
            "a call was lost: nothing is registered twice. `dangol template list` says how far\n"
            "it is; vendors are asked every five minutes. docs/guides/vendors.md."
        ),
        examples=(
            "dangol template register order_received",
            "dangol template register order_received --vendor nhn",
            "dangol template register new_coats --channel kakao_brand",
        ),
        runs="dangol.app.vendor_templates:run_register",
        arguments=(
            Argument(name="name", help="the template's name"),
            Argument(name="--vendor", help="solapi, nhn or bizgo; default: the one that is set up"),
            Argument(
                name="--channel",
                help="of which the template is; Brand Messages' are kept at NHN",
                choices=("kakao_alimtalk", "kakao_brand"),
                default="kakao_alimtalk",
            ),
            JSON,
            WORKSPACE,
        ),
    ),
    Command(
        name="lint",
        summary="Check templates before they are sent",
        explanation=(
            "All templates of the workspace, or the files named: the (광고) mark, advertising in\n"
            "what calls itself information, pressure, and names that may be missing. Exits 1 if\n"
            "anything must be mended; advice alone does not."
        ),
        examples=("dangol lint", "dangol lint -f cart.ko.liquid --json"),
        runs="dangol.app.lint:run_lint",
        arguments=(
            Argument(name="-f", kind=Path, many=True, help="a template's file; may be given again"),
            JSON,
            WORKSPACE,
        ),
    ),
)
