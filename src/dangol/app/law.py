"""What the laws ask, as the guard's packs have it: `dangol law`, and docs/reference/law.md."""

import argparse
from collections.abc import Iterator
from typing import Final

import msgspec

from dangol.app.manage import CONSOLE
from dangol.app.settings import Settings
from dangol.guard.law.pack import Example, NightRule, Pack, Rule, read_packs

HEAD: Final = """\
# What the law asks

The guard judges advertising by the law of the customer's country (`country` among their traits),
else of the shop's (`dangol workspace add --country`), else as in Europe. Information that somebody
asked for or needs passes. Every rule names its article, so that somebody who knows the law can
check it, and has examples that the tests run. `dangol law` prints the same.

**This is not legal advice.** Laws change, and what a message is depends on what it says: have the
rules checked by a lawyer before you rely on them. Markings such as (광고), the sender's address and
free ways to opt out are the template's duty, not the guard's.

광고는 고객의 나라(고객 속성의 `country`), 없으면 상점의 나라 법에 따라 판단합니다.
그 나라의 규칙이 없으면 유럽의 규칙을 따릅니다. **이 문서는 법률 자문이 아닙니다.**
규칙마다 적힌 조문을 전문가와 함께 확인해 주세요.
(광고) 표시와 보내는 이의 주소, 무료 수신 거부 방법은 템플릿에 담아야 합니다."""
WHAT: Final = {
    "allowed": "it may go",
    "no_consent": "skipped: `no_consent`",
    "renewal_overdue": "skipped: `renewal_overdue`",
    "channel_forbidden": "skipped: `channel_forbidden`",
    "night_law": "held: `night_law`",
}


def run_law(options: argparse.Namespace, _settings: Settings) -> int:
    """Print the rules of one country, or of all."""
    packs = [pack for pack in read_packs() if options.country in ("", pack.code)]
    if options.json:
        CONSOLE.print_json(msgspec.json.encode(packs).decode())
        return 0
    CONSOLE.print("\n".join(line for pack in packs for line in told(pack)))
    CONSOLE.print("\n이 내용은 법률 자문이 아닙니다. This is not legal advice.")
    return 0


def law_page() -> str:
    """Return docs/reference/law.md."""
    return "\n".join([HEAD, *(line for pack in read_packs() for line in written(pack))]) + "\n"


def told(pack: Pack) -> Iterator[str]:
    """Say a pack for the terminal."""
    yield f"{pack.code}  {pack.title.ko} · {pack.title.en}"
    for rule in pack.rules:
        yield f"\n  {rule.article.ko} · {rule.article.en}"
        yield f"  {', '.join(rule.channels)}"
        yield f"  {rule.says.ko}"
        yield f"  {rule.says.en}"
    for duty in pack.duties:
        yield f"\n  {duty.article.ko} · {duty.article.en}"
        yield f"  {duty.says.ko}"
        yield f"  {duty.says.en}"
    yield ""


def written(pack: Pack) -> Iterator[str]:
    """Say a pack for the reference."""
    yield f"\n## {pack.title.en} ({pack.title.ko})\n"
    yield f"Customers of {', '.join(pack.countries)}."
    for rule in pack.rules:
        yield f"\n### {rule.article.en}\n"
        yield f"{rule.article.ko}\n"
        yield f"For {', '.join(f'`{channel}`' for channel in rule.channels)}{hours_of(rule)}.\n"
        yield f"{rule.says.en}\n"
        yield f"{rule.says.ko}\n"
        yield "| the message | what becomes of it |\n|---|---|"
        yield from (f"| {case_of(example)} | {fate_of(example)} |" for example in rule.examples)
    for duty in pack.duties:
        yield f"\n### To be told: {duty.article.en}\n"
        yield f"{duty.article.ko}\n"
        yield f"{duty.says.en} Sent by itself ([consents](../guides/consent.md)).\n"
        yield duty.says.ko


def hours_of(rule: Rule) -> str:
    return f", from {rule.begins} to {rule.ends}" if isinstance(rule, NightRule) else ""


def case_of(example: Example) -> str:
    said = example.consent or "said nothing"
    parts = [
        example.purpose,
        example.channel,
        f"{said}, the night, too" if example.night else said,
        f"confirmed {example.confirmed}" if example.confirmed else "",
        f"bought {example.bought}" if example.bought else "",
        "about goods like those bought" if example.similar else "",
        f"at {example.at}",
    ]
    return ", ".join(part for part in parts if part)


def fate_of(example: Example) -> str:
    until = f" until {example.until}" if example.until else ""
    return WHAT[example.expect] + until
