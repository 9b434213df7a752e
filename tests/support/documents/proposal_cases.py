"""Papers to print in tests: an ordinary one and the longest that the form allows."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from lab.canonical import canonical_json, fingerprint
from lab.catalogue.indicators import INDICATORS
from lab.proposals.rules.form.schema import (
    LIMITS,
    MAX_BUDGET_ROWS,
    MAX_FILES,
    MAX_MILESTONES,
    MAX_PEOPLE,
    MAX_TARGETS,
    SHOWN_TEXTS,
)
from lab.reports.content.proposal_copy import DocumentTable, ProposalCopy, Receipt, ReviewCopy
from lab.reports.proposal_documents import builder as proposal_documents_builder
from lab.reports.proposal_documents import review_copy as proposal_documents_review_copy

TEXTS = tuple(field.key for field in SHOWN_TEXTS)
SOME_LINES = 150  # letters
SUBMITTED = datetime(2022, 7, 1, 1, 5, 3, tzinfo=UTC)
START = date(2022, 7, 1)
URL = "http://localhost/reports/verify?code="
RARE = "喆昇堃玥䶮𬸚"


def shown(**changes: Any) -> dict[str, Any]:
    """The shown part of a submitted proposal."""
    texts = {name: f"{name}：分三步实施。\n先试点，后推广。" for name in TEXTS}
    values = {
        **texts,
        "format": 2,
        "title": "园区数字人民币缴费【演示】",
        "call": "2022年第一批【演示】",
        "number": "SB-2022-01-007",
        "unit": "邮政东城分公司",
        "joint_unit": "邮储东城支行",
        "side": "joint",
        "project_type": "scene",
        "scenario_type": "park",
        "leader": {"name": "负责甲", "unit": "邮政东城分公司", "duty": "副总经理"},
        "people": [{"name": f"成员{RARE}", "unit": "邮储东城支行", "duty": "商户拓展"}],
        "starts_on": START,
        "ends_on": date(2022, 12, 31),
        "smart_contract": False,
        "milestones": [{"name": "完成系统对接", "due_on": START + timedelta(days=60)}],
        "targets": [_target("K01"), _target("K06")],
        "budget_fen": 12_000_050,
        "budget": [
            {"item": "宣传物料", "amount_fen": 8_000_050, "note": "邮政营销费用"},
            {"item": "商户补贴", "amount_fen": 4_000_000, "note": ""},
        ],
        "partner": {
            "name": "联合戊",
            "unit": "邮储东城支行",
            "opinion": "同意联合申报，承担开户。",
        },
        "files": [_file("合作意向书.pdf")],
    }
    return {**values, **changes}


def _target(code: str) -> dict[str, Any]:
    return {
        "indicator": code,
        "base": Decimal("5"),
        "target": Decimal("1200.5"),
        "due_on": date(2022, 12, 31),
    }


def _file(name: str) -> dict[str, Any]:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return {"key": "abcdefghjkmn", "name": name, "size": 123_456, "sha256": digest}


def longest(letter: str) -> dict[str, Any]:
    """Every text as long as the form allows, of one letter and so without a place to break."""
    return shown(
        **{name: letter * LIMITS[name] for name in TEXTS},
        smart_contract=True,
        unit=letter * 60,
        joint_unit=letter * 60,
        leader={"name": letter * 30, "unit": letter * 60, "duty": letter * 40},
        people=[{"name": letter * 30, "unit": letter * 60, "duty": letter * 60}] * MAX_PEOPLE,
        milestones=[{"name": letter * 60, "due_on": START}] * MAX_MILESTONES,
        targets=[
            {**_target(code), "base": Decimal("99999999999.99"), "target": Decimal("9" * 12)}
            for code in (list(INDICATORS) * 3)[:MAX_TARGETS]
        ],
        budget_fen=999_999_999_999_99 * MAX_BUDGET_ROWS,
        budget=[{"item": letter * 40, "amount_fen": 999_999_999_999_99, "note": letter * 100}]
        * MAX_BUDGET_ROWS,
        partner={"name": letter * 30, "unit": letter * 60, "opinion": letter * 500},
        files=[_file(letter * 196 + ".pdf")] * MAX_FILES,
    )


def _widest(letter: str) -> dict[str, Any]:
    """The same with some lines of each text and two rows of each table."""
    plain = longest(letter)
    texts = {name: plain[name][:SOME_LINES] for name in TEXTS}
    tables = ("people", "milestones", "targets", "budget", "files")
    return {**plain, **texts, **{name: plain[name][:2] for name in tables}}


def _known(
    plain: dict[str, Any], avoided: list[dict[str, str]] | None = None, **changes: Any
) -> tuple[Any, Any, dict[str, Any]]:
    private = {
        "owner": "填报乙",
        "leader_phone": "010-10000000",
        "avoided": avoided or [{"name": "评委丙", "reason": "曾有合作"}],
    }
    version = SimpleNamespace(
        content=canonical_json(plain),
        private=canonical_json(private),
        fingerprint=fingerprint(plain),
        number=2,
        submitted_at=SUBMITTED,
    )
    known = {
        "submitted_by": "填报乙",
        "made_by": "办公丁",
        "made_at": SUBMITTED + timedelta(hours=1),
        "verify_url": URL + fingerprint(plain),
        **changes,
    }
    return SimpleNamespace(is_demo=True, joint_unit_id=None), version, known


def proposal_paper(plain: dict[str, Any] | None = None, **changes: Any) -> ProposalCopy:
    """A proposal on paper, of demonstration data."""
    proposal, version, known = _known(plain or shown(), **changes)
    return proposal_documents_builder.build_proposal(proposal, version, **known)


def receipt(plain: dict[str, Any] | None = None, **changes: Any) -> Receipt:
    """A receipt for demonstration data."""
    proposal, version, known = _known(plain or shown(), **changes)
    return proposal_documents_builder.build_receipt(proposal, version, **known)


def first_format(**changes: Any) -> dict[str, Any]:
    """The shown part of a proposal submitted before the budget had rows."""
    plain = shown(**{"format": 1, **changes})
    return {name: value for name, value in plain.items() if name not in ("budget", "partner")}


def review_copy(plain: dict[str, Any] | None = None, **changes: Any) -> ReviewCopy:
    """The copy of what reviewers see, of demonstration data."""
    proposal, version, known = _known(plain or shown(), **changes)
    return proposal_documents_review_copy.build_review_copy(proposal, version, **known)


def longest_paper(letter: str) -> ProposalCopy:
    """A proposal of the longest texts, with reviewers to avoid and reasons just as long."""
    return _with_longest_reasons(proposal_paper(longest(letter)))


def widest_paper(letter: str) -> ProposalCopy:
    """A short proposal whose cells are as full as those of the longest."""
    return _with_longest_reasons(proposal_paper(_widest(letter)))


def _with_longest_reasons(paper: ProposalCopy) -> ProposalCopy:
    pairs, table = paper.private
    assert isinstance(table, DocumentTable)
    rows = tuple((str(at), "名" * 30, "由" * 100) for at in (1, 2))
    return replace(paper, private=(pairs, replace(table, rows=rows)))


def genuine(paper: ProposalCopy | Receipt) -> ProposalCopy | Receipt:
    """The same without demonstration data."""
    return replace(paper, origin=replace(paper.origin, has_demo=False))
