"""Late entry: redeeming a one-time code lets a draft be submitted until the code expires."""

from __future__ import annotations

from lab import audit
from lab.calls.deadlines import service_codes
from lab.calls.models.call import Call
from lab.extensions import db
from lab.identity.core.attempts import guess_limit
from lab.identity.models.account import Person
from lab.proposals.access import find_proposal
from lab.proposals.core import editing as core_editing
from lab.proposals.models.late_codes import LateEntry
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.writing import service as drafts
from lab.rejected import Rejected

TOO_MANY_MESSAGE = "输入次数过多，请15分钟后再试，或与实施办公室联系。"


def redeem_code(call: Call, person: Person, code_text: str, draft_key: str = "") -> Proposal:
    """Redeem the code for the draft with the key `draft_key`, or for a new one; return the draft.

    Rolls back what the request has written: call it before the first write. Guesses are limited to
    five within 15 minutes. Raises Rejected (field "code" or "proposal") with one message for wrong,
    used, expired, revoked and foreign codes; a failure writes an audit line.
    """
    # Read first: counting may not wait for a lock that reading again would take.
    resource, call_key = f"late:{person.id}", call.key
    db.session.rollback()
    if not guess_limit.count_guess(resource):
        raise Rejected(TOO_MANY_MESSAGE, "code")
    try:
        proposal = _redeem_code(call, person, code_text, draft_key)
    except Rejected:
        db.session.rollback()
        audit.record_separately(
            "call.use_code", result="failed", object_type="Call", object_key=call_key
        )
        raise
    guess_limit.clear_guesses(db.session(), resource)
    return proposal


def _redeem_code(call: Call, person: Person, code_text: str, draft_key: str) -> Proposal:
    code = service_codes.redeem(call, code_text, unit_id=person.unit_id, person_id=person.id)
    if draft_key:
        proposal = _own_draft(call, person, draft_key)
    else:
        proposal, _new = drafts.begin_draft(call, person, late=True)
    db.session.add(LateEntry(code_id=code.id, proposal_id=proposal.id))
    db.session.flush()
    audit.record("call.use_code", call, detail={"code": code.key, "proposal": proposal.key})
    return proposal


def _own_draft(call: Call, person: Person, key: str) -> Proposal:
    proposal = find_proposal(key)
    if proposal is not None:
        core_editing.lock(proposal)
    may_use_code = proposal is not None and (
        proposal.call_id == call.id
        and proposal.status == ProposalStatus.DRAFT
        and person.id in (proposal.owner_id, proposal.leader_id)
        and proposal.unit_id == person.unit_id
    )
    if proposal is None or not may_use_code:
        raise Rejected("这份草稿不能使用补报码，请重新选择。", "proposal")
    return proposal
