"""`dangol fake-vendors`: every vendor on this machine, to try things out without sending anything.

A fake of another vendor is added by one line in ``FAKES``, one that posts nothing in ``STANDS``.
"""

import argparse
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from typing_extensions import override

from dangol.app.clock import machine_time
from dangol.app.fake_stands import STANDS, Stand
from dangol.app.manage import CONSOLE
from dangol.app.problem import ProblemError
from dangol.app.settings import Settings
from dangol.providers.bizgo.fake import FakeBizgo
from dangol.providers.http_mail.fake import FakePostmark, FakeResend, FakeSendGrid
from dangol.providers.kakao.fake import FakeKakao
from dangol.providers.nhn.fake import FakeNhn
from dangol.providers.ses.fake import FakeSes
from dangol.providers.solapi.fake import FakeSolapi
from dangol.providers.wire.call import Json, text_of
from dangol.providers.wire.fake import Asked, FakeVendor, Mishap, Reply, Route

MOST_SHOWN: Final = 200


# Each is given the clock, a host and a port (0: any that is free).
FAKES: Final[tuple[Callable[..., FakeVendor], ...]] = (
    FakeSolapi,
    FakeNhn,
    FakeBizgo,
    FakeKakao,
    FakeResend,
    FakePostmark,
    FakeSendGrid,
    FakeSes,
)


