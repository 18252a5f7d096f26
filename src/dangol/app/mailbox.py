"""The mail server of a demonstration: on this machine only, and some addresses do not exist."""

import threading
from hashlib import blake2b
from pathlib import Path
from typing import Final

from dangol.app.problem import ProblemError, about_file
from dangol.providers.smtp.fake import NO_SUCH_MAILBOX, FakeMailServer, Mailbox, Script

# The share of addresses that nobody has, as in any shop's list; always the same ones.
DEAD: Final = 0.02
LOOPBACK: Final = "127.0.0.1"


def serve_mailbox(*, folder: Path, port: int, stop: threading.Event) -> None:
    """Take mail until ``stop`` is set; each stands in ``folder`` before it is confirmed."""
    try:
        mailbox = Mailbox(folder)
    except OSError as error:
        remedy = "Choose a --folder you may write."
        raise about_file(error, path=folder, purpose="the mailbox", remedy=remedy) from error
    server = FakeMailServer(store=mailbox.store, script=script_for, host=LOOPBACK, port=port)
    try:
        server.start()
    except OSError as error:
        raise ProblemError(
            f"The mailbox cannot listen on port {port}: {error.strerror}. Choose another port."
        ) from error
    _ = stop.wait()
    server.stop()


def script_for(recipient: str) -> Script:
    """Refuse the addresses that do not exist."""
    digest = blake2b(recipient.encode(), digest_size=8).digest()
    is_dead = int.from_bytes(digest) / 2**64 < DEAD
    return Script(recipient=NO_SUCH_MAILBOX) if is_dead else Script()
