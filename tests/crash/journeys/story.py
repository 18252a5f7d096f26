"""What happens in the shop under attack: the journeys, and what they must come to for everybody.

Everybody views a cart. Every other one buys, once they are seen to be waited for.
"""

import random
from collections import Counter
from collections.abc import Iterable
from typing import Final

from dangol.journeys.inside import Inside
from dangol.store.vocabulary import InsidePolicy

VIEWED: Final = "Cart Viewed"
BOUGHT: Final = "Order Completed"
CART: Final = """
name: cart
title: {{ko: 장바구니, en: Cart {turn}}}
entry: {{event: Cart Viewed, reentry_days: 0, within: 30 days}}
steps:
  - {{name: hello, kind: message, template: note, fallback: [note_sms]}}
  - {{name: marked, kind: update, set: {{seen: true}}}}
  - {{name: {wait}, kind: wait, for: 1 day}}
  - {{name: drawn, kind: split, ways: [{{share: 50, then: called}}, {{share: 50, then: asked}}]}}
  - {{name: asked, kind: branch, ways: [{{when: {seen}, then: called}}], otherwise: lost}}
  - {{name: called, kind: enter, journey: called}}
  - {{name: bought, kind: wait_for, event: Order Completed, at_most: 2 days, then: thanks,
     otherwise: nudge}}
  - {{name: thanks, kind: message, template: note, next: done}}
  - {{name: nudge, kind: message, template: note, next: done}}
  - {{name: lost, kind: message, template: note, next: done}}
  - {{name: done, kind: exit}}
"""
SEEN: Final = "{kind: trait, trait: seen, is: {kind: is_true}}"
LATE: Final = """
name: late
title: {{ko: 늦은 안내, en: Late {turn}}}
entry: {{event: Cart Viewed, reentry_days: 0, within: 30 days}}
goal: Order Completed
steps:
  - {{name: {wait}, kind: wait, for: 7 days}}
  - {{name: late, kind: message, template: note}}
"""
CALLED: Final = """
name: called
title: {ko: 부름, en: Called}
entry: {call: true, reentry_days: 0, within: 30 days}
steps:
  - {name: word, kind: message, template: note}
"""
# What the wait is called: who follows a version with another name stays, unless a map says so.
WAITS: Final = ("a-while", "some-time")
FIRST: Final = (
    CALLED,
    *(text.format(turn=0, wait=wait, seen=SEEN) for text in (CART, LATE) for wait in WAITS),
)
# One in so many versions is new; the others are taken again.
NEW_ONE_IN: Final = 4
TURNS: Final = 20
# The step at which somebody who is to buy waits.
AWAITED: Final = "bought"


def write_version(chance: random.Random) -> tuple[str, Inside]:
    """Write some version of a journey, and what is to become of those inside.

    Versions differ by their title and by what the wait is called, so that all come to the same.
    """
    wait, other = chance.sample(WAITS, 2)
    policy = chance.choice([*InsidePolicy])
    steps = {other: wait} if policy is InsidePolicy.MIGRATE else {}
    turn = chance.randrange(TURNS if chance.randrange(NEW_ONE_IN) else 10**9)
    text = chance.choice((CART, LATE)).format(turn=turn, wait=wait, seen=SEEN)
    return text, Inside(policy=policy, steps=steps)


def buys(customer: str) -> bool:
    """Tell whether somebody buys in the end."""
    return int(customer.rpartition("-")[2]) % 2 == 1


def expected_messages(customers: Iterable[str]) -> Counter[tuple[str, str]]:
    """Count the messages that must have been planned, by customer and step."""
    planned: Counter[tuple[str, str]] = Counter()
    for customer in customers:
        last = ["thanks"] if buys(customer) else ["nudge", "late"]
        # Nobody has an address: the ladder of the first message is gone down to its end.
        planned.update((customer, step) for step in ("hello", "hello instead", "word", *last))
    return planned


def expected_ends(customers: Iterable[str]) -> Counter[tuple[str, str, str]]:
    """Count the enrollments there must have been, by customer, journey and end."""
    ends: Counter[tuple[str, str, str]] = Counter()
    for customer in customers:
        late = "goal_met" if buys(customer) else "completed"
        ends.update(
            (customer, journey, reason)
            for journey, reason in (("cart", "completed"), ("called", "completed"), ("late", late))
        )
    return ends
