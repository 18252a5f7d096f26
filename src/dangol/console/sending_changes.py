"""Changing how sending fares: the gate, vendors' limits, receivers' limits, warm-ups."""

from collections.abc import Generator
from contextlib import contextmanager

from litestar.exceptions import PermissionDeniedException

from dangol.channels.domains import limit_domain, resume_domains
from dangol.channels.gate import GateFault, Vendor
from dangol.channels.overdue import DROPPED, Backlog, expire_overdue
from dangol.channels.rates import limit_provider, resume_provider
from dangol.channels.warm_up import Progress, end_warm_up, set_warm_up
from dangol.console.desk import ConflictException, refusing
from dangol.console.sending_answers import WarmUpWish
from dangol.console.sending_views import Lookout, is_shared
from dangol.store.vocabulary import Channel


@contextmanager
def changing(lookout: Lookout) -> Generator[None]:
    """Let whoever may write for the only shop change what is the installation's.

    Raises:
        PermissionDeniedException: other shops would be changed with it.
        ConflictException: what keeps the gate closed is opened elsewhere.
        ClientException: it cannot be as asked.
        NotFoundException: there is no such vendor.
    """
    if is_shared(lookout.connection):
        raise PermissionDeniedException(
            "Several shops share these vendors: whoever runs the installation changes them, with "
            "`dangol provider` and `dangol sending`."
        )
    with refusing():
        try:
            yield
        except GateFault as fault:
            said = {"code": "gate", "message_ko": fault.ko}
            raise ConflictException(str(fault), extra=said) from fault


def pause_sending(lookout: Lookout, *, because: str, by: str) -> None:
    """Let nothing be sent until somebody resumes it; who asked stands behind the reason."""
    with changing(lookout):
        reason = because.strip()
        lookout.gate.close(lookout.connection, because=reason and f"{reason} ({by})")


def resume_sending(lookout: Lookout, *, overdue: Backlog) -> None:
    """Drop what was asked for, and end a pause that somebody made."""
    with changing(lookout):
        _ = expire_overdue(lookout.connection, purposes=DROPPED[overdue], now=lookout.now)
        lookout.gate.reopen(lookout.connection)


def resume_vendor(lookout: Lookout, *, name: str) -> None:
    """Let a vendor be called again at once, for all receivers."""
    with changing(lookout):
        resume_provider(lookout.connection, name=name)
        resume_domains(lookout.connection, provider=name)


def limit_vendor(lookout: Lookout, *, name: str, per_second: float | None) -> None:
    """Set how many messages a second a vendor gets at most."""
    with changing(lookout):
        _ = find_vendor(lookout, name=name)
        limit_provider(lookout.connection, name=name, per_second=per_second)


def limit_receiver(lookout: Lookout, *, name: str, domain: str, per_second: float | None) -> None:
    """Set how many mails a second a receiver gets at most by one vendor."""
    with changing(lookout):
        find_mailer(lookout, name=name)
        _ = limit_domain(lookout.connection, provider=name, domain=domain, per_second=per_second)


def warm_vendor(lookout: Lookout, wish: WarmUpWish, *, name: str) -> None:
    """Let a vendor begin with few mails a day, or go on where it stood."""
    with changing(lookout):
        find_mailer(lookout, name=name)
        set_warm_up(
            lookout.connection,
            provider=name,
            start=wish.start,
            growth=wish.growth,
            goal=wish.goal,
            at=Progress(day=wish.on, days_before=wish.day - 1, taken=wish.taken),
        )


def free_vendor(lookout: Lookout, *, name: str) -> None:
    """Let a vendor have as many mails a day as there are."""
    with changing(lookout):
        find_mailer(lookout, name=name)
        end_warm_up(lookout.connection, provider=name)


def find_vendor(lookout: Lookout, *, name: str) -> Vendor:
    """Return a vendor.

    Raises:
        LookupError: there is none of that name.
    """
    for vendor in lookout.vendors:
        if vendor.name == name:
            return vendor
    known = ", ".join(vendor.name for vendor in lookout.vendors)
    raise LookupError(f"There is no vendor {name!r}; there are {known}.")


def find_mailer(lookout: Lookout, *, name: str) -> None:
    """See that a vendor carries mail.

    Raises:
        LookupError: there is none of that name.
        ValueError: it carries none.
    """
    if Channel.EMAIL not in find_vendor(lookout, name=name).channels:
        raise ValueError(f"{name} carries no mail: receivers and warm-ups are for mail only.")
