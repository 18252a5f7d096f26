"""What `dangol doctor` says about mail: will receivers believe that it comes from the shop?

Receivers ask the DNS of the sender's domain three things: who may send for it (SPF, of the return
path's domain), which keys sign for it (DKIM), and what to do where neither fits (DMARC). Either of
the first two must be of the domain people see (alignment, RFC 7489).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from dangol.app.clock import STATEMENTS
from dangol.app.dkim import quote, record_of
from dangol.app.dkim_files import load_signers, waiting_keys
from dangol.app.settings import Settings
from dangol.app.zone import ZoneError, is_same_record, read_mail_servers, read_tags, read_texts
from dangol.channels.dkim import Signer, signers_for
from dangol.store.connect import Connection

Told = tuple[str, str, str]
# Domains that nobody can own; a demonstration's mail goes nowhere.
RESERVED: Final = ("example", "test", "invalid", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """How the DNS is asked; a test asks a server of its own."""

    texts: Callable[[str], list[str]] = read_texts
    mail_servers: Callable[[str], list[str]] = read_mail_servers


def examine_mail(connection: Connection, settings: Settings, zone: Zone) -> Iterator[Told]:
    """Yield check, finding and remedy for each domain the workspaces send from."""
    if not settings.smtp_url:
        return
    signers = load_signers(settings)
    rows = connection.execute(STATEMENTS["list_sender_domains"]).fetchall()
    for domain in sorted({str(row[0]) for row in rows}):
        if domain.rpartition(".")[2] in RESERVED:
            continue
        returns = settings.bounce_domain or domain
        try:
            yield check_spf(returns, zone)
            yield check_dkim(domain, signers, waiting_keys(settings), zone)
            yield check_dmarc(domain, returns, signers, zone)
            yield check_returns(returns, zone)
        except ZoneError as error:
            yield f"mail of {domain}", f"not checked: {error}", ""


def check_spf(domain: str, zone: Zone) -> Told:
    """May our mail server send for the return path's domain?"""
    check = f"SPF of {domain}"
    found = [text for text in zone.texts(domain) if text.lower().startswith("v=spf1")]
    if not found:
        remedy = f'Set {domain}. TXT "v=spf1 mx -all", with your mail server or relay in it.'
        return check, "no record: receivers cannot tell who may send", remedy
    if len(found) > 1:
        remedy = f"Join the {len(found)} records that begin with v=spf1 into one."
        return check, "several records, which count as none", remedy
    words = found[0].lower().split()
    if words[-1] in ("+all", "all"):
        remedy = "End it with -all or ~all, and name your mail server before that."
        return check, f"{found[0]}: lets everybody send", remedy
    return check, found[0], ""


def check_dkim(
    domain: str, signers: tuple[Signer, ...], waiting: list[tuple[str, str]], zone: Zone
) -> Told:
    """Can receivers find the keys that sign?"""
    check = f"DKIM of {domain}"
    own = signers_for(domain, signers)
    for signer in own:
        name, wanted = record_of(signer.domain, signer.selector, signer.key)
        if not any(is_same_record(text, wanted) for text in zone.texts(name)):
            found = f"signed with {signer.selector}, which nobody can find: mail looks forged"
            return check, found, f"Set {name}. TXT {quote(wanted)}"
    if own:
        return check, f"signed with {', '.join(signer.selector for signer in own)}", ""
    unused = [selector for at, selector in waiting if at == domain]
    if unused:
        remedy = f"Set its record, then: dangol dkim use {domain} --selector {unused[0]}"
        return check, f"key {unused[0]} waits for its record", remedy
    remedy = f"dangol dkim make {domain}; nothing to do if your relay signs for this domain."
    return check, "not signed by us", remedy


def check_dmarc(domain: str, returns: str, signers: tuple[Signer, ...], zone: Zone) -> Told:
    """Does a policy stand, and does what we send fit it?"""
    check = f"DMARC of {domain}"
    tags = next((read_tags(text) for text in find_dmarc(domain, zone)), None)
    if tags is None:
        remedy = f'Set _dmarc.{domain}. TXT "v=DMARC1; p=none; rua=mailto:dmarc@{domain}"'
        return check, "no record: Gmail and Yahoo ask bulk senders for one", remedy
    found = f"p={tags.get('p', 'none')}"
    signed = any(
        is_aligned(signer.domain, domain, strict=tags.get("adkim") == "s")
        for signer in signers_for(domain, signers)
    )
    if signed or is_aligned(returns, domain, strict=tags.get("aspf") == "s"):
        return check, found, ""
    remedy = (
        f"Return path {returns} and sender {domain} differ: sign with `dangol dkim make {domain}`, "
        f"or set DANGOL_BOUNCE_DOMAIN to {domain} or a name below it."
    )
    return check, f"{found}, and nothing we send is aligned with it", remedy


def check_returns(domain: str, zone: Zone) -> Told:
    """Can what was not delivered come back?"""
    check = f"return path {domain}"
    if servers := zone.mail_servers(domain):
        return check, f"mail comes back to {servers[0]}", ""
    remedy = f"Set {domain}. MX 10 to the host that takes returned mail (docs/guides/email.md)."
    return check, "no mail server takes what comes back: bounces are lost", remedy


def find_dmarc(domain: str, zone: Zone) -> Iterator[str]:
    """Yield the policies of a domain, the nearest first."""
    while "." in domain:
        found = zone.texts(f"_dmarc.{domain}")
        yield from (text for text in found if text.lower().startswith("v=dmarc1"))
        domain = domain.partition(".")[2]


def is_aligned(one: str, other: str, *, strict: bool) -> bool:
    """Tell whether a domain counts as the one people see; relaxed, one may be below the other."""
    if one == other:
        return True
    return not strict and (one.endswith(f".{other}") or other.endswith(f".{one}"))
