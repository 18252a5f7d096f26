"""Who the rows of a file are about: ids, contact data, traits and claimed consents."""

# pyarrow ships no types, and makes its functions at run time: what comes from it is unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportAttributeAccessIssue=false

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from dangol.ingest.contacts import seal_contact
from dangol.ingest.event import Event, Json
from dangol.ingest.importer_columns import Column, by_value, moments, numbers, render, texts
from dangol.ingest.importer_report import Rule
from dangol.ingest.mapping import Claim, Mapping
from dangol.ingest.values import LONGEST_ID
from dangol.store.phones import HOME, country_of, normalize_phone
from dangol.store.vault import Vault, normalize_email
from dangol.store.vocabulary import Channel, ConsentAction, ConsentState, EventType, Purpose

HASH_SPAN: Final = 2**64


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealer:
    """What it takes to seal contact data for one workspace."""

    vault: Vault
    workspace_id: int

    def contacts(self, person: "Person") -> list[dict[str, str]]:
        found = (("email", person.email), ("phone", person.phone))
        return [
            seal_contact(self.vault, self.workspace_id, kind, value)
            for kind, value in found
            if value is not None
        ]

    def key(self, kind: str, value: str) -> str:
        return self.vault.key(self.workspace_id, kind, value)


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """What a row says about its customer; contact data normalised, not yet sealed."""

    user_id: str | None
    email: str | None
    phone: str | None
    traits: Json
    consents: list[Json]

    @property
    def speaks(self) -> bool:
        """Whether there is more to say than the id that every event carries."""
        return bool(self.email or self.phone or self.traits or self.consents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What tells customers apart inside one file: the id, or the address where there is no id."""

    key: Column
    user_id: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The customers' columns of a table, one row a row, and what is wrong with them."""

    user_id: Column
    email: Column
    phone: Column
    # By channel and purpose: "granted", "refused", or null where nothing was said.
    consents: dict[tuple[Channel, Purpose], Column]
    rules: list[Rule]


def read_keys(table: pa.Table, *, mapping: Mapping) -> Keys:
    """Read whose each row is."""
    template = mapping.customer.id
    if template is None:
        email = by_value(written(mapping.customer.email, table), or_none(normalize_email))
        return Keys(key=email, user_id=pa.nulls(table.num_rows, pa.string()))
    user_id = render(template, table)
    return Keys(key=user_id, user_id=user_id)


def read_people(table: pa.Table, *, mapping: Mapping) -> People:
    """Read who each row is about."""
    keys, customer = read_keys(table, mapping=mapping), mapping.customer
    written_email, written_phone = written(customer.email, table), written(customer.phone, table)
    email = by_value(written_email, or_none(normalize_email))
    phone = read_phones(written_phone, table, mapping=mapping)
    states = {place: claimed(table, claim, keys.key) for place, claim in each_claim(mapping)}
    return People(
        user_id=keys.user_id,
        email=email,
        phone=phone,
        consents={place: state for place, (state, _) in states.items()},
        rules=[
            Rule("bad_email", unreadable(written_email, email)),
            Rule("bad_phone", unreadable(written_phone, phone)),
            *(Rule("unknown_consent", unknown) for _, unknown in states.values()),
        ],
    )


def written(template: str | None, table: pa.Table) -> Column:
    """Fill a template the mapping may lack; null in every row then."""
    return pa.nulls(table.num_rows, pa.string()) if template is None else render(template, table)


def read_phones(column: Column, table: pa.Table, *, mapping: Mapping) -> Column:
    """Return numbers in E.164, null where there is none; at home in the country the row names."""
    home = mapping.source.country or HOME
    place = mapping.customer.traits.get("country")
    if place is None:
        return by_value(column, or_none(lambda text: normalize_phone(text, home)))

    def read(text: str) -> str:
        said, _, number = text.partition("\0")
        return normalize_phone(number, country_of({"country": said}, otherwise=home))

    said = pc.fill_null(texts(table[place]), "")
    return by_value(pc.binary_join_element_wise(said, column, "\0"), or_none(read))


def id_rules(keys: Keys) -> list[Rule]:
    """Refuse rows that nobody, or no pseudonym, can be found by."""
    return [
        Rule("no_customer", pc.is_null(keys.key)),
        # Ids stay readable in the database, so an address must not become one.
        Rule("contact_as_id", pc.match_substring(keys.user_id, "@")),
        Rule("id_too_long", pc.greater(pc.utf8_length(keys.key), LONGEST_ID)),
    ]


def unreadable(text: Column, read: Column) -> Column:
    """Mark where something was written that could not be read."""
    return pc.and_(pc.is_valid(text), pc.is_null(read))


def or_none(read: Callable[[str], str]) -> Callable[[str], str | None]:
    """Make a reader that returns None where ``read`` raises ValueError."""

    def attempt(text: str) -> str | None:
        try:
            return read(text)
        except ValueError:
            return None

    return attempt


def each_claim(mapping: Mapping) -> Iterator[tuple[tuple[Channel, Purpose], Claim]]:
    for channel, purposes in mapping.consent.items():
        for purpose, claim in purposes.items():
            yield (channel, purpose), claim


def claimed(table: pa.Table, claim: Claim, key: Column) -> tuple[Column, Column]:
    """Return the claimed state of each row, and the rows whose value the mapping does not know."""
    if claim.column is None:
        nobody = pa.repeat(pa.scalar(value=False), table.num_rows)
        return by_value(key, drawn_state(claim)), nobody
    known = dict.fromkeys(claim.refused, ConsentState.REFUSED.value)
    known |= dict.fromkeys(claim.granted, ConsentState.GRANTED.value)
    answer = texts(table[claim.column])
    state = by_value(answer, known.get)
    return state, unreadable(answer, state)


def drawn_state(claim: Claim) -> Callable[[str], str]:
    """Make up who consents: the same customer always answers the same."""
    share = claim.share or 0.0

    def draw(key: str) -> str:
        digest = sha256(f"consent:{key}".encode()).digest()
        granted = int.from_bytes(digest[:8], "big") < share * HASH_SPAN
        return ConsentState.GRANTED if granted else ConsentState.REFUSED

    return draw


def make_persons(table: pa.Table, people: People, *, mapping: Mapping) -> list[Person]:
    """Return one person a row."""
    traits = [
        (name, native(table[column]).to_pylist())
        for name, column in mapping.customer.traits.items()
    ]
    consents = [
        stated(place, claim, people.consents[place], table, mapping)
        for place, claim in each_claim(mapping)
    ]
    ids = zip(
        people.user_id.to_pylist(), people.email.to_pylist(), people.phone.to_pylist(), strict=True
    )
    return [
        Person(
            user_id=user_id,
            email=email,
            phone=phone,
            traits={name: values[row] for name, values in traits if values[row] is not None},
            consents=[item for column in consents if (item := column[row]) is not None],
        )
        for row, (user_id, email, phone) in enumerate(ids)
    ]


def without_nulls(values: Json) -> Json:
    return {name: value for name, value in values.items() if value is not None}


def native(column: Column) -> Column:
    """Keep numbers and truth values as they are, everything else as text."""
    kind = column.type
    keep = pa.types.is_integer(kind) or pa.types.is_boolean(kind)
    return column if keep else texts(column)


def stated(
    place: tuple[Channel, Purpose],
    claim: Claim,
    states: Column,
    table: pa.Table,
    mapping: Mapping,
) -> Sequence[Json | None]:
    """Return one consent item a row, None where nothing was claimed."""
    channel, purpose = place
    dates: Sequence[datetime | None] = [None] * table.num_rows
    if claim.date is not None:
        dates = moments(table[claim.date], source=mapping.source).to_pylist()
    return [
        {
            "channel": channel,
            "purpose": purpose,
            "action": ConsentAction.IMPORT,
            "imported_state": state,
            "source": claim.source,
            "wording": claim.wording,
            "locale": claim.locale,
            **({"occurred_at": date.isoformat()} if date is not None else {}),
        }
        if state is not None
        else None
        for state, date in zip(states.to_pylist(), dates, strict=True)
    ]


def identify(person: Person, *, at: datetime, sealer: Sealer) -> Event:
    """Return the event that says who somebody is.

    Its message id is made of what it says, so that the same said again, in whichever file, acts
    once; a date the file did not give is not part of it.
    """
    consents = [{"occurred_at": at.isoformat(), **consent} for consent in person.consents]
    return Event(
        type=EventType.IDENTIFY,
        name="Identified",
        message_id=f"import:customer:{said(person, sealer)}",
        occurred_at=at,
        user_id=person.user_id,
        traits=person.traits,
        contacts=sealer.contacts(person),
        consents=consents,
    )


def said(person: Person, sealer: Sealer) -> str:
    """Hash everything a person's row says, contact data by its keyed hash."""
    email = person.email and sealer.key("email", person.email)
    phone = person.phone and sealer.key("phone", person.phone)
    facts = [person.user_id, email, phone, person.traits, person.consents]
    return sha256(msgspec.json.encode(facts, order="deterministic")).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """The customers of a file by their key, and what could not be read about how many."""

    by_key: dict[str, Person]
    left_out: dict[str, int]

    @property
    def introduced(self) -> int:
        """How many have more to them than an id."""
        return sum(person.speaks for person in self.by_key.values())


def first_persons(table: pa.Table, keys: Column, *, mapping: Mapping) -> Persons:
    """Read what the first row of each customer says about them."""
    named = pa.table({"key": keys, "row": numbers(table.num_rows)})
    firsts = named.group_by(["key"], use_threads=False).aggregate([("row", "min")])
    rows = table.take(firsts["row_min"])
    people = read_people(rows, mapping=mapping)
    persons = make_persons(rows, people, mapping=mapping)
    counts = {rule.reason: pc.sum(rule.applies).as_py() or 0 for rule in people.rules}
    return Persons(
        by_key=dict(zip(firsts["key"].to_pylist(), persons, strict=True)),
        left_out={reason: count for reason, count in counts.items() if count},
    )
