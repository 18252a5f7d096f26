"""A form with a file in it, as vendors take pictures (RFC 7578)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as it goes over the line, and what its Content-Type says."""

    kind: str
    content: bytes


def write_form(
    fields: Mapping[str, str], *, file_field: str, file_name: str, content: bytes
) -> Form:
    """Write a form; names and values hold no quotes and no line breaks."""
    boundary = secrets.token_hex(16)
    kind = "image/png" if file_name.endswith(".png") else "image/jpeg"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{file_field}"; '
        f'filename="{file_name}"\r\nContent-Type: {kind}\r\n\r\n'
    )
    return Form(
        kind=f"multipart/form-data; boundary={boundary}",
        content="".join([*parts, head]).encode() + content + f"\r\n--{boundary}--\r\n".encode(),
    )
