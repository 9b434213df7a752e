"""Load a reviewer's own sheets, with the reviewer's relations to them."""

from __future__ import annotations

from sqlalchemy import select

from lab import policy
from lab.calls.core.queries import find_call
from lab.extensions import db
from lab.files.models import StoredFile
from lab.policy import Actor, Resource
from lab.proposals.core.queries import reviewer_view
from lab.proposals.models.proposal import Proposal
from lab.reviews.core.locking import is_round_open
from lab.reviews.core.queries import find_sheet
from lab.reviews.models import Pledge, ScoreSheet
from lab.reviews.recusal.queries import reasons_for
from lab.reviews.rules.lifecycle import VISIBLE, SheetStatus
from lab.reviews.sheets.queries import barred_proposals
from lab.web.request.guards import LoadedResource


def has_pledged(call_id: int, person_id: int) -> bool:
    """Return whether the person signed the pledge of this round."""
    signed = select(Pledge.id).where(Pledge.call_id == call_id, Pledge.reviewer_id == person_id)
    return db.session.scalar(signed) is not None


def _relations(sheet: ScoreSheet, actor: Actor) -> frozenset[str]:
    call = sheet.proposal.call
    if sheet.reviewer_id != actor.id or call.review_opened_at is None:
        return frozenset()
    if sheet.status == SheetStatus.RECUSED or reasons_for(sheet.proposal_id, actor.id):
        return frozenset({"recused"})
    relations = {"assigned"}
    if is_round_open(call):
        relations.add("assigned_open")
        if has_pledged(call.id, actor.id):
            relations.add("assigned_pledged")
    return frozenset(relations)


def load_own_sheet(actor: Actor, key: str) -> LoadedResource | None:
    """Load a reviewer's own sheet; other people's are not found."""
    sheet = find_sheet(key)
    if sheet is None:
        return None
    return LoadedResource(
        sheet, Resource("sheet", sheet.status, _relations(sheet, actor)), "review.view"
    )


def load_pledge(actor: Actor, key: str) -> LoadedResource | None:
    """Load a call for anybody with a sheet in it."""
    call = find_call(key)
    if call is None:
        return None
    rows = db.session.scalars(
        select(ScoreSheet.proposal_id)
        .join(Proposal, Proposal.id == ScoreSheet.proposal_id)
        .where(
            Proposal.call_id == call.id,
            ScoreSheet.reviewer_id == actor.id,
            ScoreSheet.status.in_(VISIBLE),
        )
    ).all()
    assigned = bool(rows) and len(barred_proposals(actor.id, rows)) < len(set(rows))
    relations = frozenset({"assigned_in_call"}) if assigned else frozenset[str]()
    return LoadedResource(call, Resource("call", call.status, relations), "review.pledge")


def load_own_file(actor: Actor, key: str, file_key: str, **_rest: object) -> LoadedResource | None:
    """Load an attachment of the version the reviewer's sheet is pinned to, after the pledge."""
    loaded = load_own_sheet(actor, key)
    if loaded is None:
        return None
    if not policy.allowed("review.view", actor, loaded.resource):
        return loaded  # somebody else's sheet: its files are not even looked for
    sheet: ScoreSheet = loaded.obj
    shown = reviewer_view(sheet.proposal_id, sheet.proposal_version).files
    if all(file.key != file_key for file in shown):
        return None
    if not has_pledged(sheet.proposal.call_id, actor.id):
        return None
    file = db.session.scalar(select(StoredFile).where(StoredFile.key == file_key))
    return LoadedResource(file, loaded.resource, loaded.view_action) if file else None
