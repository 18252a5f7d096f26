"""Nobody changes the ledger unseen: every entry of ten thousand, tampered with in every way.

In memory, since a walk along the chain needs no more than the link before: each mutant is judged
from there on. What real statements can do to the real tables is in test_chain.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache

from tests.build import NOON

from dangol.consent.chain import Anchor, Link, Walk, stamp
from dangol.consent.verify import NOTHING, hash_link, hash_of

ENTRIES = 10_000
SHOP = 7
# Often, so that what a forger computes anew up to the next anchor is short.
ANCHOR_EVERY = 20


def facts_of(number: int) -> dict[str, object]:
    return {
        "entry": number,
        "workspace": SHOP,
        "customer": 1 + number % 700,
        "channel": "email",
        "purpose": "marketing",
        "action": ("grant", "withdraw", "refuse", "renew")[number % 4],
        "source": "회원가입",
        "occurred_at": stamp(NOON + timedelta(seconds=number)),
        "recorded_at": stamp(NOON + timedelta(seconds=number)),
        "salt": f"{number:032x}",
    }


def chained(facts: dict[str, object], *, seq: int, previous: str) -> Link:
    """A link as whoever knows our code would compute it."""
    digest, at = hash_of(facts), stamp(NOON)
    entry_id = facts["entry"]
    assert isinstance(entry_id, int)
    own = hash_link(workspace=SHOP, seq=seq, previous=previous, digest=digest, at=at)
    return Link(seq=seq, entry_id=entry_id, digest=digest, hash=own, at=at, facts=facts)


@cache
def ledger() -> tuple[Link, ...]:
    links: list[Link] = []
    for seq in range(1, ENTRIES + 1):
        previous = links[-1].hash if links else NOTHING
        links.append(chained(facts_of(seq), seq=seq, previous=previous))
    return tuple(links)


@cache
def anchors() -> tuple[Anchor, ...]:
    return tuple(
        Anchor(workspace_id=SHOP, seq=link.seq, hash=link.hash)
        for link in ledger()[ANCHOR_EVERY - 1 :: ANCHOR_EVERY]
    )


def before(place: int) -> str:
    return ledger()[place - 1].hash if place else NOTHING


def found(place: int, links: Iterable[Link], *, anchored: Iterable[Anchor] = ()) -> set[str]:
    """What a walk finds that has come, with nothing amiss, up to ``place``."""
    walk = Walk(workspace_id=SHOP, anchors=anchored, seq=place, hash=before(place))
    stepped = [fault.kind for link in links if (fault := walk.step(link))]
    return {*stepped, *(fault.kind for fault in walk.end())}


def next_anchor(place: int) -> Anchor:
    return anchors()[place // ANCHOR_EVERY]


def unseen(findings: Iterable[set[str]]) -> list[int]:
    return [place for place, kinds in enumerate(findings) if not kinds]


def test_a_ledger_that_nobody_touched_has_no_fault() -> None:
    assert found(0, ledger(), anchored=anchors()) == set()


def test_every_edit_is_seen() -> None:
    altered = (replace(link, facts={**(link.facts or {}), "action": "no"}) for link in ledger())

    findings = [found(place, [link]) for place, link in enumerate(altered)]

    assert findings == [{"altered_entry"}] * ENTRIES


def test_every_edit_is_seen_though_its_digest_is_mended() -> None:
    findings = [
        found(place, [replace(link, facts=facts, digest=hash_of(facts))])
        for place, link in enumerate(ledger())
        if (facts := {**(link.facts or {}), "customer": 999_999})
    ]

    assert findings == [{"broken_link"}] * ENTRIES


def test_every_edit_is_seen_though_its_link_is_mended() -> None:
    """The link after it no longer follows; after the last there is the anchor."""
    findings = [
        found(place, [mended, *ledger()[place + 1 : place + 2]], anchored=anchors()[-1:])
        for place, link in enumerate(ledger())
        if (mended := forged(place, link))
    ]

    assert unseen(findings) == []
    assert findings[-1] == {"rewritten"}


def forged(place: int, link: Link) -> Link:
    facts = {**(link.facts or {}), "source": "forged"}
    return chained(facts, seq=link.seq, previous=before(place))


def test_every_deletion_is_seen() -> None:
    entry = [found(at, [replace(link, facts=None)]) for at, link in enumerate(ledger())]
    both = [
        found(place, ledger()[place + 1 : place + 2], anchored=anchors()[-1:])
        for place in range(ENTRIES)
    ]
    renumbered = [
        found(place, [replace(link, seq=place + 1)], anchored=())
        for place, link in enumerate(ledger()[1:])
    ]

    assert entry == [{"missing_entry"}] * ENTRIES
    assert unseen(both) == []
    assert unseen(renumbered) == []


def test_every_insertion_is_seen() -> None:
    """A new entry that follows well, and those behind it moved up by one."""
    findings = [
        found(
            place,
            [
                chained(facts_of(50_000 + place), seq=place + 1, previous=before(place)),
                replace(link, seq=link.seq + 1),
            ],
        )
        for place, link in enumerate(ledger())
    ]

    assert findings == [{"broken_link"}] * ENTRIES


def test_every_swap_is_seen() -> None:
    """With the neighbour, and with one far away; of the entries alone, and with their links."""
    contents: list[set[str]] = []
    links: list[set[str]] = []
    for place, link in enumerate(ledger()):
        for other in (place + 1, place + 4_321):
            twin = ledger()[other % ENTRIES]
            contents.append(found(place, [replace(link, facts=twin.facts)]))
            links.append(found(place, [replace(twin, seq=link.seq)]))

    assert unseen(contents) == []
    assert unseen(links) == []


def test_every_truncation_is_seen_by_the_anchor() -> None:
    findings = [found(place, [], anchored=[next_anchor(place)]) for place in range(ENTRIES)]

    assert findings == [{"cut_off"}] * ENTRIES


def test_every_fork_is_seen_by_the_next_anchor() -> None:
    """An entry is altered and everything behind it computed anew: no hash is wrong."""
    findings = [fork(place, anchor=next_anchor(place)) for place in range(ENTRIES)]

    assert findings == [{"rewritten"}] * ENTRIES


def test_a_fork_is_seen_however_far_away_the_anchor_is() -> None:
    findings = [fork(place, anchor=anchors()[-1]) for place in range(0, ENTRIES, 1_000)]

    assert findings == [{"rewritten"}] * len(findings)


def test_without_an_anchor_a_fork_is_not_seen() -> None:
    """The limit of every chain, and why there are anchors."""
    assert found(42, forge_onward(42, until=99)) == set()


def fork(place: int, *, anchor: Anchor) -> set[str]:
    return found(place, forge_onward(place, until=anchor.seq), anchored=[anchor])


def forge_onward(place: int, *, until: int) -> Iterator[Link]:
    link = forged(place, ledger()[place])
    yield link
    for other in ledger()[place + 1 : until]:
        own = hash_link(
            workspace=SHOP, seq=other.seq, previous=link.hash, digest=other.digest, at=other.at
        )
        link = replace(other, hash=own)
        yield link
