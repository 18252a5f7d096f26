"""What the console is told of the settings: who is set up, and nothing that is secret."""

from collections.abc import Mapping

from dangol.app.problem import ProblemError
from dangol.app.providers import PROVIDERS, providers_of
from dangol.app.settings import Settings
from dangol.console.desk import Setup
from dangol.store.vocabulary import AdNetwork, Channel


def read_setup(settings: Settings) -> Setup:
    """Return which vendors and ad networks are set up; what is set wrongly counts, too."""
    networks = {
        AdNetwork.META: bool(settings.meta_token),
        AdNetwork.GOOGLE: bool(settings.google_ads_account_file and settings.google_ads_account_id),
    }
    return Setup(
        vendors=set_vendors(settings),
        networks=frozenset(network for network, is_set in networks.items() if is_set),
        loopback=settings.egress_loopback,
    )


def set_vendors(settings: Settings) -> Mapping[str, tuple[Channel, ...]]:
    # What is set wrongly is for the doctor and the workers to say: the pages are to be served.
    try:
        providers = providers_of(settings)
    except ProblemError:
        providers = PROVIDERS
    found: dict[str, tuple[Channel, ...]] = {}
    for provider in providers:
        try:
            is_set = provider.open(settings) is not None
        except ProblemError:
            is_set = True
        if is_set:
            found[provider.name] = provider.channels
    return found
