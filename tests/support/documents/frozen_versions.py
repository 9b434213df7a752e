"""Versions of proposals as they stood on the day of their submission, and what is made of them."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from lab.canonical import canonical_json
from lab.filesystem import ROOT
from lab.proposals.core.content.comparison import changes_between, private_changes_between
from lab.proposals.core.content.content import read
from lab.proposals.export import submitted
from lab.reports.content.proposal_copy import to_plain
from lab.reports.proposal_documents import builder, review_copy
from lab.reports.rendering import pdf
from lab.version import PRODUCT, VERSION

FOLDER = ROOT / "tests" / "frozen" / "proposals"
# Two applicants in format 2; one with a smart contract and little else; format 1.
VERSIONS = ("joint", "alone", "first_format")
SUBMITTED = datetime(2022, 7, 1, 1, 5, 3, tzinfo=UTC)
MADE = datetime(2022, 7, 1, 2, 5, 3, tzinfo=UTC)


def stored(name: str) -> dict[str, Any]:
    """What was stored of a version: its content, its private part, its fingerprint, and what was
    made of it then."""
    kept: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return kept


def documents(version: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The snapshots of receipt, proposal and review copy, made anew of a stored version."""
    row = SimpleNamespace(
        content=canonical_json(version["content"]),
        private=canonical_json(version["private"]),
        fingerprint=version["fingerprint"],
        number=2,
        submitted_at=SUBMITTED,
    )
    known = {
        "submitted_by": "填报乙",
        "made_by": "办公丁",
        "made_at": MADE,
        "verify_url": f"http://localhost/reports/verify?code={version['fingerprint']}",
    }
    proposal: Any = SimpleNamespace(is_demo=True, joint_unit_id=None)
    build = {
        "receipt": builder.build_receipt,
        "proposal": builder.build_proposal,
        "review": review_copy.build_review_copy,
    }
    return {kind: to_plain(fill(proposal, row, **known)) for kind, fill in build.items()}


EARLIER = {"proposal-4": "proposal-2", "review-3": "review-1"}


def without_separators(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The snapshot in the earlier form of its kind, whose tables showed figures ungrouped."""
    plain: dict[str, Any] = json.loads(
        re.sub(r"(?<=\d),(?=\d{3})", "", json.dumps(snapshot, ensure_ascii=False))
    )
    return {**plain, "schema": EARLIER.get(plain["schema"], plain["schema"])}


def printed_digest(snapshot: dict[str, Any]) -> str:
    """SHA-256 of the HTML that a snapshot prints as, whatever release prints it."""
    printed = pdf.render_html(snapshot).replace(f"{PRODUCT} {VERSION}", "GENERATOR")
    return hashlib.sha256(printed.encode()).hexdigest()


def exported(version: dict[str, Any]) -> dict[str, Any]:
    """The cells of the list's export that are taken from a version."""
    parts = (version["content"], version["private"])
    plain = {"values": submitted.submitted_values(*parts), "rows": submitted.submitted_rows(*parts)}
    made: dict[str, Any] = json.loads(canonical_json(plain))
    return made


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Any]:
    """What differs between two versions, with the part that reviewers never see."""
    found = (
        *changes_between(read(before["content"]), read(after["content"])),
        *private_changes_between(before["private"], after["private"]),
    )
    plain: list[Any] = json.loads(canonical_json(found))
    return plain
