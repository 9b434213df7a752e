"""The demonstration's first round: proposals, sheets, frozen ranking, decision, projects."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from lab import clock
from lab.calls.models.call import Call
from lab.calls.rules.freezing import freeze_rules
from lab.calls.rules.lifecycle import CallStatus
from lab.calls.rules.rubric import default_criteria
from lab.canonical import canonical_json, fingerprint
from lab.db import transition
from lab.decisions.models import Decision, DecisionItem
from lab.decisions.rules.office_marks import Mark
from lab.decisions.signals import decision_approved, decision_published
from lab.demo.joint import confirm, partner_of
from lab.demo.people import DemoCast
from lab.demo.texts import BUDGET, proposal_texts
from lab.extensions import db
from lab.numbering import formats as numbering
from lab.numbering.sequences import allocate
from lab.portfolio.models.project import Project
from lab.proposals.core.content.versions import freeze_version
from lab.proposals.models.joint import ProposalBudgetRow
from lab.proposals.models.proposal import (
    FormalityCheck,
    Proposal,
    ProposalMilestone,
    ProposalPerson,
    ProposalTarget,
)
from lab.proposals.writing import missing_count
from lab.reviews.models import Pledge, RankingResult, Recusal, ScoreItem, ScoreSheet
from lab.reviews.rounds.queries_ranking import compute_ranking

SUBMITTED = datetime(2022, 7, 25, 2, 0, tzinfo=UTC)
REVIEWED = datetime(2022, 8, 15, 8, 0, tzinfo=UTC)
DECIDED = datetime(2022, 8, 22, 7, 0, tzinfo=UTC)
STARTS, PLACES_LEFT = date(2022, 10, 1), 6
REVIEWERS = tuple(f"demo-reviewer{n}" for n in range(1, 8))
LENIENCY = (3, -2, 0, 1, -3, 2, -1)  # points by which each reviewer marks higher or lower
OFFICE, LEADING = "demo-office", "demo-leading"
# (place of the proposal, reviewer): interests that reviewers declared themselves
DECLARED_RECUSALS = {
    ("【演示】某产业园区", "demo-reviewer7"),
    ("【演示】某博物馆", "demo-reviewer2"),
}


def _due(value: str | int) -> date:
    """Return a fixed date, or one relative to today for what lies ahead in the demonstration."""
    if isinstance(value, int):
        return clock.today() + timedelta(days=value)
    return date.fromisoformat(value)


def draft(row: dict[str, Any], cast: DemoCast, call: Call) -> Proposal:
    """Create a filled-in demonstration draft."""
    dues = [_due(m[1]) for m in row["milestones"]]
    ends = max(dues)
    unit = cast.units[row["unit"]]
    joint = cast.units[row["joint"]] if row["joint"] else None
    proposal = Proposal(
        call_id=call.id,
        owner_id=cast.id(row["owner"]),
        leader_id=cast.id(row["leader"]),
        leader_duty=cast.people[row["leader"]].duty,
        unit_id=unit.id,
        joint_unit_id=joint.id if joint else None,
        partner_id=cast.id(partner_of(row)) if joint else None,
        side="joint" if joint and joint.side != unit.side else unit.side,
        project_type=row["type"],
        scenario_type=row["scenario"],
        starts_on=row.get("starts_on", STARTS),
        ends_on=ends,
        is_demo=True,
        milestones=[
            ProposalMilestone(position=at, name=m[0], due_on=due)
            for at, (m, due) in enumerate(zip(row["milestones"], dues, strict=True), 1)
        ],
        targets=[
            ProposalTarget(position=at, indicator=t[0], target=Decimal(t[1]), due_on=ends)
            for at, t in enumerate(row["targets"], 1)
        ],
        budget=[
            ProposalBudgetRow(position=at, item=item, amount_fen=amount, note=note)
            for at, (item, amount, note) in enumerate(BUDGET)
        ],
        people=[
            ProposalPerson(position=at, person_id=cast.id(key), duty="协同推进")
            for at, key in enumerate(row["members"], 1)
        ],
        budget_fen=sum(amount for _, amount, _ in BUDGET),
        **proposal_texts(row),
    )
    proposal.begin()
    db.session.add(proposal)
    db.session.flush()
    proposal.missing_count = missing_count.missing_count(proposal)
    return proposal


def submit(proposal: Proposal, call: Call, at: datetime) -> None:
    """Submit the draft: partner confirmation, number, version, fingerprint."""
    scope = f"{call.year}-{call.batch:02d}"
    number = numbering.proposal_number(call.year, call.batch, allocate("proposal", scope))
    proposal.pledged_at = at
    transition(proposal, "submit", number=number, submitted_at=at, first_submitted_at=at)
    db.session.flush()
    db.session.refresh(proposal)
    confirm(proposal, at)
    freeze_version(proposal, proposal.owner_id, at)


def accept(proposal: Proposal, cast: DemoCast, at: datetime) -> None:
    """Pass the formality check."""
    db.session.add(
        FormalityCheck(
            proposal_id=proposal.id,
            version_number=1,
            checklist=[],
            outcome="passed",
            checked_by_id=cast.id(OFFICE),
            checked_at=at,
            announced_at=at,
        )
    )
    transition(proposal, "record_check")
    transition(proposal, "pass_check")


def store_proposals(data: dict[str, Any], cast: DemoCast, call: Call) -> list[Proposal]:
    """Store the thirteen proposals: submitted, checked and under review."""
    stored = []
    for at, row in enumerate(data["proposals"]):
        proposal = draft(row, cast, call)
        submit(proposal, call, SUBMITTED + timedelta(hours=5 * at))
        accept(proposal, cast, SUBMITTED + timedelta(days=5, hours=at))
        transition(proposal, "open_review")
        stored.append(proposal)
    return stored


# -- review ------------------------------------------------------------------------------------


def review(data: dict[str, Any], cast: DemoCast, call: Call, proposals: list[Proposal]) -> None:
    """Store the sheets of seven reviewers, recused from own units, and freeze the ranking."""
    _freeze_rules(call)
    for row, proposal in zip(data["proposals"], proposals, strict=True):
        for key in REVIEWERS:
            store_sheet(row, proposal, key, cast)
    db.session.flush()
    pledge(cast, call, REVIEWED - timedelta(days=3))
    ranking = compute_ranking(call)
    db.session.add(
        RankingResult(
            call_id=call.id,
            number=1,
            content=canonical_json(ranking),
            fingerprint=fingerprint(ranking),
            computed_at=REVIEWED,
        )
    )
    call.review_closed_at = REVIEWED
    for proposal in proposals:
        transition(proposal, "close_review")


def pledge(cast: DemoCast, call: Call, at: datetime) -> None:
    """Sign the pledge for all reviewers."""
    db.session.add_all(
        Pledge(
            call_id=call.id,
            reviewer_id=cast.id(key),
            text_fingerprint=fingerprint({"text": "【演示】评审承诺"}),
            signed_at=at,
        )
        for key in REVIEWERS
    )


def _freeze_rules(call: Call) -> None:
    """Freeze invented weights and the remaining places in the frozen text alone.

    The published call keeps what was published, which names no weights.
    """
    originals = [(c, c.weight, c.rubric) for c in call.criteria]
    places = call.places
    with db.session.no_autoflush:
        for criterion, preset in zip(call.criteria, default_criteria(), strict=True):
            criterion.weight = preset.weight
        call.places = PLACES_LEFT
        call.rules_frozen, call.rules_fingerprint = freeze_rules(call)
        call.places = places
        for criterion, weight, rubric in originals:
            criterion.weight, criterion.rubric = weight, rubric


def conflict(row: dict[str, Any], key: str, cast: DemoCast) -> bool:
    own = cast.people[key].unit_id
    return own in {cast.units[u].id for u in (row["unit"], row["joint"]) if u}


def points(row: dict[str, Any], reviewer: str, criterion: str) -> Decimal:
    """Invent a score from the proposal's quality, the reviewer's leniency and some noise."""
    lot = hashlib.sha256(f"{row['title']}{reviewer}{criterion}".encode()).digest()[0] % 9 - 4
    score = row["quality"] + LENIENCY[REVIEWERS.index(reviewer)] + lot
    return Decimal(min(100, max(0, score)))


def new_sheet(proposal: Proposal, key: str, cast: DemoCast) -> ScoreSheet:
    """Create an assignment without scores."""
    sheet = ScoreSheet(
        proposal_id=proposal.id,
        reviewer_id=cast.id(key),
        assigned_by_id=cast.id(OFFICE),
        assigned_at=clock.now() if proposal.call.status == CallStatus.REVIEWING else SUBMITTED,
        proposal_version=1,
    )
    sheet.begin()
    return sheet


def store_sheet(
    row: dict[str, Any], proposal: Proposal, key: str, cast: DemoCast, at: datetime = REVIEWED
) -> None:
    """Store a submitted sheet, or a declared recusal; own-unit proposals never reach a reviewer."""
    if conflict(row, key, cast):
        return
    if (row["place"], key) in DECLARED_RECUSALS:
        _recuse(proposal, key, cast, at)
        return
    sheet = new_sheet(proposal, key, cast)
    sheet.recommendation = "approve" if row["quality"] >= 78 else "revise"
    sheet.strengths = "【演示】目标清楚，场景贴近日常，双方分工明确。"
    sheet.problems = "【演示】持续使用的安排还可以更具体。"
    sheet.comment = "【演示】总体可行，建议按计划推进并按月报送数据。"
    sheet.saved_at = at
    sheet.items = [
        ScoreItem(criterion_id=c.id, score=points(row, key, c.key), comment="")
        for c in proposal.call.criteria
    ]
    db.session.add(sheet)
    transition(sheet, "submit", submitted_at=at)


def _recuse(proposal: Proposal, key: str, cast: DemoCast, at: datetime) -> None:
    """Declare an interest for the reviewer and close the sheet."""
    reason = "【演示】曾参与该项目前期论证，申请回避。"
    sheet = new_sheet(proposal, key, cast)
    db.session.add(sheet)
    transition(sheet, "recuse", closed_reason=reason)
    db.session.add(
        Recusal(
            proposal_id=proposal.id,
            reviewer_id=cast.id(key),
            code="interest",
            reason=reason,
            declared_by_id=cast.id(key),
            declared_at=at - timedelta(days=5),
        )
    )


# -- decision ----------------------------------------------------------------------------------


def decide(
    data: dict[str, Any], cast: DemoCast, call: Call, proposals: list[Proposal]
) -> list[Project]:
    """Propose by the office, approve by the leading group, announce the result."""
    decision = Decision(
        call=call,
        ranking_number=1,
        explanation="【演示】公开报道载明首批立项12个，其中6个列有名称，其余6个名额由演示数据补足。",
    )
    decision.begin()
    order = {line["proposal"]: at for at, line in enumerate(_ranking(call)["lines"], 1)}
    marks = {row["title"]: row["mark"] for row in data["proposals"]}
    decision.items = [
        DecisionItem(
            proposal=p, position=order[p.key], mark=marks[p.title], reason="【演示】按名次拟定。"
        )
        for p in sorted(proposals, key=lambda p: order[p.key])
    ]
    db.session.add(decision)
    db.session.flush()
    transition(
        decision,
        "submit",
        proposed_by_id=cast.id(OFFICE),
        proposed_at=DECIDED - timedelta(days=2),
    )
    transition(decision, "approve", decided_by_id=cast.id(LEADING), decided_at=DECIDED)
    decision_approved.send("demonstration", decision=decision)
    _publish(decision, proposals, marks)
    db.session.flush()
    return list(db.session.query(Project).filter(Project.is_demo, Project.call_id == call.id))


def _publish(decision: Decision, proposals: list[Proposal], marks: dict[str, str]) -> None:
    at = DECIDED + timedelta(days=1)
    transition(
        decision,
        "publish",
        published_at=at,
        notice_starts_on=at.date(),
        notice_ends_on=at.date() + timedelta(days=7),
    )
    for proposal in proposals:
        transition(proposal, Mark(marks[proposal.title]).result, closed_at=at)
    decision_published.send("demonstration", decision=decision)


def _ranking(call: Call) -> dict[str, Any]:
    frozen = db.session.query(RankingResult).filter(RankingResult.call_id == call.id).one()
    ranking: dict[str, Any] = frozen.content.parsed()
    return ranking