class Front(FakeVendor):
    """A page of what the fakes have received, and the way to tell them what to do."""

    name = "front"

    def __init__(
        self,
        fakes: Sequence[FakeVendor],
        *,
        clock: Callable[[], datetime],
        stands: Sequence[Stand] = (),
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__(clock=clock, host=host, port=port)
        self.fakes = {fake.name: fake for fake in fakes}
        self.stands = {stand.name: stand for stand in stands}

    @override
    def routes(self) -> list[Route]:
        return [
            Route(method="GET", path="/", handle=self.show_page),
            Route(method="GET", path="/received", handle=self.show_received),
            Route(method="GET", path="/posted", handle=self.show_posted),
            Route(method="POST", path="/*/mishap", handle=self.plan_mishap),
            Route(method="POST", path="/*/hook", handle=self.set_hook),
            Route(method="POST", path="/*/person", handle=self.let_do),
        ]

    @override
    def refuse(self, asked: Asked) -> Reply | None:
        return None

    @override
    def hook_headers(self, body: bytes) -> Mapping[str, str]:
        return {}

    def show_received(self, asked: Asked) -> Reply:
        """Return what each fake took, as JSON; ``?vendor=`` names one."""
        wanted = asked.query.get("vendor", "")
        return Reply(
            said={
                name: fake.received(MOST_SHOWN)
                for name, fake in (*self.fakes.items(), *self.stands.items())
                if wanted in {"", name}
            }
        )

    def show_posted(self, asked: Asked) -> Reply:
        """Return what each fake has posted and what was answered, as JSON; ``?vendor=`` one."""
        wanted = asked.query.get("vendor", "")
        return Reply(
            said={
                name: [
                    {"body": told.body, "statuses": told.statuses}
                    for told in fake.told[-MOST_SHOWN:][::-1]
                ]
                for name, fake in self.fakes.items()
                if wanted in {"", name}
            }
        )

    def show_page(self, _: Asked) -> Reply:
        """Return the same for people."""
        return Reply(page=page_of(self.fakes, self.stands))

    def plan_mishap(self, asked: Asked) -> Reply:
        """Let the next call that sends go wrong: {"mishap": "lost"}."""
        fake = self.fakes.get(asked.gap)
        kinds = {mishap.value: mishap for mishap in Mishap}
        mishap = kinds.get(text_of(asked.body, "mishap"))
        if fake is None or mishap is None:
            said = f"Post {{'mishap': one of {', '.join(kinds)}}} to /VENDOR/mishap."
            return Reply(status=400, said={"message": said})
        fake.mishaps.append(mishap)
        return Reply(said={"planned": [one.value for one in fake.mishaps]})

    def set_hook(self, asked: Asked) -> Reply:
        """Tell a fake where to post its reports: {"url": "http://…"}."""
        fake, url = self.fakes.get(asked.gap), text_of(asked.body, "url")
        if fake is None or not url.startswith(("http://", "https://")):
            return Reply(status=400, said={"message": "Post {'url': 'http://…'} to /VENDOR/hook."})
        fake.listen_at(url)
        return Reply(said={"hook": url})

    def let_do(self, asked: Asked) -> Reply:
        """Let a person do something: {"act": "call-080", "who": "01012345678"}."""
        fake, act = self.fakes.get(asked.gap), text_of(asked.body, "act")
        if fake is None or not fake.do(act, text_of(asked.body, "who")):
            return Reply(status=400, said={"message": f"{asked.gap} knows no act {act!r}."})
        return Reply(said={"done": act})


def page_of(fakes: Mapping[str, FakeVendor], stands: Mapping[str, Stand]) -> str:
    """Return a page that says what each fake took."""
    parts = ["<!doctype html><meta charset=utf-8><title>Fake vendors</title><h1>Fake vendors</h1>"]
    for name, fake in fakes.items():
        said = f"{fake.url}; reports go {fake.hook_url or 'nowhere yet'}"
        parts.append(section(name, said, fake.received(MOST_SHOWN)))
    for name, stand in stands.items():
        parts.append(section(name, f"{stand.url}; {stand.hint}", stand.received(MOST_SHOWN)))
    return "\n".join(parts)


def section(name: str, said: str, taken: Sequence[Json]) -> str:
    """Return the part of the page about one fake."""
    items = [f"<li><code>{escape(str(one))}</code></li>" for one in taken]
    return "\n".join([f"<h2>{escape(name)}</h2><p>{escape(said)}</p><ol>", *items, "</ol>"])


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Serve every fake until somebody stops it."""
    del settings
    stop = threading.Event()
    with ExitStack() as stack:
        fakes, front = open_fakes(stack, port=options.port)
        for line in lines_of(fakes, front):
            CONSOLE.print(line)
        try:
            while not stop.wait(options.delay):
                post_all(fakes, twice=options.twice, backwards=options.backwards)
        except KeyboardInterrupt:
            CONSOLE.print("stopped")
    return 0


def open_fakes(stack: ExitStack, *, port: int) -> tuple[list[FakeVendor], Front]:
    """Start every fake, on the ports behind that of the page (0: any).

    Raises:
        ProblemError: one of the ports is taken.
    """
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="dangol-fakes-")))
    try:
        fakes: list[FakeVendor] = [
            stack.enter_context(make(clock=machine_time, port=port and port + number))
            for number, make in enumerate(FAKES, start=1)
        ]
        stands = [
            make(stack, machine_time, port and port + number, folder)
            for number, make in enumerate(STANDS, start=1 + len(FAKES))
        ]
        front = Front(fakes, stands=stands, clock=machine_time, port=port)
        return fakes, stack.enter_context(front)
    except OSError as error:
        behind = len(FAKES) + len(STANDS)
        raise ProblemError(
            f"Port {port} or one of the {behind} behind it is taken: choose another --port."
        ) from error


def lines_of(fakes: Sequence[FakeVendor], front: Front) -> list[str]:
    """Say where everything is, as lines that a shell can read."""
    lines = [f"# {front.url}/ shows what they receive, {front.url}/received the same as JSON"]
    for fake in fakes:
        # Of services that stand for one another, one is set.
        instead = f", instead of {fake.instead_of}" if fake.instead_of else ""
        lines.append(f"# {fake.name}{instead}")
        mark = "#   " if instead else ""
        lines += [f"{mark}{name}={value}" for name, value in fake.settings().items()]
    for stand in front.stands.values():
        lines.append(f"# {stand.name} at {stand.url}: {stand.hint}")
        lines += [f"{name}={value}" for name, value in stand.settings.items()]
    return lines


def post_all(fakes: Sequence[FakeVendor], *, twice: bool, backwards: bool = False) -> int:
    """Post the reports that are due, of the fakes that know where to; return how many."""
    return sum(
        fake.post_reports(twice=twice, backwards=backwards) for fake in fakes if fake.hook_url
    )
