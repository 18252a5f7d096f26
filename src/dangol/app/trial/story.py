"""A shop's days in its own words: what people do, and what must become of it.

Times are written as the shop's clocks show them. Before a story looks at what became of somebody it
lets the shop settle: tick, then deliver, until nothing waits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

from dangol.app.clock import STATEMENTS
from dangol.app.trial.listening import answer_call, calls_about, listen
from dangol.app.trial.reacting import Reaction, find_link, react
from dangol.app.trial.shop import Shop
from dangol.app.trial.signing_up import entry, sign_up
from dangol.app.trial.telling import Place, read_place, say_place, say_time, tell_customer
from dangol.feedback.hits import TOO_SOON
from dangol.journeys.lengths import read_duration
from dangol.store.vocabulary import Channel


class StoryFault(AssertionError):  # noqa: N818 - the story is at fault, or the journey
    """A line that did not come true: what was expected, what was found, and what happened."""

    def __init__(self, expected: str, found: str, *, why: Sequence[str] = ()) -> None:
        self.expected: Final = expected
        self.found: Final = found
        self.why: Final = tuple(why)
        said = "\n".join(f"  {line}" for line in why)
        super().__init__(
            f"expected {expected}, but {found}" + (f".\nWhat happened:\n{said}" if said else ".")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One message that reached somebody."""

    delivery_id: int
    message_id: int
    template: str
    channel: str
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the guard said last about a message."""

    message_id: int
    verdict: str
    reason: str
    hold_until: datetime | None


@dataclass(kw_only=True)
class Story(Shop):
    """One shop, and what has been read of its mail."""

    # The last delivery, and the last skipped message, that an expectation has seen, by name.
    seen: dict[str, int] = field(default_factory=dict[str, int])
    skips: dict[str, int] = field(default_factory=dict[str, int])
    # The last call that was seen, by name and endpoint.
    heard: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])

    # Time.

    def at(self, text: str) -> Self:
        """Move time on to a moment, through all that falls due before it."""
        moment = self.moment(text)
        if moment < self.now:
            raise StoryFault(f"time to go on to {text}", f"it is {self.say(self.now)} already")
        return self.run_to(moment)

    def after(self, text: str) -> Self:
        """Move time on by a length, such as "20 minutes"."""
        return self.run_to(self.now + read_length(text))

    def listens(self, endpoint: str) -> Self:
        """The shop has an endpoint of this name, which journeys may call."""
        listen(self, endpoint)
        return self

    # What people do.

    def customer(
        self,
        name: str,
        *,
        email: str | None = "",
        phone: str | None = None,
        push: bool = False,
        consent: bool = True,
        **traits: object,
    ) -> Self:
        """Somebody signs up, and wants advertising wherever they can be reached.

        They have an e-mail address unless ``email`` is None, a telephone if ``phone`` names its
        number, and the app on it with ``push``.
        """
        body = sign_up(name, traits, email=email, phone=phone, push=push, consent=consent)
        return self.call("identify", body)

    def traits(self, name: str, **traits: object) -> Self:
        """Something about somebody is another, from now on."""
        return self.call("identify", {"userId": name, "traits": traits})

    def consent(
        self,
        name: str,
        action: str = "grant",
        *,
        channel: str = "email",
        purpose: str = "marketing",
    ) -> Self:
        """Somebody says what they allow: ``grant``, ``refuse`` or ``withdraw``."""
        said = entry(action, channel=channel, purpose=purpose)
        return self.call("identify", {"userId": name, "context": {"dangol": {"consents": [said]}}})

    def event(self, name: str, what: str, *, id: str = "", **properties: object) -> Self:  # noqa: A002 - the story's own word
        """Somebody does something, now."""
        body = {"userId": name, "event": what, "properties": properties}
        return self.call("track", {**body, "messageId": id} if id else body)

    def buys(self, name: str, revenue: int = 30_000) -> Self:
        """Somebody buys something, now."""
        return self.event(name, "Order Completed", revenue=revenue, currency="KRW")

    def message(self, name: str, what: str, *, link: str = "", text: str = "") -> Self:
        """Something becomes of the last message that reached somebody: they open it, say.

        ``link`` is where a click leads, ``text`` what a reply says.

        Raises:
            ValueError: ``what`` is no reaction.
        """
        reaction = Reaction(what)
        expected = f"the last message to {name} {reaction}"
        sent = self.settle().sent_to(name)
        if not sent:
            raise self.fault(name, expected, found="nothing was sent")
        if reaction is Reaction.CLICKED and self.now < sent[-1].sent_at + TOO_SOON:
            soon = "who clicks within 5 seconds is taken for a machine; let time go on first"
            raise self.fault(name, expected, found=soon)
        link_id = find_link(self, link) if link else None
        if link and link_id is None:
            raise self.fault(name, expected, found=f"no message led to {link}")
        by_mail = sent[-1].channel == Channel.EMAIL
        react(self, sent[-1].message_id, reaction, by_mail=by_mail, link_id=link_id, text=text)
        return self

    # What must have become of it.

    def expect_sent(
        self,
        name: str,
        template: str,
        *,
        channel: str | None = None,
        at: str = "",
        within: str = "",
    ) -> Self:
        """Exactly this reached them since the story last looked; ``channel``: on this one.

        ``at`` names the moment at which it left: time goes on to there. With ``within`` time goes
        on until it leaves, at most so long.
        """
        if at:
            self.at(at)
        if within:
            self.await_news(name, read_length(within))
        news = self.settle().news(name)
        by = f" by {channel}" if channel else ""
        expected = f"{template} sent to {name}{by}" + (f" at {at}" if at else "")
        if [one.template for one in news] != [template]:
            raise self.fault(name, expected, found=say_news(news, self.zone))
        if channel and news[0].channel != channel:
            raise self.fault(name, expected, found=f"it went by {news[0].channel}")
        if at and news[0].sent_at != self.moment(at):
            raise self.fault(name, expected, found=f"it left at {self.say(news[0].sent_at)}")
        return self

    def await_news(self, name: str, most: timedelta) -> None:
        """Let time run on until somebody gets something, at most so long."""
        end = self.now + most
        while not self.settle().peek(name):
            stop = self.next_stop()
            if stop is None or stop > end:
                self.run_to(end)
                return
            self.stand(stop)

    def expect_nothing(self, name: str) -> Self:
        """Nothing reached them since the story last looked."""
        if news := self.settle().news(name):
            raise self.fault(name, f"nothing sent to {name}", found=say_news(news, self.zone))
        return self

    def expect_held(self, name: str, *, until: str = "", reason: str = "") -> Self:
        """Their latest message waits: until then, and for this reason, where these are given."""
        expected = " ".join(
            (
                f"the latest message to {name} held",
                *([f"until {until}"] if until else []),
                *([f"because of {reason}"] if reason else []),
            )
        )
        self.expect_nothing(name)
        last = self.last_decision(name)
        if (
            last is None
            or last.verdict != "hold"
            or (reason and last.reason != reason)
            or (until and last.hold_until != self.moment(until))
        ):
            raise self.fault(name, expected, found=self.say_decision(last))
        return self

    def expect_skipped(self, name: str, *, reason: str = "") -> Self:
        """Another message to them will never be sent: for this reason, where one is given."""
        expected = f"a message to {name} skipped" + (f" because of {reason}" if reason else "")
        self.expect_nothing(name)
        last = self.last_decision(name)
        if last is None or last.verdict != "skip" or (reason and last.reason != reason):
            raise self.fault(name, expected, found=self.say_decision(last))
        if self.skips.get(name) == last.message_id:
            raise self.fault(name, expected, found="no other since the story last looked")
        self.skips[name] = last.message_id
        return self

    def expect_webhook(
        self,
        name: str,
        endpoint: str,
        *,
        body: Mapping[str, object] | None = None,
        answer: str = "",
    ) -> Self:
        """A journey called an endpoint about them, once since the story last looked.

        ``body`` names fields of what was posted, as they must be; ``answer`` lets it have been
        ``taken`` or ``refused``, which whoever waits for it hears. Nothing is called.
        """
        self.settle()
        after = self.heard.get((name, endpoint), 0)
        found = calls_about(self, name, endpoint=endpoint, after=after)
        expected = f"{endpoint} called about {name}"
        if len(found) != 1:
            said = f"it was called {len(found)} times" if found else "it was not called"
            raise self.fault(name, expected, found=said)
        (called,) = found
        self.heard[name, endpoint] = called.id
        wrong = {part: called.body.get(part) for part in body or {}}
        if body and wrong != body:
            raise self.fault(name, f"{expected} with {dict(body)}", found=f"it heard {wrong}")
        if answer:
            answer_call(self, called, is_taken=answer == "taken")
        return self

    def expect_step(self, name: str, journey: str, step: str) -> Self:
        """They are inside a journey, at this step."""
        place = self.place_of(name, journey)
        if place is None or place.state not in {"active", "waiting"} or place.step != step:
            expected = f"{name} in {journey} at {step}"
            raise self.fault(name, expected, found=f"they {say_place(place, zone=self.zone)}")
        return self

    def expect_ended(self, name: str, journey: str, *, reason: str = "") -> Self:
        """They have left a journey: for this reason, where one is given."""
        place = self.place_of(name, journey)
        if place is None or place.state != "ended" or (reason and place.end_reason != reason):
            expected = f"{name} to have left {journey}" + (f" as {reason}" if reason else "")
            raise self.fault(name, expected, found=f"they {say_place(place, zone=self.zone)}")
        return self

    def expect_outside(self, name: str, journey: str) -> Self:
        """They are not inside a journey: they never entered, or have left."""
        place = self.place_of(name, journey)
        if place is not None and place.state != "ended":
            found = f"they are {say_place(place, zone=self.zone)}"
            raise self.fault(name, f"{name} outside {journey}", found=found)
        return self

    # Looking.

    def news(self, name: str) -> list[News]:
        """Return what reached somebody since this was last asked."""
        found = self.peek(name)
        if found:
            self.seen[name] = found[-1].delivery_id
        return found

    def peek(self, name: str) -> list[News]:
        """Return what reached somebody and was not read yet."""
        return self.sent_to(name, after=self.seen.get(name, 0))

    def sent_to(self, name: str, *, after: int = 0) -> list[News]:
        """Return what reached somebody after a delivery, oldest first."""
        values = {"workspace_id": self.workspace, "name": name, "after": after}
        with self.connection.transaction():
            rows = self.connection.execute(STATEMENTS["list_sent"], values).fetchall()
        return [
            News(
                delivery_id=number,
                message_id=message_id,
                template=template,
                channel=channel,
                sent_at=sent_at,
            )
            for number, message_id, template, channel, sent_at in rows
        ]

    def last_decision(self, name: str) -> Decision | None:
        """Return the last word about somebody's newest message."""
        values = {"workspace_id": self.workspace, "name": name}
        with self.connection.transaction():
            row = self.connection.execute(STATEMENTS["read_last_decision"], values).fetchone()
        if row is None:
            return None
        return Decision(message_id=row[0], verdict=row[1], reason=row[2], hold_until=row[3])

    def place_of(self, name: str, journey: str | None = None) -> Place | None:
        """Return where somebody is, once all that is due is done."""
        self.settle()
        return read_place(self.connection, workspace_id=self.workspace, name=name, journey=journey)

    # Saying.

    def fault(self, name: str, expected: str, *, found: str) -> StoryFault:
        """Say what did not come true, with what happened to whom it is about."""
        happened = tell_customer(
            self.connection, workspace_id=self.workspace, name=name, zone=self.zone
        )
        place = read_place(self.connection, workspace_id=self.workspace, name=name)
        now = f"{self.say(self.now)}  now; {name} {say_place(place, zone=self.zone)}"
        return StoryFault(expected, found, why=[*happened, now])

    def say_decision(self, decision: Decision | None) -> str:
        """Say a decision."""
        match decision:
            case None:
                return "no message was planned"
            case Decision(verdict="allow"):
                return "it was allowed"
            case Decision(verdict="skip"):
                return f"it was skipped because of {decision.reason}"
            case Decision(hold_until=datetime() as end):
                return f"it is held until {self.say(end)} because of {decision.reason}"
            case _:
                return f"it is a {decision.verdict}: {decision.reason}"

    def say(self, moment: datetime) -> str:
        """Say a moment as the shop's clocks show it."""
        return say_time(moment, self.zone)

    def moment(self, text: str) -> datetime:
        """Read a moment as the shop's clocks show it.

        Raises:
            ValueError: it is none.
        """
        return read_moment(text, self.zone)


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """Read "2027-03-02 20:50" as the clocks of a zone show it.

    Raises:
        ValueError: saying how to write one.
    """
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    except ValueError as error:
        raise ValueError(f"{text!r} is no moment. Write one like 2027-03-02 20:50.") from error


def read_length(text: str) -> timedelta:
    """Read "20 minutes" or "3 days".

    Raises:
        ValueError: saying how to write one.
    """
    found = read_duration(text)
    if found is None:
        raise ValueError(f"{text!r} is no length of time. Write one like 20 minutes or 3 days.")
    return found


def say_news(news: Sequence[News], zone: ZoneInfo) -> str:
    """Say what reached somebody."""
    if not news:
        return "nothing was sent"
    return ", ".join(f"{one.template} was sent at {say_time(one.sent_at, zone)}" for one in news)
