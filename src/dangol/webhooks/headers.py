"""Headers of an endpoint: what its receiver wants to see beside our own, a key above all.

Their values are sealed together and opened for a call only; their names are kept in the open, for
their owner to see. Nothing here ever says a value, for faults are answered and logged.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from dangol.store.connect import Connection
from dangol.store.vault import Vault
from dangol.webhooks.endpoints import STATEMENTS, UnknownEndpoint, WebhookFault

SEALED_HEADERS: Final = "webhook_headers"
HEADERS_MAX: Final = 10
VALUE_MAX: Final = 4_096
# All of them, names and values. Common servers refuse a request with more than 8 KiB of headers.
ALL_MAX: Final = 7_168
# RFC 9110, 5.6.2: a token.
HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")
# What is written otherwise would have to be encoded, and receivers differ in how.
NO_VALUE: Final = re.compile(r"[^\x20-\x7e]")
# Ours, or between two machines only (RFC 9110, 7.6.1): a second one would make a call ambiguous.
OURS: Final = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "expect",
        "host",
        "http2-settings",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    }
)
OUR_PREFIXES: Final = ("webhook-", "proxy-")


def change_headers(
    connection: Connection,
    *,
    workspace_id: int,
    name: str,
    put: Mapping[str, str],
    remove: Sequence[str] = (),
    vault: Vault,
) -> list[str]:
    """Take headers from an endpoint, then give it others; return the names of what it has.

    Calls made from then on bear them, also those that wait. Names are the same in upper and lower
    case.

    Raises:
        UnknownEndpoint: there is none of that name.
        WebhookFault: a header cannot be set, there are too many, or one to remove is not there.
    """
    values = {"workspace_id": workspace_id, "name": name}
    row = connection.execute(STATEMENTS["take_headers"], values).fetchone()
    if row is None:
        raise UnknownEndpoint(f"There is no endpoint {name!r}: `dangol webhook list` shows them.")
    headers = open_headers(row[0], workspace_id=workspace_id, vault=vault)
    for unwanted in remove:
        if not drop(headers, unwanted):
            there = ", ".join(headers) or "none"
            raise WebhookFault(
                f"There is no header {unwanted!r} to remove. There are: {there}.",
                korean=f"“{unwanted}” 헤더는 이미 없어요.",
            )
    check_twice(put)
    for header, value in put.items():
        check_header(header, value)
        _ = drop(headers, header)
        headers[header] = value
    check_size(headers)
    sealed = None
    if headers:
        text = msgspec.json.encode(headers).decode()
        sealed = vault.seal(workspace_id, SEALED_HEADERS, text)
    kept = {**values, "sealed_headers": sealed, "header_names": list(headers)}
    _ = connection.execute(STATEMENTS["keep_headers"], kept)
    return list(headers)


def open_headers(sealed: bytes | None, *, workspace_id: int, vault: Vault) -> dict[str, str]:
    """Return an endpoint's headers with their values, in the order in which they were set.

    Raises:
        BadToken: they were altered, or sealed for another workspace.
        MissingKeyError: their master key is not in the key file.
    """
    if sealed is None:
        return {}
    text = vault.open(workspace_id, SEALED_HEADERS, bytes(sealed))
    return msgspec.json.decode(text, type=dict[str, str])


def drop(headers: dict[str, str], name: str) -> bool:
    """Take a header out, however it is written; tell whether there was one."""
    found = [header for header in headers if header.lower() == name.lower()]
    for header in found:
        del headers[header]
    return bool(found)


def check_header(name: str, value: str) -> None:
    """Refuse a header that cannot be sent, or that is not its owner's to set.

    Raises:
        WebhookFault: it names the header and what to do, and never the value.
    """
    if not HEADER_NAME.fullmatch(name):
        raise WebhookFault(
            f"header name is {name!r}: use up to 64 of A-Z, a-z, 0-9 and -, like X-Api-Key.",
            korean=f"헤더 이름이 “{name}”이에요. 영어와 숫자, 줄표로 64자까지 적어 주세요.",
        )
    if name.lower() in OURS or name.lower().startswith(OUR_PREFIXES):
        raise WebhookFault(
            f"header name is {name!r}, which we set ourselves: leave it out, or use one of the "
            "receiver's own, like Authorization or X-Api-Key.",
            korean=f"“{name}” 헤더는 저희가 정하는 것이라 바꿀 수 없어요. Authorization이나 "
            "X-Api-Key처럼 받는 쪽의 헤더를 적어 주세요.",
        )
    if not value or value != value.strip():
        raise WebhookFault(
            f"header {name}: its value is empty, or begins or ends with a space. Write it without.",
            korean=f"“{name}” 헤더의 값이 비었거나 앞뒤에 빈칸이 있어요. 빈칸 없이 적어 주세요.",
        )
    if bad := NO_VALUE.search(value):
        raise WebhookFault(
            f"header {name}: character {bad.start() + 1} of its value is U+{ord(bad[0]):04X}. "
            "Use letters, digits, signs and spaces of ASCII, on one line.",
            korean=f"“{name}” 헤더 값의 {bad.start() + 1}번째 글자를 쓸 수 없어요. 영어와 숫자, "
            "기호로 한 줄에 적어 주세요.",
        )
    if len(value) > VALUE_MAX:
        raise WebhookFault(
            f"header {name}: its value has {len(value):,} characters. Use at most {VALUE_MAX:,}.",
            korean=f"“{name}” 헤더의 값이 너무 길어요. {VALUE_MAX:,}자까지 쓸 수 있어요.",
        )


def check_twice(headers: Mapping[str, str]) -> None:
    seen: set[str] = set()
    for name in headers:
        if name.lower() in seen:
            raise WebhookFault(
                f"header name is {name!r}, which is given twice: give it once.",
                korean=f"“{name}” 헤더가 두 번 있어요. 한 번만 적어 주세요.",
            )
        seen.add(name.lower())


def check_size(headers: Mapping[str, str]) -> None:
    if len(headers) > HEADERS_MAX:
        raise WebhookFault(
            f"These would be {len(headers)} headers. Use at most {HEADERS_MAX}; remove some first.",
            korean=f"헤더는 {HEADERS_MAX}개까지 쓸 수 있어요. 먼저 몇 개를 빼 주세요.",
        )
    if (size := sum(len(name) + len(value) for name, value in headers.items())) > ALL_MAX:
        raise WebhookFault(
            f"These headers would have {size:,} characters together. Use at most {ALL_MAX:,}.",
            korean=f"헤더를 모두 합쳐 {ALL_MAX:,}자까지 쓸 수 있어요. 먼저 몇 개를 빼 주세요.",
        )
