"""What the console is told of the settings: who is set up, and nothing that is secret."""

from collections.abc import Sequence

from dangol.app.settings import Settings
from dangol.channels.gate import Vendor
from dangol.console.desk import Setup
from dangol.store.vocabulary import AdNetwork


def read_setup(settings: Settings, *, vendors: Sequence[Vendor]) -> Setup:
    """Return which vendors and ad networks are set up; what is set wrongly counts, too."""
    networks = {
        AdNetwork.META: bool(settings.meta_token),
        AdNetwork.GOOGLE: bool(settings.google_ads_account_file and settings.google_ads_account_id),
    }
    return Setup(
        vendors={vendor.name: vendor.channels for vendor in vendors if vendor.is_set},
        networks=frozenset(network for network, is_set in networks.items() if is_set),
        loopback=settings.egress_loopback,
    )
