"""Queries of review that several use cases need."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lab.extensions import db
from lab.proposals.models.proposal import Proposal
from lab.reviews.models import ScoreSheet


def find_sheet(key: str) -> ScoreSheet | None:
    """Return the sheet with this key with its proposal and call, None when there is none."""
    proposal = joinedload(ScoreSheet.proposal)
    sheet: Any = db.session.scalar(
        select(ScoreSheet)
        .where(ScoreSheet.key == key)
        .options(proposal.joinedload(Proposal.call), proposal.joinedload(Proposal.unit))
    )
    return sheet if isinstance(sheet, ScoreSheet) else None
