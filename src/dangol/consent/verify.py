"""The arithmetic of the ledger's chain, and a verifier that needs nothing but Python.

This file is put into every bundle that `dangol ledger prove` writes, as it is: it imports only the
standard library and runs on Python 3.9 or newer. Dangol itself computes its chain with it.

    python3 verify.py                        checks the bundle in whose folder it lies
    python3 verify.py BUNDLE.zip             checks a bundle as it was handed over
    python3 verify.py --anchors FILE         compares it with anchors that you have from elsewhere

    digest of an entry = SHA-256 of its facts, as canonical JSON (RFC 8785)
    hash of a link     = SHA-256 of {at, entry: digest, previous: hash before, seq, workspace}
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# What stands before the first link.
NOTHING = "0" * 64
# How an anchor and a bundle say what they are.
ANCHOR = "consent anchor 1"
PROOF = "consent proof 1"
PROOF_FILE = "proof.json"
EVIDENCE_FILE = "evidence.json"
WORDINGS = "wordings"


Record = dict[str, Any]
Records = list[Record]


def canonical(value: object) -> bytes:
    """Return RFC 8785's form of texts, whole numbers, truth values and objects of such."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def hash_of(value: object) -> str:
    """Return the SHA-256 of a value's canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def hash_link(*, workspace: int, seq: int, previous: str, digest: str, at: str) -> str:
    """Return the hash of a link; hashes are hexadecimal, the time as in an entry's facts."""
    return hash_of(
        {"at": at, "entry": digest, "previous": previous, "seq": seq, "workspace": workspace}
    )


def follow(run: Record, *, workspace: int) -> Iterator[tuple[int, str, str]]:
    """Compute a stretch of the chain; yield each link's number, digest and hash."""
    previous = run["previous"]
    for seq, (digest, at) in enumerate(run["links"], start=run["from"]):
        previous = hash_link(workspace=workspace, seq=seq, previous=previous, digest=digest, at=at)
        yield seq, digest, previous


class Check:
    """What a bundle was found to prove: ``faults``, and which entries an anchor binds."""

    def __init__(self, proof: Record, *, anchors: Iterable[Record] = ()) -> None:
        """Take a proof, and anchors beside those that it brings."""
        self.proof = proof
        self.workspace: int = proof["workspace"]
        self.faults: list[str] = []
        self.digests: dict[int, str] = {}
        self.anchored: set[int] = set()
        self.compared = 0
        self._hashes: dict[int, set[str]] = {}
        for anchor in [*proof["anchors"], *anchors]:
            if anchor["workspace"] == self.workspace:
                self._hashes.setdefault(anchor["seq"], set()).add(anchor["hash"])

    def run(self, files: Mapping[str, bytes]) -> list[str]:
        """Check everything; return what is wrong."""
        for run in self.proof["runs"]:
            self.check_run(run)
        for entry in self.proof["entries"]:
            self.check_entry(entry, files)
        self.check_evidence(files)
        return self.faults

    def check_run(self, run: Record) -> None:
        """Compute a stretch, and compare it with the anchors on its way and with the head."""
        head = self.proof["head"]
        passed: list[int] = []
        ends = False
        for seq, digest, own in follow(run, workspace=self.workspace):
            self.digests[seq] = digest
            passed.append(seq)
            if seq in self._hashes:
                self.compare(seq, own, passed)
                passed, ends = [], True
            if seq == head["seq"]:
                ends = True
                if own != head["hash"]:
                    self.faults.append(f"link {seq}: does not lead to the head of the chain")
        if not ends:
            self.faults.append(f"links from {run['from']}: lead to no anchor and not to the head")

    def compare(self, seq: int, own: str, passed: Sequence[int]) -> None:
        """Compare a link with the anchors of its number."""
        self.compared += 1
        if self._hashes[seq] == {own}:
            self.anchored.update(passed)
        else:
            self.faults.append(f"link {seq}: is not the one that was anchored")

    def check_entry(self, entry: Record, files: Mapping[str, bytes]) -> None:
        """Compare an entry with its link, and its words with their hash."""
        seq, facts = entry["seq"], entry["facts"]
        if self.digests.get(seq) != hash_of(facts):
            self.faults.append(f"link {seq}: binds another entry")
        wording = facts.get("wording_sha256")
        if (
            wording
            and hashlib.sha256(files.get(f"{WORDINGS}/{wording}.txt", b"")).hexdigest() != wording
        ):
            self.faults.append(f"link {seq}: the words are not those that were shown")

    def check_evidence(self, files: Mapping[str, bytes]) -> None:
        """Compare what was opened with what the entries bind."""
        bound = {one["seq"]: one["facts"].get("evidence_sha256") for one in self.proof["entries"]}
        for one in json.loads(files.get(EVIDENCE_FILE, b"[]")):
            if hashlib.sha256(one["opened"].encode()).hexdigest() != bound.get(one["seq"]):
                self.faults.append(f"link {one['seq']}: the evidence is not what was recorded")


def check_bundle(files: Mapping[str, bytes], *, anchors: Iterable[Record] = ()) -> Check:
    """Check a bundle, given as its files by name."""
    check = Check(json.loads(files[PROOF_FILE]), anchors=anchors)
    if check.proof.get("dangol") != PROOF:
        check.faults.append(f"{PROOF_FILE}: is not of a kind that this verifier knows")
        return check
    _ = check.run(files)
    return check


def read_bundle(path: Path) -> dict[str, bytes]:
    """Read the files of a bundle, packed or not."""
    if path.is_file():
        with zipfile.ZipFile(path) as bundle:
            return {name: bundle.read(name) for name in bundle.namelist()}
    found = [one for one in path.rglob("*") if one.is_file()]
    return {one.relative_to(path).as_posix(): one.read_bytes() for one in found}


def read_anchors(paths: Iterable[Path]) -> Records:
    """Read files with an anchor on each line."""
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def say(check: Check) -> list[str]:
    """Say what was found, in English and Korean."""
    if check.faults:
        return [
            *(f"! {fault}" for fault in check.faults),
            "NOT PROVEN. 증명되지 않았습니다.",
        ]
    seqs = [entry["seq"] for entry in check.proof["entries"]]
    bound = sum(seq in check.anchored for seq in seqs)
    whose, made_at = check.proof["customer"], check.proof["made_at"]
    return [
        f"{len(seqs)} entries of customer {whose}: none was altered since it was chained.",
        f"{bound} of them are bound by an anchor ({check.compared} compared).",
        f"{len(seqs) - bound} of them are bound by the head of the chain as of {made_at} only.",
        "PROVEN. 증명되었습니다.",
    ]


def main() -> int:
    """Check the bundle that the arguments name; return 1 if it proves nothing."""
    parser = argparse.ArgumentParser(description="Verify a bundle of consents, offline.")
    _ = parser.add_argument(
        "bundle", nargs="?", type=Path, default=Path(__file__).parent, help="a folder or a ZIP file"
    )
    _ = parser.add_argument("--anchors", type=Path, action="append", default=[], help="a file")
    options = parser.parse_args()
    check = check_bundle(read_bundle(options.bundle), anchors=read_anchors(options.anchors))
    _ = sys.stdout.write("\n".join([*say(check), ""]))
    return 1 if check.faults else 0


if __name__ == "__main__":
    sys.exit(main())
