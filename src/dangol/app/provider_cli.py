"""The commands about vendors: how they fare, and letting them go on."""

import argparse
import json
from dataclasses import asdict
from typing import Final

from dangol.app.manage import CONSOLE, open_connection
from dangol.app.problem import ProblemError
from dangol.app.providers import PROVIDERS
from dangol.app.settings import Settings
from dangol.channels.prices import Price, PricedKind, list_prices, set_price
from dangol.channels.rates import Provider, limit_provider, list_providers, resume_provider

MOST_PRICE: Final = 1_000_000


def run_list(options: argparse.Namespace, settings: Settings) -> int:
    """Say how every vendor fares."""
    with open_connection(settings) as connection:
        found = list_providers(connection)
    if options.json:
        CONSOLE.print_json(json.dumps([asdict(one) for one in found], default=str))
        return 0
    for one in found:
        CONSOLE.print(f"{one.name}  {say_standing(one)}")
    if not found:
        CONSOLE.print("No vendor has been called yet.")
    return 0


def say_standing(one: Provider) -> str:
    """Say how a vendor fares, in a line."""
    limit = f", at most {one.per_second:g} a second" if one.per_second else ""
    if one.paused_because:
        return f"paused since {one.paused_at:%Y-%m-%d %H:%M}Z: {one.paused_because}{limit}"
    if one.rests_until:
        return f"rests until {one.rests_until:%Y-%m-%d %H:%M}Z: it did not answer{limit}"
    if one.slowed_to:
        return f"slowed to {one.slowed_to:.3g} a second: it said it was too much{limit}"
    return f"well{limit}"


def run_price(options: argparse.Namespace, settings: Settings) -> int:
    """Enter what a kind of message costs."""
    price = read_price(options)
    with open_connection(settings) as connection:
        set_price(connection, price)
    CONSOLE.print(f"{price.provider} {price.kind} costs {price.price:g} won from now on.")
    return 0


def run_prices(options: argparse.Namespace, settings: Settings) -> int:
    """Say what messages cost."""
    with open_connection(settings) as connection:
        found = list_prices(connection)
    if options.json:
        CONSOLE.print_json(json.dumps([asdict(one) for one in found]))
        return 0
    for one in found:
        CONSOLE.print(f"{one.provider:<10} {one.kind:<9} {one.price:g} {one.currency}")
    if not found:
        CONSOLE.print("No prices yet: dangol provider price NAME KIND PRICE.")
    return 0


def read_price(options: argparse.Namespace) -> Price:
    """Return the price that was given.

    Raises:
        ProblemError: there is no such vendor or kind, or the price is below nothing.
    """
    known = [provider.name for provider in PROVIDERS]
    if options.name not in known:
        raise ProblemError(f"There is no vendor {options.name!r}; there are {', '.join(known)}.")
    try:
        kind = PricedKind(options.kind)
    except ValueError as error:
        kinds = ", ".join(PricedKind)
        raise ProblemError(f"{options.kind!r} has no price; these have: {kinds}.") from error
    if not 0 <= options.price < MOST_PRICE:
        raise ProblemError(f"price is {options.price:g}; write what one message costs, like 8.4.")
    return Price(provider=options.name, kind=kind, price=options.price, currency="KRW")


def run_resume(options: argparse.Namespace, settings: Settings) -> int:
    """Let a vendor be called again."""
    with open_connection(settings) as connection:
        try:
            resume_provider(connection, name=options.name)
        except LookupError as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(f"{options.name} is called again.")
    return 0


def run_limit(options: argparse.Namespace, settings: Settings) -> int:
    """Set a vendor's rate."""
    if options.per_second < 0:
        raise ProblemError(
            f"per_second is {options.per_second:g}; write messages a second, 0 for no limit."
        )
    with open_connection(settings) as connection:
        limit_provider(connection, name=options.name, per_second=options.per_second or None)
    said = f"at most {options.per_second:g} a second" if options.per_second else "as many as go"
    CONSOLE.print(f"{options.name} gets {said}.")
    return 0
