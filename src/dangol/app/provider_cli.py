"""The commands about vendors: how they fare, and letting them go on."""

import argparse
import json
from dataclasses import asdict

from dangol.app.clock import shifted_clock
from dangol.app.manage import CONSOLE, open_connection
from dangol.app.problem import ProblemError
from dangol.app.providers import PROVIDERS, providers_of
from dangol.app.settings import Settings
from dangol.channels.domains import Told, limit_domain, list_domains, resume_domains
from dangol.channels.prices import MOST_PRICE, Price, PricedKind, list_prices, set_price
from dangol.channels.rates import Provider, limit_provider, list_providers, resume_provider
from dangol.channels.warm_up import WarmUp, end_warm_up, list_warm_ups, set_warm_up
from dangol.store.vocabulary import Channel


def run_list(options: argparse.Namespace, settings: Settings) -> int:
    """Say how every vendor fares."""
    with open_connection(settings) as connection:
        found = list_providers(connection)
        receivers = list_domains(connection)
        warm_ups = list_warm_ups(connection, now=shifted_clock(connection))
    domains = {one.name: [to for to in receivers if to.provider == one.name] for one in found}
    warming = {one.provider: one for one in warm_ups}
    if options.json:
        told = [
            {
                **asdict(one),
                "domains": [asdict(to) for to in domains[one.name]],
                "warm_up": tell_warm_up(warming.get(one.name)),
            }
            for one in found
        ]
        CONSOLE.print_json(json.dumps(told, default=str))
        return 0
    for one in found:
        CONSOLE.print(f"{one.name}  {say_standing(one)}")
        if warm_up := warming.get(one.name):
            CONSOLE.print(f"  warm-up: {say_warm_up(warm_up)}")
        for to in domains[one.name]:
            CONSOLE.print(f"  to {to.domain}: {say_receiver(to)}")
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


def say_receiver(one: Told) -> str:
    """Say how a receiver of mail fares, in a line."""
    limit = f"at most {one.per_second:g} a second" if one.per_second else ""
    rest = f"rests until {one.rests_until:%Y-%m-%d %H:%M:%S}Z" if one.rests_until else ""
    why = f"it said {one.failures} times in a row that it was too much" if rest else ""
    return ": ".join(filter(None, [rest, why])) + (", " if rest and limit else "") + limit


def say_warm_up(one: WarmUp) -> str:
    """Say how far a warm-up is, in a line."""
    if one.most is None:
        return f"over, {one.goal} a day are reached"
    return f"{one.taken} of {one.most} today, growing by {one.growth:g} a day up to {one.goal}"


def tell_warm_up(one: WarmUp | None) -> dict[str, object] | None:
    return one and {**asdict(one), "most": one.most}


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
            resume_domains(connection, provider=options.name)
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
    said = f"at most {options.per_second:g} a second" if options.per_second else "as many as go"
    rate = options.per_second or None
    if not options.domain:
        with open_connection(settings) as connection:
            limit_provider(connection, name=options.name, per_second=rate)
        CONSOLE.print(f"{options.name} gets {said}.")
        return 0
    check_mail(options.name, settings)
    with open_connection(settings) as connection:
        try:
            name = limit_domain(
                connection, provider=options.name, domain=options.domain, per_second=rate
            )
        except ValueError as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(f"{options.name} brings {said} to {name}.")
    return 0


def run_warm_up(options: argparse.Namespace, settings: Settings) -> int:
    """Begin or end a vendor's warm-up."""
    check_mail(options.name, settings)
    if options.off:
        with open_connection(settings) as connection:
            end_warm_up(connection, provider=options.name)
        CONSOLE.print(f"{options.name} gets as many messages a day as there are.")
        return 0
    with open_connection(settings) as connection:
        try:
            set_warm_up(
                connection,
                provider=options.name,
                start=options.start,
                growth=options.growth,
                goal=options.goal,
            )
        except ValueError as error:
            raise ProblemError(str(error)) from error
    CONSOLE.print(
        f"{options.name} gets {options.start} messages on the first day, {options.growth:g} times "
        f"as many on each that follows, and from {options.goal} on as many as there are."
    )
    return 0


def check_mail(name: str, settings: Settings) -> None:
    """See that a vendor carries mail.

    Raises:
        ProblemError: it does not, or there is none of that name.
    """
    known = [one.name for one in providers_of(settings) if Channel.EMAIL in one.channels]
    if name not in known:
        raise ProblemError(f"{name!r} carries no mail; these do: {', '.join(known)}.")
