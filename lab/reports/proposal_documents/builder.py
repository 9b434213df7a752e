"""Build a document from a submitted version: every field in form order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lab.proposals.core.content.content import with_late_opinion
from lab.proposals.core.content.reader import Content, Member, PrivatePart, read, read_private
from lab.proposals.joint.queries import awaits_confirmation
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.rules.form.schema import BY_SLUG, LABELS, PLEDGE, ROW_HEADINGS, TOTAL_LABEL
from lab.proposals.rules.joint.confirmation import UNCONFIRMED
from lab.reports.content.proposal_copy import (
    Block,
    DocumentColumn,
    DocumentOrigin,
    DocumentPart,
    DocumentTable,
    LabelledPairs,
    Pair,
    ProposalCopy,
    ProseBlock,
    Receipt,
)
from lab.reports.content.wording import full_date, full_time, grouped_number
from lab.web.filters import format_size, yuan_exact

PROPOSAL_TITLE = "北京邮银数字人民币创新实验室项目申报书"
RECEIPT_TITLE = "北京邮银数字人民币创新实验室申报书提交回执"
ORDER_COLUMN = DocumentColumn("序号", "order")
NEXT_STEPS = (
    "实施办公室办理形式审查，结果在系统内通知填报人和负责人。",
    "需要补正的，退回补正并写明原因和期限；期限内补正后重新提交，申报编号不变，另出新版回执。",
    "形式审查合格的进入专家评审，评审后由领导小组审定。",
    "立项结果在系统内公布。办理进度随时可在申报书页面查看。",
)


def document_origin(
    title: str,
    proposal: Proposal,
    version: ProposalVersion,
    *,
    submitted_by: str,
    made_by: str,
    made_at: datetime,
    verify_url: str,
) -> DocumentOrigin:
    """Return a document's origin; the texts are those of the version, not today's."""
    content = read(version.content.parsed())
    return DocumentOrigin(
        title=title,
        number=content.number or "",
        call=content.call,
        unit=content.unit,
        joint_unit=content.joint_unit,
        version=version.number,
        fingerprint=version.fingerprint,
        submitted_at=version.submitted_at,
        submitted_by=submitted_by,
        made_at=made_at,
        made_by=made_by,
        verify_url=verify_url,
        has_demo=proposal.is_demo,
    )


def build_proposal(
    proposal: Proposal, version: ProposalVersion, *, made_at: datetime, **context: Any
) -> ProposalCopy:
    """Build the proposal as submitted. `made_at` and `context` as for `document_origin`."""
    plain = version.content.parsed()
    content = with_late_opinion(read(plain), plain, proposal)
    partner = content.partner
    return ProposalCopy(
        origin=document_origin(PROPOSAL_TITLE, proposal, version, made_at=made_at, **context),
        parts=build_parts(content),
        pledge=PLEDGE,
        opinion=content.texts["unit_opinion"],
        partner_opinion=partner.opinion if partner else awaited_opinion(proposal, content, made_at),
        partner_person=partner.name if partner else "",
        private=_private(read_private(version.private.parsed())),
    )


def awaited_opinion(proposal: Proposal, content: Content, made_at: datetime) -> str:
    """Return what stands in place of the partner unit's opinion while it is awaited, or "".

    The document does not change any more, so it says as of when.
    """
    is_joint = content.joint_unit and proposal.joint_unit_id is not None
    if not is_joint or content.partner is not None or not awaits_confirmation(proposal):
        return ""
    return f"{UNCONFIRMED}（截至{full_time(made_at)}）。"


def build_parts(content: Content) -> tuple[DocumentPart, ...]:
    """Return everything reviewers see, in form order, without the opinions."""
    prose = {slug: _prose(content, slug) for slug in BY_SLUG}
    tables = (_milestones(content), _targets(content), *_budget(content))
    return (
        DocumentPart(BY_SLUG["basics"].label, _basics(content)),
        DocumentPart(BY_SLUG["background"].label, prose["background"]),
        DocumentPart(BY_SLUG["plan"].label, (*prose["plan"], _smart_contract(content))),
        DocumentPart("里程碑、指标与预算", (*tables, *prose["targets"])),
        DocumentPart(BY_SLUG["risks"].label, prose["risks"]),
        DocumentPart(LABELS["files"], (_files(content), *prose["files"])),
    )


def build_receipt(proposal: Proposal, version: ProposalVersion, **context: Any) -> Receipt:
    """Build the receipt. `context` as for `document_origin`."""
    content = read(version.content.parsed())
    return Receipt(
        origin=document_origin(RECEIPT_TITLE, proposal, version, **context),
        name=content.title,
        next_steps=NEXT_STEPS,
    )


def _basics(content: Content) -> tuple[Block, ...]:
    leader = content.leader
    pairs = (
        (LABELS["title"], content.title),
        (LABELS["unit_id"], content.unit),
        (LABELS["joint_unit_id"], content.joint_unit),
        ("所属方", content.side),
        (LABELS["project_type"], content.project_type),
        (LABELS["scenario_type"], content.scenario_type),
        (LABELS["place"], content.texts["place"]),
        ("计划起止", f"{full_date(content.starts_on)}至{full_date(content.ends_on)}"),
        (LABELS["leader_id"], f"{leader.name}（{leader.unit}）" if leader else ""),
        (LABELS["leader_duty"], leader.duty if leader else ""),
        *content.in_order("basics"),
    )
    people = DocumentTable(
        LABELS["people"],
        (
            ORDER_COLUMN,
            DocumentColumn("姓名", "name"),
            DocumentColumn("单位", "text"),
            DocumentColumn(ROW_HEADINGS["people"]["duty"], "text"),
        ),
        _numbered(_member(row) for row in content.people),
    )
    return (LabelledPairs(tuple(Pair(*pair) for pair in pairs)), people)


def _member(member: Member) -> tuple[str, ...]:
    return (member.name, member.unit, member.duty)


def _prose(content: Content, step: str) -> tuple[ProseBlock, ...]:
    return tuple(ProseBlock(label, text) for label, text in content.in_order(step))


def _smart_contract(content: Content) -> ProseBlock:
    used = content.texts["smart_contract_text"]
    return ProseBlock("智能合约", used if content.smart_contract else "不使用。")


def _milestones(content: Content) -> DocumentTable:
    heads = ROW_HEADINGS["milestones"]
    return DocumentTable(
        LABELS["milestones"],
        (
            ORDER_COLUMN,
            DocumentColumn(heads["name"], "text"),
            DocumentColumn(heads["due_on"], "date"),
        ),
        _numbered((row.name, full_date(row.due_on)) for row in content.milestones),
    )


def _targets(content: Content) -> DocumentTable:
    heads = ROW_HEADINGS["targets"]
    return DocumentTable(
        LABELS["targets"],
        (
            ORDER_COLUMN,
            DocumentColumn(heads["indicator"], "text"),
            DocumentColumn("单位", "unit"),
            DocumentColumn(heads["base"], "number"),
            DocumentColumn(heads["target"], "number"),
            DocumentColumn(heads["due_on"], "date"),
        ),
        _numbered(
            (
                row.name,
                row.unit,
                grouped_number(row.base),
                grouped_number(row.target),
                full_date(row.due_on),
            )
            for row in content.targets
        ),
    )


def _budget(content: Content) -> tuple[DocumentTable, ...]:
    """Return the budget rows with their sum. Format 1 had only the sum."""
    fen, source = content.budget_fen, content.texts["budget_source"]
    if not content.budget:
        row = ("" if fen is None else yuan_exact(fen), source)
        sum_columns = (
            DocumentColumn("预算金额（元）", "number"),
            DocumentColumn(LABELS["budget_source"], "text"),
        )
        return (DocumentTable(LABELS["budget"], sum_columns, (row,) if any(row) else ()),)
    heads = ROW_HEADINGS["budget"]
    columns = (
        ORDER_COLUMN,
        DocumentColumn(heads["item"], "text"),
        DocumentColumn(heads["amount_fen"], "number"),
        DocumentColumn(heads["note"], "text"),
    )
    rows = _numbered((row.item, yuan_exact(row.amount_fen), row.note) for row in content.budget)
    total = ("", TOTAL_LABEL, yuan_exact(fen or 0), f"共{len(content.budget)}项")
    tables = [DocumentTable(LABELS["budget"], columns, (*rows, total))]
    if source:
        head = (DocumentColumn(LABELS["budget_source"], "text"),)
        tables.append(DocumentTable(LABELS["budget_source"], head, ((source,),)))
    return tuple(tables)


def _files(content: Content) -> DocumentTable:
    return DocumentTable(
        "附件清单",
        (
            ORDER_COLUMN,
            DocumentColumn("文件名", "text"),
            DocumentColumn("大小", "unit"),
            DocumentColumn("SHA-256", "digest"),
        ),
        _numbered((row.name, format_size(row.size), row.sha256) for row in content.files),
    )


def _numbered(rows: Any) -> tuple[tuple[str, ...], ...]:
    return tuple((str(at), *row) for at, row in enumerate(rows, start=1))


def _private(part: PrivatePart) -> tuple[Block, ...]:
    """Return what reviewers never see; no unit stands beside a reviewer who was chosen."""
    heads = ROW_HEADINGS["avoided"]
    has_units = any(row.unit for row in part.avoided)
    columns = (
        ORDER_COLUMN,
        DocumentColumn(heads["name"], "name"),
        *((DocumentColumn(heads["unit"], "text"),) if has_units else ()),
        DocumentColumn(heads["reason"], "text"),
    )
    rows = ((row.name, *((row.unit,) if has_units else ()), row.reason) for row in part.avoided)
    avoided = DocumentTable(LABELS["avoided"], columns, _numbered(rows))
    texts = (Pair(label, text) for label, text in part.texts)
    return (LabelledPairs((Pair("填报人", part.owner), *texts)), avoided)
