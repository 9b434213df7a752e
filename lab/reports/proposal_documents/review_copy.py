"""Build the review copy, from the reviewers' part of a version and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lab.proposals.core.content.content import with_late_opinion
from lab.proposals.core.content.reader import Content, read
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.rules.form.schema import LABELS, PARTNER_OPINION
from lab.reports.content.proposal_copy import (
    Block,
    DocumentPart,
    ProseBlock,
    ReviewCopy,
    ReviewOrigin,
)
from lab.reports.proposal_documents.builder import awaited_opinion, build_parts

REVIEW_TITLE = "北京邮银数字人民币创新实验室项目申报书（评审稿）"


def build_review_copy(
    proposal: Proposal, version: ProposalVersion, *, made_at: datetime, **_people: Any
) -> ReviewCopy:
    """Return what reviewers see of a version.

    Who submitted or prints it is passed (`_people`) but left out.
    """
    plain = version.content.parsed()
    content = with_late_opinion(read(plain), plain, proposal)
    awaited = awaited_opinion(proposal, content, made_at)
    return ReviewCopy(
        origin=ReviewOrigin(
            title=REVIEW_TITLE,
            number=content.number or "",
            call=content.call,
            version=version.number,
            fingerprint=version.fingerprint,
            submitted_at=version.submitted_at,
            made_at=made_at,
            has_demo=proposal.is_demo,
        ),
        parts=(*build_parts(content), DocumentPart("单位意见", _opinions(content, awaited))),
    )


def _opinions(content: Content, awaited: str) -> tuple[Block, ...]:
    """Return the opinions; `awaited` is what stands in place of the partner unit's."""
    unit_opinion = ProseBlock(LABELS["unit_opinion"], content.texts["unit_opinion"])
    if content.partner is None:
        return (unit_opinion, ProseBlock(PARTNER_OPINION, awaited)) if awaited else (unit_opinion,)
    partner_opinion = (
        f"{content.partner.opinion}\n（{content.partner.unit}，{content.partner.name}确认）"
    )
    return (unit_opinion, ProseBlock(PARTNER_OPINION, partner_opinion))
