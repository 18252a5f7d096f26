"""A bundle proves a customer's consents on a machine that knows nothing of Dangol."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.build import NOON, TEST_VAULT, customer, give_consent

from dangol.consent.chain import chain_everything, read_head, stamp
from dangol.consent.evidence import Evidence, seal_evidence
from dangol.consent.ledger import Origin, record_entry
from dangol.consent.proof import make_bundle, stretches
from dangol.consent.verify import ANCHOR, Record, check_bundle
from dangol.store.connect import Connection
from dangol.store.vocabulary import Channel, ConsentAction, ConsentSource, Purpose

WORDS = "광고성 정보를 이메일로 받겠습니다."
Files = dict[str, bytes]
OTHERS = 4


def speak(connection: Connection, workspace: int, customer_id: int, action: str) -> None:
    """A word on a page, with all that is known of it."""
    sealed = seal_evidence(
        connection,
        workspace_id=workspace,
        customer_id=customer_id,
        vault=TEST_VAULT,
        evidence=Evidence(address="203.0.113.7", program="Firefox"),
    )
    record_entry(
        connection,
        workspace_id=workspace,
        customer_id=customer_id,
        channel=Channel.EMAIL,
        purpose=Purpose.MARKETING,
        action=ConsentAction(action),
        source="sign-up form",
        wording=WORDS,
        locale="ko",
        occurred_at=NOON,
        now=NOON,
        origin=Origin(
            kind=ConsentSource.PAGE,
            actor="key 1",
            wording_version="2027-01",
            box_preticked=False,
            client_at=NOON + timedelta(hours=1),
            evidence=sealed,
            proof_token="link 5",  # noqa: S106 - names a link, opens nothing
            proven_at=NOON,
        ),
    )


def others(connection: Connection, workspace: int) -> None:
    for number in range(OTHERS):
        who = customer(connection, workspace, name=f"other {number}", email=None)
        give_consent(connection, workspace, customer_id=who)


def anchored(connection: Connection, workspace: int) -> Record:
    chain_everything(connection, workspace_id=workspace, now=NOON)
    seq, head = read_head(connection, workspace_id=workspace)
    connection.commit()
    return {"dangol": ANCHOR, "workspace": workspace, "seq": seq, "hash": head, "at": stamp(NOON)}


@pytest.fixture
def minji(connection: Connection, workspace: int) -> int:
    """Somebody who spoke three times: twice before the anchors, and once since the last."""
    who = customer(connection, workspace, name="somebody")
    connection.commit()
    return who


@pytest.fixture
def anchors(connection: Connection, workspace: int, minji: int) -> list[Record]:
    others(connection, workspace)
    speak(connection, workspace, minji, "grant")
    first = anchored(connection, workspace)
    speak(connection, workspace, minji, "withdraw")
    others_later(connection, workspace, minji)
    second = anchored(connection, workspace)
    speak(connection, workspace, minji, "grant")
    chain_everything(connection, workspace_id=workspace, now=NOON)
    connection.commit()
    return [first, second]


def others_later(connection: Connection, workspace: int, minji: int) -> None:
    connection.execute(
        "insert into consent_entry (workspace_id, customer_id, channel, purpose, action, source,"
        " occurred_at, recorded_at) select %s, id, 'email', 'marketing', 'refuse', 'file', %s, %s"
        " from customer where id <> %s",
        (workspace, NOON, NOON, minji),
    )


@pytest.fixture
def bundle(connection: Connection, workspace: int, minji: int, anchors: list[Record]) -> Files:
    return bundle_of(connection, workspace, minji, anchors)


def bundle_of(
    connection: Connection, workspace: int, customer_id: int, anchors: list[Record]
) -> Files:
    return make_bundle(
        connection,
        workspace_id=workspace,
        customer_id=customer_id,
        customer_ids=[customer_id],
        vault=TEST_VAULT,
        anchors=anchors,
        now=NOON,
    )


def run(folder: Path, files: Files, *arguments: str) -> tuple[int, str]:
    """Unpack a bundle and run its verifier, isolated from everything else that is installed."""
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(content)
    done = subprocess.run(  # noqa: S603 - our own file
        [sys.executable, "-I", "-S", str(folder / "verify.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_bundle_proves_itself_offline(bundle: Files, minji: int, tmp_path: Path) -> None:
    code, said = run(tmp_path, bundle)

    assert code == 0, said
    assert f"3 entries of customer {minji}: none was altered since it was chained." in said
    assert "2 of them are bound by an anchor (2 compared)." in said
    assert "1 of them are bound by the head of the chain" in said
    assert "PROVEN. 증명되었습니다." in said


def test_a_bundle_holds_everything_that_is_known_of_a_word(bundle: Files) -> None:
    facts = json.loads(bundle["proof.json"])["entries"][0]["facts"]
    opened = json.loads(bundle["evidence.json"])

    assert (
        facts
        | {
            "action": "grant",
            "source_kind": "page",
            "actor": "key 1",
            "wording_version": "2027-01",
            "box_preticked": False,
            "client_at": "2027-03-02T04:00:00.000000Z",
            "proof_token": "link 5",
            "proven_at": "2027-03-02T03:00:00.000000Z",
        }
        == facts
    )
    assert bundle[f"wordings/{facts['wording_sha256']}.txt"].decode() == WORDS
    assert json.loads(opened[0]["opened"])["address"] == "203.0.113.7"


def test_a_bundle_tells_of_others_nothing_but_digests(bundle: Files, minji: int) -> None:
    proof = json.loads(bundle["proof.json"])

    assert {entry["facts"]["customer"] for entry in proof["entries"]} == {minji}
    assert {len(link) for stretch in proof["runs"] for link in stretch["links"]} == {2}
    # The first stretch begins at their first entry, not at the ledger's.
    assert proof["runs"][0]["from"] == OTHERS + 1


def test_anchors_from_elsewhere_are_compared(
    bundle: Files, anchors: list[Record], tmp_path: Path
) -> None:
    kept, forged = tmp_path / "kept.txt", tmp_path / "forged.txt"
    kept.write_text("".join(json.dumps(one) + "\n" for one in anchors))
    forged.write_text(json.dumps({**anchors[0], "hash": "ab" * 32}))

    alike = run(tmp_path / "one", bundle, "--anchors", str(kept))
    different = run(tmp_path / "two", bundle, "--anchors", str(forged))

    assert alike[0] == 0
    assert different[0] == 1
    assert "is not the one that was anchored" in different[1]


def test_an_erased_customers_consents_stay_proven_without_saying_whence(
    connection: Connection, workspace: int, minji: int, anchors: list[Record]
) -> None:
    connection.execute("delete from customer_key where customer_id = %s", (minji,))

    files = bundle_of(connection, workspace, minji, anchors)

    assert "evidence.json" not in files
    assert check_bundle(files).faults == []


def test_who_has_no_key_leaves_no_evidence(connection: Connection, workspace: int) -> None:
    who = customer(connection, workspace, name="nobody", email=None)

    speak(connection, workspace, who, "grant")

    assert connection.execute("select evidence from consent_entry").fetchone() == (None,)


def test_who_never_said_anything_has_an_empty_proof(
    connection: Connection, workspace: int, anchors: list[Record]
) -> None:
    who = customer(connection, workspace, name="quiet", email=None)

    files = bundle_of(connection, workspace, who, anchors)

    assert check_bundle(files).faults == []
    assert json.loads(files["proof.json"])["entries"] == []


def edit_proof(files: Files, change: Callable[[Record], object]) -> None:
    proof = json.loads(files["proof.json"])
    change(proof)
    files["proof.json"] = json.dumps(proof).encode()


def replaced(files: Files, name: str, old: str, new: str) -> None:
    path = next(one for one in files if one.startswith(name))
    files[path] = files[path].replace(old.encode(), new.encode())


FORGERIES: dict[str, tuple[Callable[[Files], None], str]] = {
    "an entry": (
        lambda files: replaced(files, "proof.json", '"action": "withdraw"', '"action": "grant"'),
        "binds another entry",
    ),
    "a digest": (
        lambda files: edit_proof(
            files, lambda proof: proof["runs"][0]["links"][0].__setitem__(0, "0" * 64)
        ),
        "is not the one that was anchored",
    ),
    "the time of a link": (
        lambda files: edit_proof(
            files, lambda proof: proof["runs"][0]["links"][0].__setitem__(1, stamp(NOON)[:-1])
        ),
        "is not the one that was anchored",
    ),
    "the words": (lambda files: replaced(files, "wordings", "광고성", "공익"), "the words are not"),
    "no words": (
        lambda files: files.pop(next(one for one in files if "wordings" in one)) and None,
        "the words are not",
    ),
    "the evidence": (
        lambda files: replaced(files, "evidence.json", "203.0.113.7", "203.0.113.8"),
        "the evidence is not",
    ),
    "the head": (
        lambda files: edit_proof(files, lambda proof: proof["head"].update(hash="0" * 64)),
        "does not lead to the head",
    ),
    "no anchor and no head": (
        lambda files: edit_proof(
            files, lambda proof: proof.update(anchors=[], head={"seq": 999, "hash": ""})
        ),
        "lead to no anchor",
    ),
    "another kind": (
        lambda files: edit_proof(files, lambda proof: proof.update(dangol="proof 9")),
        "not of a kind",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_bundle_proves_nothing(bundle: Files, tmp_path: Path, name: str) -> None:
    forge, why = FORGERIES[name]
    forge(bundle)

    code, said = run(tmp_path, bundle)

    assert code == 1
    assert why in said
    assert "NOT PROVEN" in said


@pytest.mark.parametrize(
    ("entries", "anchors", "head", "expected"),
    [
        ([], [], 0, []),
        ([3], [], 9, [(3, 9)]),
        ([3, 5], [9], 9, [(3, 9)]),
        ([3, 5, 7], [4, 6], 9, [(3, 4), (5, 6), (7, 9)]),
        ([4], [4, 8], 9, [(4, 4)]),
    ],
)
def test_a_stretch_leads_to_the_next_anchor(
    entries: list[int], anchors: list[int], head: int, expected: list[tuple[int, int]]
) -> None:
    assert stretches(entries, anchors, head) == expected
