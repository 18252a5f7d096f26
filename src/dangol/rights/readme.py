"""What an export says about itself."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dangol.rights.sections import SECTIONS, Section

HEAD: Final = """\
# 보유한 개인정보 / What is held about you

{now} 기준입니다. 시각은 모두 UTC입니다.
As of {now}. All times are in UTC.

- `export.json`: 모든 내용을 담은 파일 하나 / everything in one document, for programs
- `*.csv`: 종류별 표. 스프레드시트로 열 수 있습니다 / one table for each kind, for spreadsheets

CSV에서 `=`, `+`, `-`, `@`로 시작하는 글 앞에는 `'`가 붙습니다. 스프레드시트가 수식으로 실행하지
않게 하기 위함이며, JSON에는 원래 값이 있습니다.
In the CSV files, text that begins with `=`, `+`, `-` or `@` has a `'` in front, so that no
spreadsheet runs it as a formula; the JSON document has it as it is.

다른 사람에 관한 정보는 들어 있지 않습니다. / It holds nothing about anybody else.
"""


def write_readme(path: Path, *, counts: Mapping[str, int], now: datetime) -> None:
    """Write what each file and each of its columns means."""
    head = HEAD.format(now=now.astimezone(UTC).isoformat(timespec="seconds"))
    parts = [head, *("\n".join(lines_of(one, rows=counts[one.name])) for one in SECTIONS)]
    _ = path.write_text("\n".join(parts) + "\n", encoding="utf-8")


def lines_of(section: Section, *, rows: int) -> Iterator[str]:
    yield f"## {section.name}.csv: {section.ko} / {section.en} ({rows:,})"
    yield ""
    yield "| 열 / column | 뜻 | meaning |"
    yield "|---|---|---|"
    for column in section.columns:
        yield f"| `{column.name}` | {column.ko} | {column.en} |"
    yield ""
