"""What proves a customer's consents to somebody who has no access to the database.

A bundle holds the customer's entries, the words they were shown, and of the chain what is needed to
get from each entry to the next anchor behind it. Of others' entries it holds digests only.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib import resources
from itertools import groupby

from dangol.consent.chain import read_head, stamp
from dangol.consent.evidence import open_evidence
from dangol.consent.ledger import STATEMENTS
from dangol.consent.verify import (
    EVIDENCE_FILE,
    NOTHING,
    PROOF,
    PROOF_FILE,
    WORDINGS,
    Record,
    canonical,
)
from dangol.store.connect import Connection
from dangol.store.vault import Vault

README = """\
# 수신 동의 증명 / Proof of consent

이 묶음은 한 고객의 수신 동의 기록이 기록된 뒤에 바뀌지 않았음을 인터넷 없이 확인할 수 있게 합니다.
`python3 verify.py`를 실행하면 결과가 나옵니다. 다른 곳에 보관한 앵커가 있으면
`python3 verify.py --anchors 파일`로 함께 비교하십시오. 그때 비로소 데이터베이스 관리자도 기록을
바꾸지 못했음이 증명됩니다. 이 묶음에는 개인정보가 들어 있을 수 있으니 안전하게 보관하십시오.

This bundle lets anybody check, offline, that the consents of one customer were not altered since
they were recorded. Run `python3 verify.py`. If you have anchors that were kept elsewhere, compare
them, too: `python3 verify.py --anchors FILE`. Only these prove that not even the database's
administrator changed anything. The bundle may hold personal data: keep it safe.

- `proof.json`: the entries, and the stretches of the chain that lead to an anchor
- `wordings/`: the words that were shown, named by their SHA-256
- `evidence.json`: from where the customer acted, opened with their key; absent once they are erased
- `verify.py`: the verifier; reads nothing but this folder and needs nothing but Python
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An entry with its link: what it says, the words, and the evidence where it can be opened."""

    seq: int
    facts: Record
    wording: str
    opened: str | None


def make_bundle(
    connection: Connection,
    *,
    workspace_id: int,
    customer_id: int,
    customer_ids: Sequence[int],
    vault: Vault,
    anchors: Iterable[Record],
    now: datetime,
) -> dict[str, bytes]:
    """Return the files of the bundle by name; ``customer_ids`` are all of the customer's parts.

    To be called inside a transaction that sees one moment, after what waits has been chained.
    """
    said = read_said(connection, workspace_id=workspace_id, customer_ids=customer_ids, vault=vault)
    seq, head = read_head(connection, workspace_id=workspace_id)
    ours = [one for one in anchors if one["workspace"] == workspace_id]
    runs = [
        read_run(connection, workspace_id=workspace_id, first=first, last=last)
        for first, last in stretches([one.seq for one in said], [one["seq"] for one in ours], seq)
    ]
    covered = {run["from"] + place for run in runs for place in range(len(run["links"]))}
    proof = {
        "dangol": PROOF,
        "workspace": workspace_id,
        "customer": customer_id,
        "made_at": stamp(now),
        "entries": [{"seq": one.seq, "facts": one.facts} for one in said],
        "runs": runs,
        "anchors": [one for one in ours if one["seq"] in covered],
        "head": {"seq": seq, "hash": head},
    }
    opened = [{"seq": one.seq, "opened": one.opened} for one in said if one.opened is not None]
    words = {one.wording.encode() for one in said if one.wording}
    return {
        "README.md": README.encode(),
        "verify.py": (resources.files("dangol.consent") / "verify.py").read_bytes(),
        PROOF_FILE: json.dumps(proof, ensure_ascii=False, indent=1).encode(),
        **({EVIDENCE_FILE: canonical(opened)} if opened else {}),
        **{f"{WORDINGS}/{sha256(text).hexdigest()}.txt": text for text in sorted(words)},
    }


def read_said(
    connection: Connection, *, workspace_id: int, customer_ids: Sequence[int], vault: Vault
) -> list[Said]:
    """Read the entries of a customer that are chained, in the chain's order."""
    values = {"workspace_id": workspace_id, "customer_ids": list(customer_ids)}
    return [
        Said(
            seq=seq,
            facts=facts,
            wording=wording,
            opened=open_evidence(vault, workspace_id, evidence, wrapped) if evidence else None,
        )
        for seq, facts, wording, evidence, wrapped in connection.execute(
            STATEMENTS["read_said"], values
        )
    ]


def stretches(entries: Sequence[int], anchors: Iterable[int], head: int) -> list[tuple[int, int]]:
    """Return the first and last link of each stretch: from an entry to the next anchor, or head.

    Entries with the same anchor share a stretch.
    """
    ends = sorted({*anchors, head})
    end_of = {seq: min((end for end in ends if end >= seq), default=head) for seq in entries}
    return [(min(group), end) for end, group in groupby(sorted(entries), key=end_of.__getitem__)]


def read_run(connection: Connection, *, workspace_id: int, first: int, last: int) -> Record:
    """Read a stretch of the chain as a bundle has it."""
    values = {"workspace_id": workspace_id, "first": first, "last": last}
    rows = connection.execute(STATEMENTS["read_run"], values).fetchall()
    before = [row[2] for row in rows if row[0] < first]
    links = [[digest, at] for seq, digest, _, at in rows if seq >= first]
    return {"from": first, "previous": before[0] if before else NOTHING, "links": links}
