"""A mapping guessed from the names of a file's columns, for files whose names say it all.

Only for products and consents: each of their columns means one thing, whatever the shop.
"""

from collections.abc import Mapping as Aliases
from pathlib import Path
from typing import Final, cast

import msgspec

from dangol.ingest.mapping import (
    Columns,
    Customer,
    Kind,
    Mapping,
    MappingFault,
    Source,
    Statement,
)
from dangol.ingest.readers import read_rows

CURRENCIES: Final = {"KR": "KRW", "US": "USD", "JP": "JPY", "GB": "GBP", "CN": "CNY"}
PRODUCT: Final = {
    "product_id": ("product_id", "product_no", "sku", "id", "상품번호", "상품코드"),
    "product_name": ("product_name", "name", "title", "상품명"),
    "price": ("price", "sale_price", "selling_price", "판매가", "가격"),
    "currency": ("currency", "통화"),
    "category": ("category", "product_type", "카테고리", "분류"),
    "url": ("url", "link", "product_url", "상품주소"),
    "image_url": ("image_url", "image_link", "image", "이미지"),
    "in_stock": ("in_stock", "availability", "stock", "quantity", "재고", "재고수량", "판매상태"),
    "date": ("updated_at", "modified_at", "수정일"),
}
PERSON: Final = {
    "id": ("user_id", "customer_id", "member_id", "member_no", "회원번호", "회원아이디", "아이디"),
    "email": ("email", "e_mail", "email_address", "이메일"),
    "phone": ("phone", "mobile", "phone_number", "휴대폰", "휴대전화", "전화번호"),
}
STATEMENT: Final = {
    "state": ("state", "status", "consent", "agreed", "동의여부", "수신동의", "상태"),
    "source": ("source", "출처", "동의경로"),
    "channel": ("channel", "채널"),
    "purpose": ("purpose", "목적"),
    "wording": ("wording", "동의문구", "문구"),
    "locale": ("locale", "language", "언어"),
}
WHEN: Final = ("occurred_at", "consented_at", "date", "when", "동의일", "동의일시", "일시")


def guess_mapping(path: Path, *, kind: Kind, time_zone: str, country: str) -> Mapping:
    """Return what the names of a file's columns say, in a shop of that zone and country.

    Raises:
        FileFault: the file cannot be read.
        MappingFault: the kind is never guessed, or a column that it needs has no known name.
    """
    if kind not in {"products", "consents"}:
        raise MappingFault(
            f"What the columns of {kind} mean is never guessed: give --mapping; examples/ has some "
            "to start from."
        )
    source = Source(time_zone=time_zone, country=country, currency=CURRENCIES.get(country))
    names = column_names(path, source=source)
    known = {plain(name): name for name in reversed(names)}
    return guess_products(source, known) if kind == "products" else guess_consents(source, known)


def column_names(path: Path, *, source: Source) -> list[str]:
    """Return the names of a file's columns; raises FileFault like ``read_rows``."""
    return cast("list[str]", read_rows(path, source=source).table.column_names)  # pyright: ignore[reportUnknownMemberType] - pyarrow ships no types


def plain(name: str) -> str:
    """Return a column's name as the lists above write it."""
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def found(known: Aliases[str, str], aliases: Aliases[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the file's column for each meaning that one of its names has."""
    return {
        meaning: known[name]
        for meaning, names in aliases.items()
        for name in [next((name for name in names if name in known), None)]
        if name is not None
    }


def guess_products(source: Source, known: Aliases[str, str]) -> Mapping:
    columns = found(known, PRODUCT)
    need(columns, known, product_id=PRODUCT["product_id"], product_name=PRODUCT["product_name"])
    return Mapping(source=source, columns=msgspec.convert(columns, Columns))


def guess_consents(source: Source, known: Aliases[str, str]) -> Mapping:
    said, person = found(known, STATEMENT), found(known, PERSON)
    when = found(known, {"date": WHEN})
    need(said | when, known, state=STATEMENT["state"], source=STATEMENT["source"], date=WHEN)
    if not person.keys() & {"id", "email"}:
        need({}, known, id=PERSON["id"] + PERSON["email"])
    texts = {key: braced(name) for key, name in said.items() if key != "state"}
    return Mapping(
        source=source,
        columns=msgspec.convert(when, Columns),
        customer=msgspec.convert({key: braced(name) for key, name in person.items()}, Customer),
        statement=msgspec.convert({**texts, "state": said["state"]}, Statement),
    )


def braced(name: str) -> str:
    return f"{{{name}}}"


def need(columns: Aliases[str, str], known: Aliases[str, str], **aliases: tuple[str, ...]) -> None:
    """Refuse to guess where a column is missing that nothing can do without."""
    for meaning, names in aliases.items():
        if meaning not in columns:
            raise MappingFault(
                f"No column is known to be the {meaning}: name one {', '.join(names)}, or give "
                f"--mapping. The file's columns: {', '.join(known.values())}."
            )


def say_guess(mapping: Mapping) -> str:
    """Say what was guessed, in one line."""
    said = mapping.statement
    parts = {key: getattr(mapping.columns, key) for key in Columns.__struct_fields__}
    parts |= {key: getattr(mapping.customer, key) for key in ("id", "email", "phone")}
    if said is not None:
        parts |= {key: getattr(said, key) for key in STATEMENT}
    told = ", ".join(f"{key} = {name}" for key, name in parts.items() if name)
    return f"Guessed from the columns' names: {told}. Write a mapping to say otherwise."
